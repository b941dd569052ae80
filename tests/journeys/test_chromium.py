"""The demo clicked by a person: a real Chromium, with JavaScript and without.

Sandbox and platform are two sites here, as at Stripe, so a cookie that would not survive Stripe's
way back does not survive it in this test either.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.cli.commands import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Nothing but this machine can be looked up.
_CLOSED = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
_PAGES_LIMIT = 20

# What Mara types, by the words beside the field.
ANSWERS = {
    "Email": "mara@example.com",
    "Mobile phone": "000 000 0000",
    "Code from the text message": "000-000",
    "Legal name of the company": "Harbour Ceramics",
    "Company phone": "000 000 0000",
    "Employer Identification Number (EIN)": "000000000",
    "First name": "Mara",
    "Last name": "Okafor",
    "Legal first name": "Mara",
    "Legal last name": "Okafor",
    "Job title": "Owner",
    "Phone": "000 000 0000",
    "Day": "1",
    "Month": "1",
    "Year": "1901",
    "Street address": "address_full_match",
    "City": "San Francisco",
    "State": "CA",
    "ZIP code": "94111",
    "Last 4 digits of Social Security number": "0000",
    "Website": "https://accessible.stripe.com",
    "Statement descriptor": "HARBOUR CERAMICS",
    "Routing number": "110000000",
    "Account number": "000123456789",
}


@dataclass(frozen=True, slots=True)
class Demo:
    """Where everything is."""

    sandbox: str
    service: str
    platform: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running("demo", cwd=tmp_path_factory.mktemp("demo")) as process:
        process.wait_for("Now click it yourself")
        yield Demo(*(_address(process, name) for name in ("sandbox", "service", "platform")))
        ended = process.stop()
    assert ended.code == 0, ended.err


def _address(process: Running, name: str) -> str:
    return process.wait_for(f"  {name} ").split()[1]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium here: run scripts/install-chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[_CLOSED])
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    opened = chromium.new_context(java_script_enabled=request.param)
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


def fill_in(page: Page, answers: dict[str, str]) -> None:
    """Answer what stands on this page, as far as it is not answered yet."""
    for label, value in answers.items():
        field = page.get_by_label(label, exact=True)
        if field.count() == 1 and field.is_editable() and not field.input_value():
            field.fill(value)
    if page.get_by_label("Industry").count():
        page.get_by_label("Industry").select_option(index=1)
    for box in page.get_by_role("checkbox").all():
        box.check()


def walk(page: Page, sandbox: str, kind: str) -> int:
    """Go through the hosted pages until they let go; return how many there were."""
    for number in range(_PAGES_LIMIT):
        if not page.url.startswith(sandbox):
            return number
        assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").inner_text()
        fill_in(page, ANSWERS)
        if page.get_by_role("radio", name=kind).count():
            page.get_by_role("radio", name=kind).check()
        finish = page.get_by_role("button", name="Agree and finish")
        (finish if finish.count() else page.get_by_role("button", name="Continue")).click()
    raise AssertionError(f"no end after {_PAGES_LIMIT} pages: {page.title()}")


def words_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_an_organization_and_a_creator_as_a_person_clicks_them(
    demo: Demo, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(demo.platform)
    expect(page.locator("#organization-readiness")).to_have_text("not_started")

    page.get_by_role("button", name="Onboard the organization").click()
    assert page.url.startswith(demo.sandbox)
    assert walk(page, demo.sandbox, "A company") > 5
    assert page.url.startswith(f"{demo.platform}/organization/back")
    assert words_of(page)["outcome"] == ["complete"]
    expect(page.get_by_role("heading", level=1)).to_have_text("All done")

    page.get_by_role("link", name="Back to your shop").click()
    expect(page.locator("#organization-readiness")).to_have_text(re.compile("complete|enabled"))
    expect(page.locator("body")).to_contain_text("Nobody has to do anything.")

    page.get_by_role("button", name="Become a creator").click()
    page.get_by_role("button", name="Onboard as a creator").click()
    assert page.url.startswith(demo.sandbox)
    walk(page, demo.sandbox, "An individual or sole proprietor")
    assert page.url.startswith(f"{demo.platform}/creator/back")

    page.get_by_role("link", name="Back to your shop").click()
    expect(page.locator("#creator-status")).to_have_text("ACTIVE")
    page.get_by_role("button", name="Open the Stripe dashboard").click()
    assert page.url.startswith(f"{demo.sandbox}/express/")
    page.get_by_role("button", name="Use the test code").click()
    expect(page.locator("body")).to_contain_text("Payouts")


def test_leaving_and_a_used_link(demo: Demo, context: BrowserContext) -> None:
    page = context.new_page()
    opened: list[str] = []
    page.on("framenavigated", lambda frame: opened.append(frame.url))
    page.goto(demo.platform)
    page.get_by_role("button", name="Onboard the organization").click()
    used = page.url
    page.get_by_role("button", name="Save for later").click()
    assert words_of(page)["outcome"] == ["incomplete"]
    expect(page.get_by_role("heading", level=1)).to_have_text("Not finished yet")

    # The used link again, followed from a page of another site: only a Lax session comes along.
    stranger = context.new_page()
    stranger.goto(f"{demo.sandbox}/_sandbox")
    stranger.set_content(f'<a href="{used}">my link</a>')
    stranger.get_by_role("link", name="my link").click()
    stranger.wait_for_url(re.compile(re.escape(f"{demo.sandbox}/setup/")))
    assert stranger.url != used
    expect(stranger.get_by_role("button", name="Save for later")).to_be_visible()

    # Without the session the same link gives nothing.
    context.clear_cookies()
    stranger.goto(used)
    assert stranger.url.startswith(f"{demo.platform}/organization/again")
    assert words_of(stranger)["outcome"] == ["refresh_needed"]


def test_the_session_cookie_is_shut_to_scripts_and_to_other_sites(
    demo: Demo, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(demo.platform)
    session = next(each for each in context.cookies() if each["name"] == "aboard_session")
    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
    assert session["domain"] == "localhost"


def test_a_forged_state_is_a_page_that_offers_nothing(demo: Demo, context: BrowserContext) -> None:
    page = context.new_page()
    answer = page.goto(f"{demo.service}/v1/connect/accounts/return?state=forged")
    assert answer is not None
    assert answer.status == 400
    assert page.url.startswith(demo.service)
    assert page.title()
