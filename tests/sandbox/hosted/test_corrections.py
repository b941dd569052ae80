"""Do answers that did not pass come back with their code, and can given ones be changed?"""

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import SellerBrowser, walk_onboarding
from aboard.sandbox.transitions import changing
from tests.sandbox.conftest import BUSINESS as PREFILLED
from tests.sandbox.conftest import PERSON
from tests.sandbox.hosted.conftest import RETURN, Platform, answer, sign_in


async def test_rejected_document_is_asked_for_again_with_its_code(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account()
    page = await browser.get(await platform.link(account))
    await browser.submit(page.form("shortcuts"), button="Reject document")
    page = await sign_in(browser, await browser.get(await platform.link(account)))
    assert page.title.startswith("Documents")
    assert "verification_document_not_readable" in page.text
    page = await answer(
        browser, {"individual.verification.document": "file_identity_document_success"}
    )
    page = await answer(browser, {})
    assert page.location == RETURN
    found = await platform.read(account)
    assert found["requirements"]["currently_due"] == []
    assert found["charges_enabled"]


async def test_number_that_fails_is_due_again_with_its_code(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account()
    values = {"individual.ssn_last_4": "1111"}
    await walk_onboarding(browser, await platform.link(account), values)
    found = await platform.read(account)
    assert found["requirements"]["errors"][0]["code"] == "verification_failed_id_number_match"
    page = await sign_in(browser, await browser.get(await platform.link(account)))
    assert "verification_failed_id_number_match" in page.text
    page = await answer(browser, {"individual.ssn_last_4": "0000"})
    await answer(browser, {})
    found = await platform.read(account)
    assert found["requirements"]["errors"] == []
    assert found["charges_enabled"]


async def test_bank_account_that_cannot_be_paid_is_asked_for_again(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    account = await platform.account()
    await walk_onboarding(browser, await platform.link(account))
    world = sandbox.world_of(account)
    found = world.account(account) if world else None
    assert world is not None
    assert found is not None
    with changing(world, found):  # as a payout that the bank sends back leaves it
        for bank in found.banks:
            bank.status = "errored"
    assert "external_account" in (await platform.read(account))["requirements"]["currently_due"]
    page = await sign_in(browser, await browser.get(await platform.link(account)))
    assert page.title.startswith("Where should your money go?")
    assert "(payouts fail)" in page.text
    page = await browser.submit(page.form("step"), button="Use the test bank account")
    await answer(browser, {})
    assert (await platform.read(account))["requirements"]["currently_due"] == []


async def test_account_update_shows_everything_and_lets_it_change(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account(
        "custom", business_type="individual", individual=PERSON, **PREFILLED
    )
    page = await browser.get(await platform.link(account, "account_update"))
    assert page.title.startswith("Your details")
    assert "Jenny" in page.text
    assert "https://accessible.stripe.com" in page.text
    page = await browser.follow(
        next(
            link for link in page.links if link.text == "Change" and link.url.endswith("/business")
        )
    )
    page = await answer(browser, {"business_profile.url": "https://rosen.example.com"})
    page = await browser.submit(page.form("step"))
    assert page.location == RETURN
    profile = (await platform.read(account))["business_profile"]
    assert profile["url"] == "https://rosen.example.com"


async def test_account_update_also_shows_what_may_still_be_given(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account(
        "custom", business_type="individual", individual=PERSON, **PREFILLED
    )
    page = await browser.get(await platform.link(account, "account_update"))
    assert "Social Security number (all nine digits) Not given" in page.text
    page = await browser.get(await platform.link(account))
    assert "all nine digits" not in page.text


async def test_same_answer_may_be_given_again_and_is_checked_again(
    platform: Platform, browser: SellerBrowser, sandbox: Sandbox
) -> None:
    sandbox.policy.review_seconds = 60
    account = await platform.account()
    values = {"individual.address.line1": "address_no_match"}
    await walk_onboarding(browser, await platform.link(account), values)
    sandbox.clock.advance(61)
    found = await platform.read(account)
    assert found["requirements"]["errors"][0]["code"] == "verification_failed_address_match"
    page = await sign_in(browser, await browser.get(await platform.link(account)))
    assert "verification_failed_address_match" in page.text
    page = await answer(browser, {"individual.address.line1": "address_no_match"})
    assert page.title.startswith("Review and finish")
    assert (await platform.read(account))["requirements"]["errors"] == []
    sandbox.clock.advance(61)
    assert (await platform.read(account))["requirements"]["errors"] != []
