"""Does every kind of account get from nothing to ready, and from nothing to each way of failing?

Four kinds of controller, two kinds of holder, two countries; through the hosted pages.
"""

from dataclasses import dataclass
from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import Page, SellerBrowser, walk_onboarding
from tests.sandbox.conftest import API, CAPABILITIES, LINK, REFRESH_URL, RETURN_URL, Wire, control

BANKS: dict[str, Any] = {
    "US": {"currency": "usd", "routing_number": "110000000", "account_number": "000123456789"},
    "DE": {"currency": "eur", "account_number": "DE89370400440532013000"},
}
KINDS: dict[str, Any] = {
    "standard": {"type": "standard"},
    "express": {"type": "express", "capabilities": CAPABILITIES},
    "custom": {"type": "custom", "capabilities": CAPABILITIES},
    "none": {
        "controller": {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "express"},
        },
        "capabilities": CAPABILITIES,
    },
}


@dataclass
class Case:
    """One account of one kind, and its seller's browser."""

    sdk: stripe.StripeClient
    wire: Wire
    browser: SellerBrowser
    account: str
    kind: str
    holder: str
    country: str

    async def link(self) -> str:
        params: Any = {**LINK, "account": self.account}
        return (await self.sdk.v1.account_links.create_async(params)).url

    async def read(self) -> dict[str, Any]:
        found = await self.sdk.v1.accounts.retrieve_async(self.account)
        answer: dict[str, Any] = found.to_dict()
        return answer

    async def walk(self) -> str:
        """Fill in everything that is due."""
        return await walk_onboarding(
            self.browser,
            await self.link(),
            {"business_type": self.holder},
            country=self.country,
        )

    async def press(self, button: str) -> Page:
        """Choose what the holder is, and press a button of the skip bar on the page after it."""
        page = await self.browser.get(await self.link())
        if "email" in page.form("step").names:
            page = await self.browser.submit(
                page.form("step"), {"email": "ada@example.com", "phone": "0000000000"}
            )
            page = await self.browser.submit(page.form("step"), button="Use the test code")
        page = await self.browser.submit(page.form("step"), {"business_type": self.holder})
        return await self.browser.submit(page.form("shortcuts"), button=button)


@pytest.fixture(params=["US", "DE"])
def country(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["individual", "company"])
def holder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def case(
    sdk: stripe.StripeClient, sandbox: Sandbox, wire: Wire, kind: str, holder: str, country: str
) -> Case:
    params: Any = {"country": country, **KINDS[kind]}
    if kind == "custom":  # a form asks for no bank account where the platform collects
        params["external_account"] = {
            "object": "bank_account",
            "country": country,
            **BANKS[country],
        }
    account = await sdk.v1.accounts.create_async(params)
    assert account.type == kind
    assert not account.details_submitted
    browser = SellerBrowser({API: sandbox.app})
    return Case(sdk, wire, browser, account.id, kind, holder, country)


def _is_ready(found: dict[str, Any]) -> bool:
    return (
        found["details_submitted"]
        and found["charges_enabled"]
        and found["payouts_enabled"]
        and found["requirements"]["currently_due"] == []
        and found["requirements"]["disabled_reason"] is None
    )


async def test_from_fresh_to_complete(case: Case) -> None:
    assert await case.walk() == RETURN_URL
    found = await case.read()
    assert _is_ready(found), found["requirements"]
    assert found["business_type"] == case.holder
    assert set(found["capabilities"].values()) == {"active"}


async def test_from_fresh_to_complete_by_the_skip_bar(case: Case) -> None:
    page = await case.press("Finish with test data")
    assert page.location == RETURN_URL
    assert _is_ready(await case.read())


async def test_from_fresh_to_review_and_out_of_it(case: Case) -> None:
    page = await case.press("Send to review")
    assert page.location == RETURN_URL
    found = await case.read()
    assert found["details_submitted"]
    assert not found["charges_enabled"]
    assert found["requirements"]["disabled_reason"] == "under_review"
    await control(case.wire, case.account, "verify")
    assert _is_ready(await case.read())


async def test_from_fresh_to_a_rejected_document_and_a_better_one(case: Case) -> None:
    page = await case.press("Reject document")
    assert page.location == RETURN_URL
    owed = (await case.read())["requirements"]
    (due,) = owed["currently_due"]
    assert due.endswith(".verification.document")
    (error,) = owed["errors"]
    assert (error["requirement"], error["code"]) == (due, "verification_document_not_readable")
    assert await case.walk() == RETURN_URL
    assert _is_ready(await case.read())


async def test_from_fresh_to_rejected(case: Case) -> None:
    page = await case.press("Reject account")
    assert page.location == RETURN_URL
    found = await case.read()
    assert not found["charges_enabled"]
    assert not found["payouts_enabled"]
    assert found["requirements"]["disabled_reason"].startswith("rejected.")
    page = await case.browser.get(await case.link())
    assert page.location == REFRESH_URL


async def test_from_fresh_to_a_lost_capability(case: Case) -> None:
    page = await case.press("Lose a capability")
    assert page.location == RETURN_URL
    found = await case.read()
    assert found["details_submitted"]
    assert found["capabilities"]["card_payments"] == "inactive"


async def test_from_fresh_to_disconnected(case: Case) -> None:
    url = await case.link()
    page = await case.browser.get(url)
    page = await case.browser.submit(page.form("shortcuts"), button="Deauthorise")
    assert page.location == RETURN_URL
    with pytest.raises(stripe.PermissionError, match="does not have access to account"):
        await case.read()
    page = await case.browser.get(url)
    assert page.location == REFRESH_URL


async def test_from_fresh_to_past_due_and_back(case: Case) -> None:
    assert await case.walk() == RETURN_URL
    subject = "individual" if case.holder == "individual" else "company"
    wanted = f"{subject}.verification.document"
    await control(case.wire, case.account, "require", requirement=wanted)
    found = await case.read()
    assert found["requirements"]["past_due"] == [wanted]
    assert found["requirements"]["disabled_reason"] == "requirements.past_due"
    assert not found["charges_enabled"]
    assert await case.walk() == RETURN_URL
    assert _is_ready(await case.read())
