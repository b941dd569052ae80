"""The explorer and the operator's pages in a real Chromium, as somebody new meets them.

`ABOARD_WRITE_PICTURES=1` writes the pictures of docs/gateway/explorer.md anew.
"""

import json
import os
import re
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page as AsyncPage
from playwright.async_api import Route
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from aboard.core.lending.catalogue import all_operations
from aboard.core.owner import Mode
from aboard.flows.lending.caller_terms import CallerTerms
from aboard.flows.lending.callers import add_caller
from aboard.flows.lending.tokens import add_token
from tests.cli.commands import running
from tests.dashboard.office import ANA, OFFICE
from tests.dashboard.screen import CHROMIUM, open_chromium, open_window
from tests.dashboard.shop import Shop
from tests.dashboard.test_chromium import axe as axe  # noqa: PLC0414 - a fixture
from tests.dashboard.test_chromium import problems_of
from tests.house.tree import ROOT
from tests.journeys.town import ABOARD, open_town

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: run scripts/install-chromium"),
]

TOKEN = re.compile(r"aboard_(?:test|live)_[\w-]{43}")
LINKS = f"{OFFICE}/explore/account_links/create"
STORED = """() => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie, location.href,
  document.documentElement.outerHTML, history.state,
])"""


@dataclass(frozen=True)
class Demo:
    """What `aboard demo` printed."""

    service: str
    platform: str
    gateway: str
    token: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running("demo", cwd=tmp_path_factory.mktemp("demo")) as process:
        token = process.wait_for("CALLER_TOKEN=").strip().partition("=")[2]
        names = ("service", "platform", "gateway")
        places = {name: process.wait_for(f"  {name} ").split()[1] for name in names}
        yield Demo(token=token, **places)
        ended = process.stop()
    assert ended.code == 0, ended.err


@pytest.fixture
def window(demo: Demo) -> Iterator[BrowserContext]:
    """Open a window in which one of the market's staff came in by the address that is printed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(15_000)
        context.new_page().goto(f"{demo.platform}/staff")
        yield context
        context.close()
        browser.close()


def send(page: Page) -> str:
    """Press Send and return what came back, as it is shown."""
    page.locator("#answer").evaluate("each => each.replaceChildren()")
    page.get_by_role("button", name="Send").click()
    page.locator("#answer .status").wait_for()
    return str(page.locator("#answer").inner_text())


def some_account(page: Page, demo: Demo) -> str:
    """Return an account of the platform's, as the explorer lists them."""
    page.goto(f"{demo.service}{OFFICE}/explore/accounts/list?limit=1")
    answer = send(page)
    assert "200" in answer
    found: list[str] = re.findall(r'"id": "(acct_\w+)"', page.locator(".json").inner_text())
    return found[0]


def test_from_the_demo_to_a_link_by_the_explorer_alone(demo: Demo, window: BrowserContext) -> None:
    began = time.monotonic()
    page = window.pages[0]
    assert page.url == f"{demo.service}{OFFICE}"
    account_id = some_account(page, demo)
    page.goto(f"{demo.service}{OFFICE}")
    page.get_by_role("link", name="Try an operation").click()
    snippet = page.locator("#snippet")
    expect(snippet).to_contain_text(f"{demo.gateway}/v1/account_links")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#answer")).to_have_text("account is required.")
    expect(page.get_by_label("account", exact=True)).to_be_focused()
    for typed in range(1, 8):
        page.keyboard.type(account_id[typed - 1])
        expect(snippet).to_contain_text(f"-d account={account_id[:typed]}")
    page.keyboard.type(account_id[7:])
    page.get_by_label("type", exact=True).select_option("account_onboarding")
    again = f"{demo.platform}/organization/again?a=1&b=it's"
    page.get_by_label("refresh_url").fill(again)
    page.get_by_label("return_url").fill("https://market.example/back")
    expect(snippet).to_contain_text("-d type=account_onboarding")
    page.get_by_role("tab", name="Python").click()
    expect(snippet).to_contain_text(f'"refresh_url": "{again}"')
    page.keyboard.press("ArrowRight")
    expect(snippet).to_contain_text("await stripe.accountLinks.create({")
    answer = send(page)
    assert "200" in answer
    assert "bearer link: opens once" in answer
    link = page.locator("a.bearer")
    address = str(link.get_attribute("href"))
    with page.expect_popup() as opened:
        link.click()
    hosted = opened.value
    hosted.wait_for_load_state()
    assert hosted.url.startswith(address)
    assert "Save for later" in hosted.locator("body").inner_text()
    # On our page it is spent now; whoever opens it by its address is sent to ask for another.
    expect(page.locator(".spent")).not_to_have_attribute("href", re.compile(".*"))
    second = window.new_page()
    second.goto(address)
    assert second.url.startswith(f"{demo.platform}/organization/again?")
    assert time.monotonic() - began < 120


