"""Does a login link open the small Express dashboard, once, after the code?"""

import pytest

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import Page, SellerBrowser, walk_onboarding
from tests.sandbox.hosted.conftest import Platform, answer


async def _onboarded(platform: Platform, browser: SellerBrowser) -> str:
    account = await platform.account()
    await walk_onboarding(browser, await platform.link(account))
    return account


async def _enter(platform: Platform, browser: SellerBrowser, account: str) -> Page:
    page = await browser.get(await platform.login_link(account))
    return await browser.submit(page.form("step"), {"code": "000-000"})


async def test_code_comes_before_the_dashboard(platform: Platform, browser: SellerBrowser) -> None:
    account = await _onboarded(platform, browser)
    page = await browser.get(await platform.login_link(account))
    assert page.form("step").names == ["code"]
    assert "6789" not in page.text
    page = await browser.submit(page.form("step"), {"code": "123-456"})
    assert page.status == 422
    page = await browser.submit(page.form("step"), {"code": "000000"})
    assert "Balance 0.00 USD" in page.text


async def test_dashboard_shows_how_the_account_stands(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await _enter(platform, browser, await _onboarded(platform, browser))
    assert "Payments On" in page.text
    assert "Payouts On" in page.text
    assert "•••• 6789" in page.text


async def test_dashboard_tells_what_is_still_needed(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await _onboarded(platform, browser)
    link = await browser.get(await platform.link(account))
    await browser.submit(link.form("shortcuts"), button="Reject document")
    page = await _enter(platform, browser, account)
    assert "Still needed Identity document" in page.text


async def test_details_can_be_edited(platform: Platform, browser: SellerBrowser) -> None:
    account = await _onboarded(platform, browser)
    await _enter(platform, browser, account)
    page = await browser.follow("Edit details")
    assert page.title.startswith("Your details")
    page = await browser.follow(
        next(
            link for link in page.links if link.text == "Change" and link.url.endswith("/business")
        )
    )
    page = await answer(browser, {"settings.payments.statement_descriptor": "NEW WORDS"})
    page = await browser.submit(page.form("step"))
    assert "Balance" in page.text
    found = await platform.read(account)
    assert found["settings"]["payments"]["statement_descriptor"] == "NEW WORDS"


async def test_dashboard_pages_have_no_shortcuts(
    platform: Platform, browser: SellerBrowser
) -> None:
    page = await _enter(platform, browser, await _onboarded(platform, browser))
    assert [form.name for form in page.forms] == ["step"]


async def test_login_link_opens_once(platform: Platform, browser: SellerBrowser) -> None:
    url = await platform.login_link(await _onboarded(platform, browser))
    assert (await browser.get(url)).status == 200
    page = await browser.get(url)
    assert page.status == 404
    assert "does not open anything" in page.title


async def test_signing_out_closes_the_dashboard(platform: Platform, browser: SellerBrowser) -> None:
    page = await _enter(platform, browser, await _onboarded(platform, browser))
    home = page.url
    page = await browser.submit(page.form("step"), button="Sign out")
    assert page.title.startswith("You are signed out")
    assert (await browser.get(home)).status == 404


@pytest.mark.parametrize("slug", ["review", "business", "dashboard"])
async def test_nothing_is_shown_before_the_code(
    platform: Platform, browser: SellerBrowser, slug: str
) -> None:
    account = await _onboarded(platform, browser)
    page = await browser.get(await platform.login_link(account))
    page = await browser.get(page.form("step").action.replace("code", slug))
    assert page.form("step").names == ["code"]
    assert "6789" not in page.text


async def test_dashboard_closes_after_an_hour(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    await _enter(platform, browser, await _onboarded(platform, browser))
    sandbox.clock.advance(3600)
    assert (await browser.reload()).status == 404
