"""Do the pages work in a real browser, with JavaScript and without?"""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Page, expect

from tests.sandbox.hosted.conftest import COMPANY, INDIVIDUAL
from tests.sandbox.hosted.street import IN_CHROMIUM, Street, go, sign_in, turn

pytestmark = IN_CHROMIUM


def _field(page: Page, path: str) -> Locator:
    return page.locator(f'[name="{path}"]')


async def _fill(page: Page, answers: dict[str, str]) -> None:
    for path, text in answers.items():
        await _field(page, path).fill(text)
    await go(page)


async def _sell_books(page: Page) -> None:
    await page.get_by_label("Industry").select_option("Software")
    await page.get_by_label("Website").fill("https://accessible.stripe.com")
    await page.get_by_label("Statement descriptor").fill("ROSEN BOOKS")
    await go(page)
    await go(page, "Use the test bank account")
    await page.get_by_role("checkbox").check()
    await go(page, "Agree and finish")


@pytest.mark.parametrize("javascript", [True, False])
async def test_individual(street: Street, *, javascript: bool) -> None:
    page = await street.visitor(java_script_enabled=javascript)
    await street.open(page)
    await sign_in(page)
    await page.get_by_label("An individual or sole proprietor").check()
    await go(page)
    await _fill(page, INDIVIDUAL)
    await _sell_books(page)
    await expect(page).to_have_title("back")
    assert page.url == f"{street.shop.url}/back"
    await expect(page.get_by_text("You are known.")).to_be_visible()
    await turn(page, "back", f"{street.shop.url}/again")


@pytest.mark.parametrize("javascript", [True, False])
async def test_company(street: Street, *, javascript: bool) -> None:
    page = await street.visitor(java_script_enabled=javascript)
    await street.open(page)
    await sign_in(page)
    await page.get_by_label("A company").check()
    await go(page)
    await _fill(page, COMPANY)
    name = await page.get_by_label("First name").get_attribute("name") or ""
    person = {
        path.replace("individual", name.split(".", maxsplit=1)[0]): INDIVIDUAL[path]
        for path in INDIVIDUAL
    }
    await page.get_by_label("Job title").fill("CEO")
    await _fill(page, person)
    await page.get_by_role("checkbox").check()
    await go(page)
    await _sell_books(page)
    await expect(page).to_have_title("back")


async def test_errors_take_the_focus_and_lead_to_the_field(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await page.get_by_label("Email").fill("nope")
    await go(page)
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
    await go(page, "Finish with test data")
    await expect(page).to_have_title("back")


async def test_save_for_later_returns(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await go(page, "Save for later")
    await expect(page).to_have_title("back")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_is_cut_off_on_a_small_screen(street: Street, scheme: Any) -> None:  # noqa: ANN401 - Playwright's literal
    page = await street.visitor(color_scheme=scheme, viewport={"width": 320, "height": 640})
    await street.open(page, "custom")
    await page.get_by_label("A company").check()
    await go(page)
    await go(page)
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide == 320
    colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == {"light": "rgb(246, 244, 239)", "dark": "rgb(20, 25, 23)"}[scheme]


async def test_login_link_opens_the_dashboard(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    account = urlsplit(street.shop.link).path.split("/")[3]
    await go(page, "Finish with test data")
    await page.goto((await street.sdk.v1.accounts.login_links.create_async(account)).url)
    await page.get_by_label("Code from the text message").fill("000-000")
    await go(page)
    await expect(page.get_by_text("0.00 USD").first).to_be_visible()
    await page.get_by_role("link", name="Edit details").click()
    await expect(page.get_by_role("heading", name="Your details")).to_be_visible()
