"""Do the pages work in a real browser, with JavaScript and without?

Hosted pages live on `localhost`, the platform on `127.0.0.1`: two sites, as in real life.
"""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
import stripe
import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from aboard.sandbox import Sandbox
from tests.sandbox.hosted.conftest import COMPANY, INDIVIDUAL

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
App = Callable[[Any, Any, Any], Awaitable[None]]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium: apt-get install chromium"),
]


@asynccontextmanager
async def _serve(app: App) -> AsyncIterator[int]:
    config = uvicorn.Config(
        app, port=0, log_level="error", lifespan="off", interface="asgi3", ws="none"
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it in no other way
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


@dataclass
class Shop:
    """The platform's own site: a session, a page with the link, and the two ways back."""

    url: str = ""
    link: str = ""

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        headers = [(b"content-type", b"text/html"), (b"cache-control", b"no-store")]
        cookies = dict(scope["headers"]).get(b"cookie", b"").decode()
        who = "known" if "session=1" in cookies else "a stranger"
        html = f"<title>{scope['path'].strip('/')}</title><p>You are {who}.</p>"
        if scope["path"] == "/start":
            headers.append((b"set-cookie", b"session=1; Path=/; HttpOnly; SameSite=Lax"))
            html += f"<a href='{self.link}'>Set up payouts</a>"
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": html.encode()})


@dataclass
class Street:
    """The sandbox and the shop, each on its own site, and a Chromium that can walk between."""

    sdk: stripe.StripeClient
    sandbox: Sandbox
    shop: Shop
    hosted: str
    chromium: Browser
    complaints: list[str]

    async def link(self, kind: str = "express") -> str:
        params: Any = {
            "type": kind,
            "country": "US",
            "capabilities": {
                "card_payments": {"requested": True},
                "transfers": {"requested": True},
            },
        }
        account = await self.sdk.v1.accounts.create_async(params)
        link = await self.sdk.v1.account_links.create_async(
            {
                "account": account.id,
                "type": "account_onboarding",
                "return_url": f"{self.shop.url}/back",
                "refresh_url": f"{self.shop.url}/again",
            }
        )
        return link.url

    async def visitor(self, **context: Any) -> Page:  # noqa: ANN401 - Playwright's options
        page = await (await self.chromium.new_context(**context)).new_page()
        page.set_default_timeout(10_000)

        def complain(message: ConsoleMessage) -> None:
            # The browser itself notes a page that came with a status such as 422 or 404.
            if message.type == "error" and "Failed to load resource" not in message.text:
                self.complaints.append(message.text)

        page.on("console", complain)
        return page

    async def open(self, page: Page, kind: str = "express") -> None:
        self.shop.link = await self.link(kind)
        await page.goto(f"{self.shop.url}/start")
        async with page.expect_navigation():
            await page.click("text=Set up payouts")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def street(
    sdk: stripe.StripeClient, sandbox: Sandbox, chromium: Browser
) -> AsyncIterator[Street]:
    shop = Shop()
    async with _serve(sandbox.app) as hosted_port, _serve(shop) as shop_port:
        hosted = f"http://localhost:{hosted_port}"
        sandbox.policy.hosted_base = hosted
        shop.url = f"http://127.0.0.1:{shop_port}"
        complaints: list[str] = []
        yield Street(sdk, sandbox, shop, hosted, chromium, complaints)
        for context in chromium.contexts:
            await context.close()
        assert complaints == []


def _field(page: Page, path: str) -> Locator:
    return page.locator(f'[name="{path}"]')


async def _turn(page: Page, way: str, address: str) -> None:
    """Press back or forward, and see where that ends."""
    # The driver may ask a page that the browser has just put away, and is told so: ask again.
    for _ in range(5):
        with suppress(PlaywrightError):
            await (page.go_back() if way == "back" else page.go_forward())
            break
        with suppress(PlaywrightTimeout):
            await page.wait_for_url(address, timeout=1_000)
            break
    await page.wait_for_url(address)


async def _go(page: Page, button: str = "Continue") -> None:
    # Waiting for the next page to stand: what is asked of the old one meanwhile would be lost.
    async with page.expect_navigation():
        await page.get_by_role("button", name=button, exact=True).click()


async def _sign_in(page: Page) -> None:
    await page.get_by_label("Email").fill("ada@example.com")
    await page.get_by_label("Mobile phone").fill("0000000000")
    await _go(page)
    await _go(page, "Use the test code")


async def _fill(page: Page, answers: dict[str, str]) -> None:
    for path, text in answers.items():
        await _field(page, path).fill(text)
    await _go(page)


async def _sell_books(page: Page) -> None:
    await page.get_by_label("Industry").select_option("Software")
    await page.get_by_label("Website").fill("https://accessible.stripe.com")
    await page.get_by_label("Statement descriptor").fill("ROSEN BOOKS")
    await _go(page)
    await _go(page, "Use the test bank account")
    await page.get_by_role("checkbox").check()
    await _go(page, "Agree and finish")


@pytest.mark.parametrize("javascript", [True, False])
async def test_individual(street: Street, *, javascript: bool) -> None:
    page = await street.visitor(java_script_enabled=javascript)
    await street.open(page)
    await _sign_in(page)
    await page.get_by_label("An individual or sole proprietor").check()
    await _go(page)
    await _fill(page, INDIVIDUAL)
    await _sell_books(page)
    await expect(page).to_have_title("back")
    assert page.url == f"{street.shop.url}/back"
    await expect(page.get_by_text("You are known.")).to_be_visible()
    await _turn(page, "back", f"{street.shop.url}/again")


@pytest.mark.parametrize("javascript", [True, False])
async def test_company(street: Street, *, javascript: bool) -> None:
    page = await street.visitor(java_script_enabled=javascript)
    await street.open(page)
    await _sign_in(page)
    await page.get_by_label("A company").check()
    await _go(page)
    await _fill(page, COMPANY)
    name = await page.get_by_label("First name").get_attribute("name") or ""
    person = {
        path.replace("individual", name.split(".", maxsplit=1)[0]): INDIVIDUAL[path]
        for path in INDIVIDUAL
    }
    await page.get_by_label("Job title").fill("CEO")
    await _fill(page, person)
    await page.get_by_role("checkbox").check()
    await _go(page)
    await _sell_books(page)
    await expect(page).to_have_title("back")


async def test_reload_of_the_link_goes_to_refresh(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await page.reload()
    assert page.url == f"{street.shop.url}/again"


async def test_reload_later_in_the_form_stays(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await _sign_in(page)
    await page.reload()
    await expect(page.get_by_label("A company")).to_be_visible()


async def test_back_and_forward_to_the_link_goes_to_refresh(street: Street) -> None:
    page = await street.visitor()
    await street.open(page)
    await _turn(page, "back", f"{street.shop.url}/start")
    await _turn(page, "forward", f"{street.shop.url}/again")


async def test_back_to_the_link_from_the_second_page_goes_to_refresh(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page, "custom")
    await page.get_by_label("A company").check()
    await _go(page)
    await _turn(page, "back", f"{street.shop.url}/again")


async def test_second_tab_goes_to_refresh(street: Street) -> None:
    page = await street.visitor()
    await street.open(page)
    second = await page.context.new_page()
    await second.goto(street.shop.link)
    assert second.url == f"{street.shop.url}/again"


async def test_expired_link_goes_to_refresh(street: Street) -> None:
    page = await street.visitor()
    street.shop.link = await street.link()
    street.sandbox.clock.advance(301)
    await page.goto(street.shop.link)
    assert page.url == f"{street.shop.url}/again"


async def test_unknown_link_says_so(street: Street) -> None:
    page = await street.visitor()
    await page.goto(f"{street.hosted}/setup/e/acct_none/none")
    await expect(page.get_by_role("heading", name="does not open anything")).to_be_visible()


async def test_errors_take_the_focus_and_lead_to_the_field(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await page.get_by_label("Email").fill("nope")
    await _go(page)
    await expect(page.get_by_role("alert")).to_be_focused()
    await page.get_by_role("link", name=re.compile("^Email")).click()
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Mobile phone")).to_be_focused()


async def test_keyboard_alone_is_enough(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("ada@example.com")
    await page.keyboard.press("Tab")
    await page.keyboard.type("0000000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()


async def test_skip_bar_finishes(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await _go(page, "Finish with test data")
    await expect(page).to_have_title("back")


async def test_save_for_later_returns(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await _go(page, "Save for later")
    await expect(page).to_have_title("back")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_is_cut_off_on_a_small_screen(street: Street, scheme: Any) -> None:  # noqa: ANN401 - Playwright's literal
    page = await street.visitor(color_scheme=scheme, viewport={"width": 320, "height": 640})
    await street.open(page, "custom")
    await page.get_by_label("A company").check()
    await _go(page)
    await _go(page)
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide == 320
    colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == {"light": "rgb(246, 244, 239)", "dark": "rgb(20, 25, 23)"}[scheme]


async def test_login_link_opens_the_dashboard(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    account = urlsplit(street.shop.link).path.split("/")[3]
    await _go(page, "Finish with test data")
    await page.goto((await street.sdk.v1.accounts.login_links.create_async(account)).url)
    await page.get_by_label("Code from the text message").fill("000-000")
    await _go(page)
    await expect(page.get_by_text("0.00 USD").first).to_be_visible()
    await page.get_by_role("link", name="Edit details").click()
    await expect(page.get_by_role("heading", name="Your details")).to_be_visible()