def test_from_the_demo_to_a_call_by_curl_alone(demo: Demo, tmp_path: Path) -> None:
    began = time.monotonic()

    def curl(*words: str) -> Any:  # noqa: ANN401 - JSON
        done = subprocess.run(  # noqa: S603 - our own words
            ["curl", "-sS", "--noproxy", "*", "-u", f"{demo.token}:", *words],  # noqa: S607 - by its name
            check=True,
            capture_output=True,
            text=True,
            timeout=30,
            cwd=tmp_path,
        )
        return json.loads(done.stdout)

    account_id = curl(f"{demo.gateway}/v1/accounts")["data"][0]["id"]
    link = curl(
        f"{demo.gateway}/v1/account_links",
        *("-d", f"account={account_id}", "-d", "type=account_onboarding"),
        *("-d", "refresh_url=https://a.example/r", "-d", "return_url=https://a.example/b"),
    )
    assert link["object"] == "account_link"
    refused = curl("-X", "POST", f"{demo.gateway}/v1/accounts")
    assert refused["error"]["code"] == "operation_not_allowed"
    assert time.monotonic() - began < 120


def test_the_token_is_in_no_place_that_lasts(demo: Demo, window: BrowserContext) -> None:
    page = window.pages[0]
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.headers.get("authorization", "")))
    account_id = some_account(page, demo)
    page.goto(f"{demo.service}{LINKS}?account={account_id}&type=account_onboarding")
    send(page)
    tokens = {match.group() for each in sent if (match := TOKEN.search(each))}
    assert tokens
    kept = page.evaluate(STORED) + json.dumps(window.storage_state())
    assert not TOKEN.search(kept)
    page.goto(f"{demo.service}{OFFICE}/calls")
    row = page.locator("tbody tr").first.inner_text()
    assert "account_links.create" in row
    assert "explorer harbour staff" in row
    assert row.count("explorer") == 2
    assert page.locator("tbody tr", has_text="account_links.create").count() >= 1


def test_what_is_not_allowed_can_be_allowed_for_a_while(demo: Demo, window: BrowserContext) -> None:
    page = window.pages[0]
    page.goto(
        f"{demo.service}{OFFICE}/explore/accounts/create?type=custom&country=US"
        "&capabilities.transfers.requested=true"
    )
    expect(page.locator("#snippet")).to_contain_text("capabilities[transfers][requested]=true")
    assert "operation_not_allowed" in send(page)
    page.get_by_role("button", name="Allow accounts:create for 15 minutes").click()
    answer = send(page)
    assert "200" in answer
    assert "acct_" in answer
    page.get_by_text("Allowed", exact=True).click()
    expect(page.locator("#allowed")).to_contain_text("accounts:create")
    page.goto(f"{demo.service}{OFFICE}/explore/payouts/create?amount=5&currency=usd")
    assert "operation_not_allowed" in send(page)


