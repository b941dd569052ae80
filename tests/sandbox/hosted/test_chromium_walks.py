"""Does everybody get through in a real browser: everywhere, without JavaScript, by keyboard?"""

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from aboard.sandbox import outcomes
from aboard.sandbox.account import Account
from aboard.sandbox.browser.walk import sample_of
from tests.sandbox.hosted.street import IN_CHROMIUM, Street
from tests.sandbox.hosted.street import go as press

pytestmark = IN_CHROMIUM

_UNANSWERED = """() => [...document.querySelectorAll("form[name=step] [required]")]
  .filter((field) => ["radio", "checkbox"].includes(field.type)
    ? !document.querySelector(`[name="${field.name}"]:checked`) : !field.value)
  .map((field) => [field.name, field.type])"""

_FOCUSED = """() => {
  const field = document.activeElement;
  const name = field.name || "";
  const boxes = ["radio", "checkbox"].includes(field.type);
  return {
    name, value: field.value || "", kind: field.type || field.tagName, form: field.form?.name || "",
    is_answered: boxes ? !!document.querySelector(`[name="${name}"]:checked`) : !!field.value,
    is_required: !!field.required,
  };
}"""


async def fill_in(page: Page, country: str, wishes: dict[str, str]) -> None:
    """Answer what a page must know and does not yet."""
    done: set[str] = set()
    for name, kind in await page.evaluate(_UNANSWERED):
        if name in done:
            continue
        done.add(name)
        text = wishes.get(name) or sample_of(name, country)
        field = page.locator(f'[name="{name}"]')
        if kind == "radio":
            await page.locator(f'[name="{name}"][value="{text}"]').check()
        elif kind == "checkbox":
            await field.check()
        elif kind == "select-one":
            await field.select_option(text)
        else:
            await field.fill(text)


async def walk(page: Page, street: Street, country: str, wishes: dict[str, str]) -> int:
    """Go through the pages until they let go; return how many there were."""
    for number in range(40):
        if not page.url.startswith(street.hosted):
            return number
        alert = page.locator("[role=alert]")
        assert not await alert.count(), await alert.inner_text()
        await fill_in(page, country, wishes)
        finish = page.get_by_role("button", name="Agree and finish")
        await press(page, "Agree and finish" if await finish.count() else "Continue")
    raise AssertionError(f"no end: {await page.title()}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize(
    ("country", "business_type"),
    [
        ("US", "individual"),
        ("US", "company"),
        ("DE", "company"),
        ("JP", "individual"),
        ("GB", "non_profit"),
    ],
)
async def test_from_link_to_return(
    street: Street, country: str, business_type: str, *, javascript: bool
) -> None:
    page = await street.visitor(java_script_enabled=javascript)
    await street.open(page, country=country)
    assert await walk(page, street, country, {"business_type": business_type}) > 5
    await expect(page).to_have_title("back")
    found = await street.sdk.v1.accounts.retrieve_async(_account_id(street))
    assert found.business_type == business_type
    assert found.charges_enabled
    assert found.payouts_enabled


async def test_keyboard_alone_finishes(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    for _ in range(20):
        if not page.url.startswith(street.hosted):
            break
        await _answer_by_keyboard(page)
    await expect(page).to_have_title("back")
    found = await street.sdk.v1.accounts.retrieve_async(_account_id(street))
    assert found.charges_enabled


async def _answer_by_keyboard(page: Page) -> None:
    """Skip to the page, answer each field that the Tab key leads to, and press Continue."""
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")
    for _ in range(60):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(_FOCUSED)
        if focused["kind"] == "submit" and focused["form"] == "step":
            async with page.expect_navigation():
                await page.keyboard.press("Enter")
            return
        if focused["is_required"] and not focused["is_answered"]:
            await _type(page, focused)
    raise AssertionError(f"the Tab key never reaches the button: {await page.title()}")


async def _type(page: Page, focused: dict[str, Any]) -> None:
    if focused["kind"] in {"radio", "checkbox"}:
        await page.keyboard.press("Space")
    elif focused["kind"] == "select-one":
        await page.keyboard.press("ArrowDown")
    else:
        await page.keyboard.type(sample_of(focused["name"], "US"))


async def test_skip_bar_is_reached_by_keyboard_and_named(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Finish with test data")
    await expect(button).to_be_focused()
    bar = page.get_by_role("complementary", name="Sandbox shortcuts")
    await expect(bar).to_contain_text("These buttons are the sandbox")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await expect(page).to_have_title("back")


async def test_owner_is_added_completed_and_removed(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page, "custom")
    wishes = {"business_type": "company"}
    while await page.get_by_label("Role").count() == 0:
        await fill_in(page, "US", wishes)
        await press(page)
    for name in ("Grace", "Joan"):
        await page.get_by_label("Role").select_option("owner")
        await page.get_by_label("First name").fill(name)
        await page.get_by_label("Last name").fill("Hopper")
        await press(page, "Add this person")
        if await page.get_by_role("link", name="Back to the list").count():
            await fill_in(page, "US", wishes)
            await press(page)
    await expect(page.get_by_text("Grace Hopper: owner")).to_be_visible()
    await press(page, "Remove: Joan Hopper")
    await expect(page.get_by_text("Joan Hopper")).to_have_count(0)
    await walk(page, street, "US", wishes)
    await expect(page).to_have_title("back")


async def test_document_is_uploaded(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await press(page, "Finish with test data")
    world, account = _account(street)
    outcomes.reject_document(world, account)
    street.shop.link = (
        await street.sdk.v1.account_links.create_async(
            {
                "account": account.id,
                "type": "account_onboarding",
                "return_url": f"{street.shop.url}/back",
                "refresh_url": f"{street.shop.url}/again",
            }
        )
    ).url
    await page.goto(street.shop.link)
    await fill_in(page, "US", {})
    await press(page)
    await fill_in(page, "US", {})
    await press(page)
    await expect(page.get_by_role("heading", name="Documents", exact=True)).to_be_visible()
    wrong: Any = {"name": "a.gif", "mimeType": "image/gif", "buffer": b"GIF89a"}
    await page.get_by_label("Or upload the front").set_input_files(wrong)
    await press(page)
    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_text("verification_document_type_not_supported")).to_be_visible()
    image: Any = {
        "name": "a.png",
        "mimeType": "image/png",
        "buffer": b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
    }
    await page.get_by_label("Or upload the front").set_input_files(image)
    await page.get_by_label("And the back").set_input_files(image)
    await press(page)
    await press(page, "Agree and finish")
    await expect(page).to_have_title("back")


def _account_id(street: Street) -> str:
    return urlsplit(street.shop.link).path.split("/")[3]


def _account(street: Street) -> tuple[Any, Account]:
    world = street.sandbox.world_of(_account_id(street))
    account = world.account(_account_id(street)) if world else None
    assert account is not None
    return world, account


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_is_wider_than_a_small_phone(street: Street, scheme: Any) -> None:  # noqa: ANN401 - Playwright's literal
    page = await street.visitor(color_scheme=scheme, viewport={"width": 320, "height": 640})
    await street.open(page, "custom", "DE")
    wishes = {"business_type": "company"}
    for _ in range(20):
        if not page.url.startswith(street.hosted):
            break
        assert await page.evaluate("document.documentElement.scrollWidth") == 320, page.url
        await fill_in(page, "DE", wishes)
        finish = page.get_by_role("button", name="Agree and finish")
        await press(page, "Agree and finish" if await finish.count() else "Continue")
    await expect(page).to_have_title("back")
