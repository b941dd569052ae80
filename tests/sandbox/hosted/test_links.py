"""Where does a visitor of a link end? One row of Stripe's table a test."""

import pytest

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import SellerBrowser, walk_onboarding
from tests.sandbox.conftest import Wire, control
from tests.sandbox.hosted.conftest import HOSTED, REFRESH, RETURN, Platform, sign_in


async def test_first_visit_shows_the_form(platform: Platform, browser: SellerBrowser) -> None:
    page = await browser.get(await platform.link(await platform.account()))
    assert page.status == 200
    assert page.form("step").names == ["email", "phone"]


async def test_reload_of_the_first_page_is_a_second_visit(
    platform: Platform, browser: SellerBrowser
) -> None:
    await browser.get(await platform.link(await platform.account()))
    page = await browser.reload()
    assert (page.status, page.location) == (303, REFRESH)


async def test_second_tab_goes_to_refresh_and_the_first_goes_on(
    platform: Platform, browser: SellerBrowser
) -> None:
    url = await platform.link(await platform.account())
    first = await browser.get(url)
    second = await browser.get(url)
    assert second.location == REFRESH
    browser.page = first
    page = await sign_in(browser, first)
    assert page.form("step").names == ["business_type"]


async def test_link_opened_by_a_preview_fetcher_is_spent(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    url = await platform.link(await platform.account())
    await SellerBrowser({HOSTED: sandbox.app}).get(url)
    page = await browser.get(url)
    assert page.location == REFRESH


@pytest.mark.parametrize(("age_seconds", "opens"), [(299, True), (300, False), (4000, False)])
async def test_link_lives_three_hundred_seconds(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox, age_seconds: int, *, opens: bool
) -> None:
    url = await platform.link(await platform.account())
    sandbox.clock.advance(age_seconds)
    page = await browser.get(url)
    assert (page.location is None) is opens


async def test_expired_link_goes_to_refresh(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    url = await platform.link(await platform.account())
    sandbox.clock.advance(301)
    assert (await browser.get(url)).location == REFRESH


async def test_unknown_code_is_a_clear_404(platform: Platform, browser: SellerBrowser) -> None:
    url = await platform.link(await platform.account())
    page = await browser.get(url[:-4] + "nope")
    assert page.status == 404
    assert "does not open anything" in page.title


async def test_code_of_another_account_is_unknown(
    platform: Platform, browser: SellerBrowser
) -> None:
    one, other = await platform.account(), await platform.account()
    url = await platform.link(one)
    assert (await browser.get(url.replace(one, other))).status == 404


async def test_rejected_account_goes_to_refresh(
    platform: Platform, browser: SellerBrowser, wire: Wire
) -> None:
    account = await platform.account()
    url = await platform.link(account)
    await control(wire, account, "reject")
    assert (await browser.get(url)).location == REFRESH


async def test_finishing_goes_to_return_with_nothing_added(
    platform: Platform, browser: SellerBrowser
) -> None:
    url = await platform.link(await platform.account())
    assert await walk_onboarding(browser, url) == RETURN


async def test_saving_for_later_goes_to_return(platform: Platform, browser: SellerBrowser) -> None:
    page = await browser.get(await platform.link(await platform.account()))
    page = await browser.submit(page.form("step"), button="Save for later")
    assert (page.status, page.location) == (303, RETURN)


async def test_page_of_a_finished_visit_goes_to_refresh(
    platform: Platform, browser: SellerBrowser
) -> None:
    await walk_onboarding(browser, await platform.link(await platform.account()))
    page = await browser.get(browser.visited[-1])
    assert (page.status, page.location) == (303, REFRESH)


async def test_form_of_a_finished_visit_goes_to_refresh_and_changes_nothing(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account()
    first = await browser.get(await platform.link(account))
    await browser.submit(first.form("step"), button="Save for later")
    browser.page = first
    page = await browser.submit(first.form("step"), {"email": "late@example.com", "phone": "1"})
    assert page.location == REFRESH
    assert (await platform.read(account))["email"] is None


async def test_visit_ends_after_an_hour(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    page = await browser.get(await platform.link(await platform.account()))
    page = await sign_in(browser, page)
    sandbox.clock.advance(3600)
    assert (await browser.reload()).location == REFRESH


async def test_each_link_is_another(platform: Platform) -> None:
    account = await platform.account()
    urls = {await platform.link(account) for _ in range(20)}
    assert len(urls) == 20


async def test_newer_link_leaves_the_older_one_open(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account()
    older = await platform.link(account)
    await platform.link(account)
    assert (await browser.get(older)).status == 200
