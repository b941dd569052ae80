"""A real Chromium over the town in this process: what it asks for is answered by the service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from shutil import which
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Route, async_playwright

from aboard.core.secret import Secret
from aboard.sandbox.browser.transport import fetch_from_app
from tests.dashboard.shop import Shop
from tests.journeys.town import ABOARD

CHROMIUM: Final = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := which(name))),
    None,
)
# Nothing can be looked up: the town is answered before anybody would be asked.
_CLOSED: Final = "--host-resolver-rules=MAP * ~NOTFOUND"
_ARGUMENTS: Final = [_CLOSED, "--font-render-hinting=none", "--hide-scrollbars"]


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Browser]:
    """Start the browser, and end it with the block."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def open_window(
    browser: Browser,
    shop: Shop,
    *,
    width: int = 1280,
    is_dark: bool = False,
    language: str = "en",
    session: Secret | None = None,
    place: str = ABOARD,
) -> AsyncIterator[BrowserContext]:
    """Open a window in which an owner of the shop is signed in, or whoever a session is of."""
    context = await browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if is_dark else "light",
        locale=language,
        reduced_motion="reduce",
    )
    token = (session or shop.town.token()).reveal()
    await context.add_cookies([{"name": "aboard_session", "value": token, "url": place}])

    async def answer(route: Route) -> None:
        request = route.request
        headers = list((await request.all_headers()).items())
        body = request.post_data_buffer or b""
        reply = await fetch_from_app(
            shop.town.app, request.method, urlsplit(request.url), headers, body
        )
        await route.fulfill(status=reply.status, headers=dict(reply.headers), body=reply.body)

    await context.route(f"{place}/**", answer)
    yield context
    await context.close()
