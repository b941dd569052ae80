"""The owner's pages in a real Chromium: read by axe-core, watched by htmx, walked without scripts.

`ABOARD_WRITE_PICTURES=1` writes the pictures of docs/owner-pages.md anew.
"""

import json
import os
import shutil
import subprocess
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from playwright.sync_api import sync_playwright

from tests.cli.commands import running
from tests.dashboard.screen import CHROMIUM, open_chromium, open_window
from tests.dashboard.shop import PLACE, SCENARIOS, Shop
from tests.house.tree import ROOT
from tests.journeys.test_chromium import walk
from tests.journeys.town import ABOARD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: run scripts/install-chromium"),
]

_AXE = Path(__file__).parent / "axe"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
_RUN = """async rules => {
  document.querySelectorAll("details").forEach(each => { each.open = true })
  const found = await axe.run(document, {runOnly: {type: "tag", values: rules}})
  return found.violations.map(each => [each.id, each.nodes.map(node => node.html.slice(0, 160))])
}"""
_WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    if shutil.which("npm") is None:
        pytest.skip("Node and npm are not on this machine")
    folder = shutil.copytree(_AXE, tmp_path_factory.mktemp("axe") / "axe")
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"],  # noqa: S607 - npm by its name
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


async def problems_of(page: Page, path: str, axe: str) -> list[Any]:
    await page.goto(f"{ABOARD}{path}")
    await page.evaluate(axe)
    found: list[Any] = await page.evaluate(_RUN, _RULES)
    sideways = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [(path, each) for each in found] + [(path, "scrolls sideways")] * (sideways > 0)


def paths_in(scenario: str) -> list[str]:
    paths = [
        PLACE,
        f"{PLACE}/checklist",
        f"{PLACE}/back",
        f"{PLACE}/country",
        f"{PLACE}/start-over",
    ]
    others = ["/connect/sign-in", "/connect/left", "/connect/nowhere", "/connect/enter?ticket=old"]
    foreign = ["/connect/organizations/org_9/test", "/v1/connect/accounts/return?state=forged"]
    return [*paths, *others, *foreign] if scenario == "fresh" else paths


@pytest.mark.parametrize("scenario", ["nothing", *SCENARIOS])
async def test_everybody_can_read_every_page(shop: Shop, axe: str, scenario: str) -> None:
    if scenario != "nothing":
        await shop.bring_into(scenario)
    found: list[Any] = []
    async with open_chromium() as browser:
        for is_dark in (False, True):
            for width, language in zip(_WIDTHS, ("de", "en"), strict=True):
                options: dict[str, Any] = {"width": width, "is_dark": is_dark, "language": language}
                async with open_window(browser, shop, **options) as window:
                    page = await window.new_page()
                    for path in paths_in(scenario):
                        found += await problems_of(page, path, axe)
    assert found == []


async def test_axe_itself_finds_what_is_wrong(shop: Shop, axe: str) -> None:
    async with open_chromium() as browser, open_window(browser, shop) as window:
        page = await window.new_page()
        await page.goto(f"{ABOARD}{PLACE}")
        await page.evaluate("document.querySelector('main').innerHTML = '<img src=x><input>'")
        await page.evaluate(axe)
        found = await page.evaluate(_RUN, _RULES)
    assert {name for name, _ in found} >= {"image-alt", "label"}


async def test_the_page_to_come_back_to_sees_the_news_by_itself(shop: Shop) -> None:
    account_id = await shop.bring_into("in_review")
    complaints: list[str] = []
    async with open_chromium() as browser, open_window(browser, shop) as window:
        page = await window.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        await page.goto(f"{ABOARD}{PLACE}/back")
        await page.get_by_role("link", name="Look again").focus()
        async with page.expect_response(lambda answer: answer.status == 204):
            pass
        focused = "document.activeElement.textContent"
        assert await page.evaluate(focused) == "Look again"
        await shop.town.force(account_id, "verify")
        await shop.town.settle()
        await expect(page.locator("dd.yes")).to_have_count(3, timeout=15_000)
        assert await page.locator("[hx-get]").count() == 0
    assert complaints == []


async def test_by_keyboard_alone(shop: Shop) -> None:
    await shop.bring_into("half_done")
    async with open_chromium() as browser, open_window(browser, shop) as window:
        page = await window.new_page()
        await page.goto(f"{ABOARD}{PLACE}")
        await page.keyboard.press("Tab")
        await expect(page.get_by_text("Skip to the page")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        button = page.get_by_role("button", name="Continue with Stripe")
        await expect(button).to_be_focused()
        outline = await button.evaluate("each => getComputedStyle(each).outlineStyle")
        assert outline == "solid"
        await page.goto(f"{ABOARD}{PLACE}/checklist")
        summary = page.locator("summary").first
        await summary.focus()
        await page.keyboard.press("Enter")
        assert await page.locator("details").first.get_attribute("open") is not None


_PICTURES = {
    "overview": ("half_done", PLACE, 900, False),
    "checklist": ("past_due", f"{PLACE}/checklist", 390, False),
    "back": ("in_review", f"{PLACE}/back", 390, True),
}


@pytest.mark.parametrize("name", _PICTURES)
async def test_pictures_for_the_docs(shop: Shop, tmp_path: Path, name: str) -> None:
    scenario, path, width, is_dark = _PICTURES[name]
    await shop.bring_into(scenario)
    is_wanted = os.environ.get("ABOARD_WRITE_PICTURES") == "1"
    folder = ROOT / "docs" / "owner-pages" if is_wanted else tmp_path
    folder.mkdir(exist_ok=True)
    async with (
        open_chromium() as browser,
        open_window(browser, shop, width=width, is_dark=is_dark) as window,
    ):
        page = await window.new_page()
        await page.goto(f"{ABOARD}{path}")
        picture = await page.screenshot(path=folder / f"{name}.png", full_page=True)
    assert 5_000 < len(picture) < 150_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with running("demo", cwd=tmp_path_factory.mktemp("demo")) as process:
        process.wait_for("Now click it yourself")
        names = ("sandbox", "service", "platform")
        yield {name: process.wait_for(f"  {name} ").split()[1] for name in names}
        ended = process.stop()
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("has_scripts", [False, True], ids=["without JavaScript", "with it"])
def test_the_whole_way(demo: dict[str, str], *, has_scripts: bool) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        context = browser.new_context(java_script_enabled=has_scripts)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(demo["platform"])
        token = next(each for each in context.cookies() if each["name"] == "aboard_session")
        payload = token["value"].split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        (organization_id,) = claims["organizations"]
        place = f"{demo['service']}/connect/organizations/{organization_id}/test"
        page.goto(place)
        page.get_by_role("button", name="Set up with Stripe").click()
        assert page.url.startswith(demo["sandbox"])
        page.get_by_role("button", name="Save for later").click()
        assert page.url.startswith(f"{place}/back?outcome=incomplete")
        page.get_by_role("button", name="Continue with Stripe").click()
        walk(page, demo["sandbox"], "A company")
        assert page.url.startswith(f"{place}/back?outcome=complete")
        assert "Taking payments" in page.locator("dl").inner_text()
        assert page.locator("dd.yes").count() == 3
        page.get_by_role("button", name="Open your Stripe dashboard").click()
        assert page.url.startswith(f"{demo['sandbox']}/express/")
        page.goto(f"{place}?language=fr")
        page.get_by_role("link", name="Deutsch").click()
        assert page.locator("html").get_attribute("lang") == "de"
        context.close()
        browser.close()
