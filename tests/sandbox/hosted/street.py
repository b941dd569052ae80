"""A street with two sites, the sandbox's pages and a platform's shop, and a real Chromium on it.

Hosted pages live on `localhost`, the platform on `127.0.0.1`: two sites, as in real life.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
import stripe
import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from aboard.sandbox import Sandbox

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
IN_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium: apt-get install chromium"),
]


@asynccontextmanager
async def serve(app: App) -> AsyncIterator[int]:
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

    async def link(self, kind: str = "express", country: str = "US") -> str:
        params: Any = {
            "type": kind,
            "country": country,
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

    async def open(self, page: Page, kind: str = "express", country: str = "US") -> None:
        self.shop.link = await self.link(kind, country)
        await page.goto(f"{self.shop.url}/start")
        async with page.expect_navigation():
            await page.click("text=Set up payouts")


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Start Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(
    sdk: stripe.StripeClient, sandbox: Sandbox, chromium: Browser
) -> AsyncIterator[Street]:
    """Open the street; at its end nothing may have been complained of."""
    shop = Shop()
    async with serve(sandbox.app) as hosted_port, serve(shop) as shop_port:
        hosted = f"http://localhost:{hosted_port}"
        sandbox.policy.hosted_base = hosted
        shop.url = f"http://127.0.0.1:{shop_port}"
        complaints: list[str] = []
        yield Street(sdk, sandbox, shop, hosted, chromium, complaints)
        for context in chromium.contexts:
            await context.close()
        assert complaints == []


async def turn(page: Page, way: str, address: str) -> None:
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


async def go(page: Page, button: str = "Continue") -> None:
    # Waiting for the next page to stand: what is asked of the old one meanwhile would be lost.
    async with page.expect_navigation():
        await page.get_by_role("button", name=button, exact=True).click()


async def sign_in(page: Page) -> None:
    """Pass the two pages of an Express account's sign-in."""
    await page.get_by_label("Email").fill("ada@example.com")
    await page.get_by_label("Mobile phone").fill("0000000000")
    await go(page)
    await go(page, "Use the test code")
