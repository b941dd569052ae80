"""Does each button of the skip bar do what it says, and send the visitor back?"""

from typing import Any

import pytest

from aboard.sandbox.browser import Page, SellerBrowser
from tests.sandbox.hosted.conftest import REFRESH, RETURN, Platform


async def _press(platform: Platform, browser: SellerBrowser, account: str, button: str) -> Page:
    page = await browser.get(await platform.link(account))
    return await browser.submit(page.form("shortcuts"), button=button)


@pytest.mark.parametrize("kind", ["express", "standard", "custom"])
@pytest.mark.parametrize("country", ["US", "DE", "GB", "JP", "AU"])
async def test_finish_with_test_data(
    platform: Platform, browser: SellerBrowser, kind: str, country: str
) -> None:
    account = await platform.account(kind, country)
    page = await _press(platform, browser, account, "Finish with test data")
    assert page.location == RETURN
    found = await platform.read(account)
    assert found["details_submitted"]
    assert found["charges_enabled"]
    assert found["payouts_enabled"]


async def test_finish_keeps_what_was_typed_before(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account("custom", business_type="company")
    page = await browser.get(await platform.link(account))
    page = await browser.submit(page.form("step"), {"company.name": "Rosen & Daughters"})
    page = await browser.submit(page.form("shortcuts"), button="Finish with test data")
    found = await platform.read(account)
    assert found["company"]["name"] == "Rosen & Daughters"
    assert found["charges_enabled"]


async def test_finish_of_an_upfront_link_leaves_nothing_for_later(
    platform: Platform, browser: SellerBrowser
) -> None:
    account = await platform.account()
    page = await browser.get(await platform.link(account, fields="eventually_due"))
    await browser.submit(page.form("shortcuts"), button="Finish with test data")
    assert (await platform.read(account))["requirements"]["eventually_due"] == []


async def _outcome(
    platform: Platform, browser: SellerBrowser, button: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    account = await platform.account()
    page = await _press(platform, browser, account, button)
    assert page.location == RETURN
    found = await platform.read(account)
    return found, found["requirements"]


async def test_send_to_review(platform: Platform, browser: SellerBrowser) -> None:
    found, requirements = await _outcome(platform, browser, "Send to review")
    assert found["details_submitted"]
    assert not found["charges_enabled"]
    assert requirements["currently_due"] == []
    assert requirements["disabled_reason"] == "under_review"


async def test_reject_document(platform: Platform, browser: SellerBrowser) -> None:
    found, requirements = await _outcome(platform, browser, "Reject document")
    assert found["details_submitted"]
    assert requirements["currently_due"] == ["individual.verification.document"]
    assert requirements["errors"][0]["code"] == "verification_document_not_readable"


async def test_reject_account(platform: Platform, browser: SellerBrowser) -> None:
    found, requirements = await _outcome(platform, browser, "Reject account")
    assert not found["charges_enabled"]
    assert requirements["disabled_reason"].startswith("rejected.")
    again = await browser.get(await platform.link(found["id"]))
    assert again.location == REFRESH


async def test_lose_a_capability(platform: Platform, browser: SellerBrowser) -> None:
    found, _ = await _outcome(platform, browser, "Lose a capability")
    assert found["details_submitted"]
    assert found["capabilities"]["card_payments"] == "inactive"


async def test_deauthorise(platform: Platform, browser: SellerBrowser) -> None:
    account = await platform.account("standard")
    page = await _press(platform, browser, account, "Deauthorise")
    assert page.location == RETURN
    with pytest.raises(Exception, match="does not have access to account"):
        await platform.read(account)
    page = await browser.get(browser.visited[0])
    assert page.location == REFRESH


async def test_visit_ends_with_a_shortcut(platform: Platform, browser: SellerBrowser) -> None:
    page = await browser.get(await platform.link(await platform.account("custom")))
    question = page.form("step").action
    await browser.submit(page.form("shortcuts"), button="Finish with test data")
    assert (await browser.get(question)).location == REFRESH


async def test_unknown_shortcut_changes_nothing(platform: Platform, browser: SellerBrowser) -> None:
    account = await platform.account()
    page = await browser.get(await platform.link(account))
    form = page.form("shortcuts")
    form.buttons.clear()
    page = await browser.submit(form)
    assert page.status == 400
    assert not (await platform.read(account))["details_submitted"]


async def test_bar_says_whose_it_is(platform: Platform, browser: SellerBrowser) -> None:
    page = await browser.get(await platform.link(await platform.account()))
    assert "Aboard sandbox" in page.text
    assert "Test data only" in page.text
    assert "It is not Stripe" in page.text
