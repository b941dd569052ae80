"""Does the page that connects accounts work in a real browser, with JavaScript and without?"""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.sandbox.conftest import KEY
from tests.sandbox.consent import Platform
from tests.sandbox.hosted.street import IN_CHROMIUM, Street, go

pytestmark = IN_CHROMIUM


async def _come(street: Street, page: Page, **params: Any) -> None:  # noqa: ANN401 - any parameter of OAuth's
    platform = Platform(street.sandbox)
    url = urlsplit(platform.url(redirect_uri=f"{street.shop.url}/connected", **params))
    street.shop.link = f"{street.hosted}{url.path}?{url.query}"
    await page.goto(f"{street.shop.url}/start")
    async with page.expect_navigation():
        await page.click("text=Set up payouts")


def _answer(page: Page) -> dict[str, str]:
    return {name: texts[0] for name, texts in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.parametrize("javascript", [True, False])
async def test_a_new_account_connects(street: Street, *, javascript: bool) -> None:
    page = await street.visitor(java_script_enabled=javascript)
    await _come(street, page)
    await go(page, "Connect")
    await expect(page.get_by_role("alert")).to_contain_text("Enter an email address.")
    await page.get_by_label("Email").fill("ada@example.com")
    await page.get_by_label("Type of business").select_option("A company")
    await go(page, "Connect")
    await expect(page).to_have_title("connected")
    await expect(page.get_by_text("You are known.")).to_be_visible()
    token = await Platform(street.sandbox).token(_answer(page)["code"])
    account = street.sandbox.world(KEY).account(str(token.stripe_user_id))
    assert account is not None
    assert account.email == "ada@example.com"


async def test_an_account_that_is_there_connects(street: Street) -> None:
    token = await Platform(street.sandbox).connect()
    page = await street.visitor(java_script_enabled=False)
    await _come(street, page)
    await page.get_by_label(str(token.stripe_user_id)).check()
    await go(page, "Connect")
    await expect(page).to_have_title("connected")
    again = await asyncio.wait_for(Platform(street.sandbox).token(_answer(page)["code"]), 10)
    assert again.stripe_user_id == token.stripe_user_id


async def test_refusal(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await _come(street, page)
    await go(page, "Do not connect")
    await expect(page).to_have_title("connected")
    assert _answer(page)["error"] == "access_denied"
    assert _answer(page)["state"] == "s 1&2"


async def test_keyboard_alone_is_enough(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await _come(street, page)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("ada@example.com")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert _answer(page)["code"].startswith("ac_")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_is_cut_off_on_a_small_screen(street: Street, scheme: Any) -> None:  # noqa: ANN401 - Playwright's literal
    await Platform(street.sandbox).connect()
    page = await street.visitor(color_scheme=scheme, viewport={"width": 320, "height": 640})
    await _come(street, page)
    assert await page.evaluate("document.documentElement.scrollWidth") == 320