def test_by_keyboard_alone(demo: Demo, window: BrowserContext) -> None:
    page = window.pages[0]
    page.goto(f"{demo.service}{OFFICE}/explore")
    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    page.keyboard.type("accounts get")
    shown = page.locator("[data-search]:visible")
    assert shown.count() < 20
    page.keyboard.press("ArrowDown")
    expect(shown.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(shown.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Search")).to_be_focused()
    page.get_by_label("Search").fill("balance retrieve")
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore/balance/retrieve")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer .status")).to_have_text("200 OK")
    page.keyboard.press("/")
    page.keyboard.type("zzz")
    assert page.locator("[data-search]:visible").count() == 0
    page.keyboard.press("Escape")
    assert page.locator("[data-search]:visible").count() == len(all_operations())


def test_signed_out_it_says_so(demo: Demo, window: BrowserContext) -> None:
    page = window.pages[0]
    page.goto(f"{demo.service}{OFFICE}/explore/balance/retrieve")
    window.clear_cookies()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#answer")).to_contain_text("You are signed out")


def test_files_rows_keys_and_either(demo: Demo, window: BrowserContext) -> None:
    page = window.pages[0]
    snippet = page.locator("#snippet")
    page.goto(f"{demo.service}{OFFICE}/explore/files/create")
    page.get_by_label("purpose", exact=True).select_option("identity_document")
    page.locator("[id='body.file']").set_input_files(
        {"name": "front side.png", "mimeType": "image/png", "buffer": page.screenshot()}
    )
    expect(snippet).to_contain_text("""-F 'file=@"front side.png"'""")
    assert "operation_not_allowed" in send(page)
    page.get_by_role("button", name="Allow files:create for 15 minutes").click()
    assert "200" in send(page)
    page.goto(f"{demo.service}{OFFICE}/explore/accounts/update?account=acct_1")
    metadata = page.locator("[id='body.metadata']")
    metadata.get_by_role("button", name="Add").click()
    page.keyboard.type("__proto__")
    page.keyboard.press("Tab")
    page.keyboard.type("it's")
    expect(snippet).to_contain_text("metadata[__proto__]=it")
    metadata.get_by_role("button", name="Remove").click()
    expect(snippet).not_to_contain_text("metadata")
    page.locator("[id='body.metadata--clear']").check()
    expect(snippet).to_contain_text("-d metadata= ")


def test_copying(demo: Demo, window: BrowserContext) -> None:
    page = window.pages[0]
    page.goto(f"{demo.service}{LINKS}?account=acct_1Ada")
    page.get_by_label("return_url").fill("https://secret.example/?code=1")
    page.get_by_role("button", name="Copy link to this form").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{demo.service}{LINKS}?mode=test&account=acct_1Ada"
    page.locator(".panel", has=page.locator("#snippet")).get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#snippet").inner_text()
    assert TOKEN.search(page.evaluate("navigator.clipboard.readText()")) is None


@pytest.fixture
async def office_window(shop: Shop) -> AsyncIterator[AsyncPage]:
    async with (
        open_chromium() as browser,
        open_window(browser, shop, session=shop.town.operator()) as window,
    ):
        yield await window.new_page()


async def test_every_operation_opens_with_everything_in_it(office_window: AsyncPage) -> None:
    complaints: list[str] = []
    office_window.on("console", lambda message: complaints.append(message.text))
    office_window.on("pageerror", lambda error: complaints.append(str(error)))
    for operation in all_operations():
        path = f"{OFFICE}/explore/{operation.namespace}/{operation.name}"
        await office_window.goto(f"{ABOARD}{path}")
        assert await office_window.locator(".field").count() >= len(operation.parameters), path
        for folded in await office_window.locator("main details").all():
            await folded.evaluate("each => { each.open = true }")
        for language in ("TypeScript", "Python", "curl"):
            await office_window.get_by_role("tab", name=language).click()
            assert "CALLER_TOKEN" in await office_window.locator("#snippet").inner_text()
    assert complaints == []


