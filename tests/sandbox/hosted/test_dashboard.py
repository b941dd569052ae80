"""Does a login link open the small Express dashboard, once, after the code?"""

import pytest

from aboard.sandbox import Sandbox
from aboard.sandbox.account import DebitCard
from aboard.sandbox.browser import Page, SellerBrowser, walk_onboarding
from aboard.sandbox.money import post
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


async def test_button_opens_the_form_for_what_is_needed(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await _onboarded(platform, browser)
    link = await browser.get(await platform.link(account))
    await browser.submit(link.form("shortcuts"), button="Reject document")
    page = await _enter(platform, browser, account)
    assert "Needs another look" in page.text
    page = await browser.follow("Provide what is needed")
    assert page.title.startswith("Documents")
    page = await answer(
        browser, {"individual.verification.document": "file_identity_document_success"}
    )
    page = await browser.submit(page.form("step"))
    assert "Still needed" not in page.text
    assert "Verified" in page.text
    assert (await platform.read(account))["requirements"]["currently_due"] == []


async def test_balance_is_shown(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    account = await _onboarded(platform, browser)
    world = sandbox.world_of(account)
    assert world is not None
    post(world, account, kind="payment", amount=123456, currency="usd", source="py_1")
    later = world.now() + 60
    post(
        world,
        account,
        kind="payment",
        amount=500,
        currency="usd",
        source="py_2",
        available_on=later,
    )
    page = await _enter(platform, browser, account)
    assert "Balance 1,234.56 USD" in page.text
    assert "Pending 5.00 USD" in page.text


async def test_payouts_are_listed(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    account = await _onboarded(platform, browser)
    world = sandbox.world_of(account)
    assert world is not None
    post(world, account, kind="payment", amount=5000, currency="usd", source="py_1")
    await platform.sdk.v1.payouts.create_async(
        {"amount": 1250, "currency": "usd"}, {"stripe_account": account}
    )
    page = await _enter(platform, browser, account)
    assert "12.50 USD, pending" in page.text
    assert "Balance 37.50 USD" in page.text


async def test_bank_account_can_be_changed(platform: Platform, browser: SellerBrowser) -> None:
    account = await _onboarded(platform, browser)
    page = await _enter(platform, browser, account)
    page = await browser.follow(next(link for link in page.links if link.url.endswith("/bank")))
    assert "•••• 6789" in page.text
    await answer(
        browser,
        {
            "external_account.routing_number": "110000000",
            "external_account.account_number": "000999999991",
        },
    )
    found = (await platform.read(account))["external_accounts"]["data"]
    assert [bank["last4"] for bank in found] == ["9991"]


async def test_profile_takes_what_is_never_owed(platform: Platform, browser: SellerBrowser) -> None:
    account = await _onboarded(platform, browser)
    page = await _enter(platform, browser, account)
    page = await browser.follow(next(link for link in page.links if link.url.endswith("/business")))
    page = await answer(
        browser,
        {
            "business_profile.support_email": "help@example.com",
            "business_profile.support_phone": "0000000000",
        },
    )
    found = (await platform.read(account))["business_profile"]
    assert found["support_email"] == "help@example.com"
    assert found["support_phone"] == "0000000000"


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


async def test_debit_card_is_shown_by_its_last_digits(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    account = await _onboarded(platform, browser)
    world = sandbox.world_of(account)
    found = world.account(account) if world else None
    assert found is not None
    found.cards.append(
        DebitCard(
            "card_1",
            found.created,
            number="4000056655665556",
            brand="Visa",
            country="US",
            funding="debit",
            currency="usd",
            exp_month=12,
            exp_year=2030,
        )
    )
    page = await _enter(platform, browser, account)
    assert "Visa debit card •••• 5556, US, USD" in page.text
    assert "4000056655665556" not in page.html
