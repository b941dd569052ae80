"""What else may happen to a visitor of a link? Stripe's own rows are in `test_link_table`."""

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import SellerBrowser, walk_onboarding
from tests.sandbox.hosted.conftest import HOSTED, REFRESH, Platform, sign_in


async def test_first_visit_shows_the_form(platform: Platform, browser: SellerBrowser) -> None:
    page = await browser.get(await platform.link(await platform.account()))
    assert page.status == 200
    assert page.form("step").names == ["email", "phone"]


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