async def test_a_live_write_is_asked_about_twice(tmp_path: Path) -> None:
    place = "https://connect.harbour.example"
    sent: list[str] = []

    async def answer(route: Route) -> None:
        sent.append(route.request.url)
        await route.fulfill(json={"object": "account"})

    settings = {"ABOARD_PUBLIC_URL": place, "ABOARD_LIVE_MODE": "true"}
    async with open_town(tmp_path, live_key="sk_live_aboard_words", **settings) as town:
        shop = Shop(town)
        options: dict[str, Any] = {"session": town.operator(), "place": place}
        async with open_chromium() as browser, open_window(browser, shop, **options) as window:
            page = await window.new_page()
            await page.route(f"{place}{OFFICE}/send/**", answer)
            await page.goto(f"{place}{OFFICE}/explore/balance/retrieve?mode=live")
            await page.get_by_role("button", name="Send").click()
            await page.locator("#answer .status").wait_for()
            assert len(sent) == 1  # reading is not asked about
            await page.goto(f"{place}{OFFICE}/explore/accounts/create?mode=live&type=express")
            dialog = page.locator("#live")
            for word, count in (("", 1), ("live", 1), ("LIVE", 2)):
                await page.get_by_role("button", name="Send").first.click()
                assert await dialog.is_visible()
                assert len(sent) == 1
                await dialog.get_by_role("button", name="I mean it").click()
                await page.get_by_label("Type LIVE to send").fill(word)
                await page.keyboard.press("Enter")
                if count == 1:
                    assert await dialog.is_visible()
                    await dialog.locator("[data-step]:not([hidden]) [data-cancel]").click()
                else:
                    await page.locator("#answer .status").wait_for()
                assert not await dialog.is_visible()
                assert len(sent) == count
            await page.get_by_role("button", name="Send").first.click()
            await page.keyboard.press("Escape")
            assert len(sent) == 2


PAGES = (
    "",
    "/callers",
    "/callers/new",
    "/callers/{caller}",
    "/callers/{caller}/change",
    "/calls",
    "/credentials",
    "/explore",
    "/explore/account_links/create",
    "/explore/accounts/update",
    "/nowhere",
    "/left",
)


async def test_everybody_can_read_every_page(shop: Shop, axe: str) -> None:
    platform = shop.town.platform
    caller = await add_caller(platform, ANA, "storefront", CallerTerms(owners=["creator:ada"]))
    await add_token(platform, ANA, caller.id, Mode.TEST)
    found: list[Any] = []
    async with open_chromium() as browser:
        for is_dark, width, language in ((False, 390, "de"), (True, 1280, "en")):
            options: dict[str, Any] = {"width": width, "is_dark": is_dark, "language": language}
            options["session"] = shop.town.operator()
            async with open_window(browser, shop, **options) as window:
                page = await window.new_page()
                for path in PAGES:
                    place = f"{OFFICE}{path}".replace("{caller}", caller.id)
                    found += await problems_of(page, place, axe)
    assert found == []


PICTURES = {"explorer": f"{LINKS}?type=account_onboarding", "calls": f"{OFFICE}/calls"}


def test_pictures_for_the_docs(demo: Demo, window: BrowserContext, tmp_path: Path) -> None:
    is_wanted = os.environ.get("ABOARD_WRITE_PICTURES") == "1"
    folder = ROOT / "docs" / "gateway" if is_wanted else tmp_path
    page = window.pages[0]
    page.set_viewport_size({"width": 1280, "height": 1080})
    account_id = some_account(page, demo)
    for name, path in PICTURES.items():
        page.goto(f"{demo.service}{path}")
        if name == "explorer":
            page.get_by_label("account", exact=True).fill(account_id)
            page.get_by_label("refresh_url").fill("https://market.example/again")
            page.get_by_label("return_url").fill("https://market.example/back")
            send(page)
            page.evaluate("scrollTo(0, 0)")
        else:
            page.set_viewport_size({"width": 1280, "height": 520})
        picture = page.screenshot(path=folder / f"{name}.png")
        assert 5_000 < len(picture) < 250_000
