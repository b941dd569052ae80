"""Where does a visitor of a link end, in a real browser? Stripe's table, row by row.

`test_link_table.py` has the same rows in process, with more cases of each.
"""

from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe
from playwright.async_api import Page, expect

from tests.sandbox.conftest import LIVE_KEY, Wire, client, control, free
from tests.sandbox.hosted.street import IN_CHROMIUM, Street, go, sign_in, turn

pytestmark = IN_CHROMIUM


def account_of(url: str) -> str:
    """Return whose link it is."""
    return urlsplit(url).path.split("/")[3]


async def see_refresh(street: Street, page: Page, url: str) -> None:
    """Open a link that does not open any more."""
    await page.goto(url)
    await expect(page).to_have_title("again")
    assert page.url == f"{street.shop.url}/again"


async def test_first_visit_opens_the_form(street: Street) -> None:
    page = await street.visitor()
    await street.open(page)
    await expect(page.get_by_label("Mobile phone")).to_be_visible()


async def test_second_visit_goes_to_refresh(street: Street) -> None:
    page = await street.visitor()
    await street.open(page)
    await see_refresh(street, page, street.shop.link)


async def test_reload_of_the_link_goes_to_refresh(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await page.reload()
    assert page.url == f"{street.shop.url}/again"


async def test_reload_later_in_the_form_stays(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page)
    await sign_in(page)
    await page.reload()
    await expect(page.get_by_label("A company")).to_be_visible()


async def test_back_and_forward_to_the_link_goes_to_refresh(street: Street) -> None:
    page = await street.visitor()
    await street.open(page)
    await turn(page, "back", f"{street.shop.url}/start")
    await turn(page, "forward", f"{street.shop.url}/again")


async def test_back_to_the_link_from_the_second_page_goes_to_refresh(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page, "custom")
    await page.get_by_label("A company").check()
    await go(page)
    await turn(page, "back", f"{street.shop.url}/again")


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


@pytest.mark.parametrize("verb", ["reject", "deauthorize"])
async def test_rejected_or_lost_account_goes_to_refresh(street: Street, verb: str) -> None:
    url = await street.link()
    await control(Wire(street.sandbox), account_of(url), verb)
    await see_refresh(street, await street.visitor(), url)


async def test_deleted_account_goes_to_refresh(street: Street) -> None:
    url = await street.link()
    await street.sdk.v1.accounts.delete_async(account_of(url))
    await see_refresh(street, await street.visitor(), url)


async def test_account_rejected_within_the_form_goes_to_refresh(street: Street) -> None:
    page = await street.visitor(java_script_enabled=False)
    await street.open(page, "custom")
    await control(Wire(street.sandbox), account_of(street.shop.link), "reject")
    await page.get_by_label("A company").check()
    await go(page)
    await expect(page).to_have_title("again")


async def _update_link(street: Street, account: str) -> str:
    link = await street.sdk.v1.account_links.create_async(
        {
            "account": account,
            "type": "account_update",
            "return_url": f"{street.shop.url}/back",
            "refresh_url": f"{street.shop.url}/again",
        }
    )
    return link.url


async def test_update_is_refused_while_something_is_due(street: Street) -> None:
    url = await street.link("custom")
    with pytest.raises(stripe.InvalidRequestError, match="account_update"):
        await _update_link(street, account_of(url))
    page = await street.visitor()
    await page.goto(url)
    await go(page, "Finish with test data")
    await expect(page).to_have_title("back")


async def test_update_is_allowed_when_nothing_is_due(street: Street) -> None:
    account = account_of(await street.link("custom"))
    await control(Wire(street.sandbox), account, "complete")
    url = await _update_link(street, account)
    page = await street.visitor(java_script_enabled=False)
    await page.goto(url)
    await expect(page.get_by_text("Update your details").first).to_be_visible()
    await go(page, "Save for later")
    await expect(page).to_have_title("back")
    await see_refresh(street, page, url)


async def test_live_mode_goes_back_by_https_only(street: Street) -> None:
    live = client(street.sandbox, LIVE_KEY)
    account = await live.v1.accounts.create_async({"type": "express"})
    form: Any = {"account": account.id, "type": "account_onboarding"}
    shop = "shop.invalid"
    plain = {"refresh_url": f"http://{shop}/again", "return_url": f"http://{shop}/back"}
    with pytest.raises(stripe.InvalidRequestError, match="via HTTPS"):
        await live.v1.account_links.create_async(free({**form, **plain}))
    safe = {"refresh_url": f"https://{shop}/again", "return_url": f"https://{shop}/back"}
    link = await live.v1.account_links.create_async(free({**form, **safe}))
    page = await street.visitor()
    await page.goto(link.url)
    async with page.expect_request(safe["return_url"]):
        await page.get_by_role("button", name="Save for later").click()


async def test_visit_of_another_world_does_not_open(street: Street) -> None:
    mine, theirs = await street.visitor(), await street.visitor()
    await street.open(mine, "custom")
    await mine.get_by_label("A company").check()
    await go(mine)
    other = Street(
        client(street.sandbox, "sk_test_somebody_else"),
        street.sandbox,
        street.shop,
        street.hosted,
        street.chromium,
        street.complaints,
    )
    await other.open(theirs, "custom")
    await theirs.goto(mine.url)
    await expect(theirs.get_by_role("heading", name="Nothing is open here")).to_be_visible()


async def test_two_visits_in_one_browser_do_not_meet(street: Street) -> None:
    page = await street.visitor()
    await street.open(page, "custom")
    first = account_of(street.shop.link)
    await page.get_by_label("A company").check()
    await go(page)
    second_page = await page.context.new_page()
    second_page.set_default_timeout(10_000)
    await second_page.goto(await street.link("custom"))
    await expect(second_page.get_by_text(first)).to_have_count(0)
    await page.reload()
    await expect(page.get_by_text(first).first).to_be_visible()
