"""A seller with a browser, a platform that makes links, and a sandbox between them."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
import stripe

from aboard.sandbox import Sandbox
from aboard.sandbox.browser import Page, SellerBrowser

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.sandbox.hosted.street import Street

HOSTED = "https://api.stripe.com"
RETURN = "http://platform.test:3000/back?state=a%2Fb&x=1"
REFRESH = "http://platform.test:3000/again?state=a%2Fb"


@dataclass
class Platform:
    """Makes accounts and links through the official SDK, and reads what became of them."""

    sdk: stripe.StripeClient
    sandbox: Sandbox
    accounts: list[str] = field(default_factory=list)

    async def account(self, kind: str = "express", country: str = "US", **more: Any) -> str:  # noqa: ANN401 - any parameter of Stripe's
        params: Any = {"type": kind, "country": country, **more}
        if kind != "standard":
            params.setdefault(
                "capabilities",
                {"card_payments": {"requested": True}, "transfers": {"requested": True}},
            )
        account = await self.sdk.v1.accounts.create_async(params)
        return account.id

    async def link(
        self, account: str, kind: str = "account_onboarding", fields: str = "currently_due"
    ) -> str:
        params: Any = {
            "account": account,
            "type": kind,
            "return_url": RETURN,
            "refresh_url": REFRESH,
            "collection_options": {"fields": fields},
        }
        return (await self.sdk.v1.account_links.create_async(params)).url

    async def login_link(self, account: str) -> str:
        return (await self.sdk.v1.accounts.login_links.create_async(account)).url

    async def read(self, account: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.sdk.v1.accounts.retrieve_async(account)).to_dict()
        return found


@pytest.fixture
def platform(sdk: stripe.StripeClient, sandbox: Sandbox) -> Platform:
    return Platform(sdk, sandbox)


@pytest.fixture
def browser(sandbox: Sandbox) -> SellerBrowser:
    return SellerBrowser({HOSTED: sandbox.app})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> "AsyncIterator[Browser]":
    from tests.sandbox.hosted.street import launched  # noqa: PLC0415 - few tests need a browser

    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def street(
    sdk: stripe.StripeClient, sandbox: Sandbox, chromium: "Browser"
) -> "AsyncIterator[Street]":
    from tests.sandbox.hosted.street import opened  # noqa: PLC0415 - the same

    async with opened(sdk, sandbox, chromium) as street:
        yield street


async def sign_in(browser: SellerBrowser, page: Page) -> Page:
    """Pass the two pages of an Express account's sign-in."""
    page = await browser.submit(
        page.form("step"), {"email": "ada@example.com", "phone": "0000000000"}
    )
    return await browser.submit(page.form("step"), button="Use the test code")


async def answer(browser: SellerBrowser, values: Mapping[str, str | bool]) -> Page:
    """Fill in the page that the browser shows and press its first button."""
    assert browser.page is not None
    return await browser.submit(browser.page.form("step"), dict(values))


INDIVIDUAL = {
    "individual.first_name": "Ada",
    "individual.last_name": "Lovelace",
    "individual.email": "ada@example.com",
    "individual.phone": "0000000000",
    "individual.dob.day": "1",
    "individual.dob.month": "1",
    "individual.dob.year": "1901",
    "individual.address.line1": "address_full_match",
    "individual.address.city": "San Francisco",
    "individual.address.state": "CA",
    "individual.address.postal_code": "94111",
    "individual.ssn_last_4": "0000",
}
COMPANY = {
    "company.name": "Rosen Books",
    "company.phone": "0000000000",
    "company.address.line1": "address_full_match",
    "company.address.city": "San Francisco",
    "company.address.state": "CA",
    "company.address.postal_code": "94111",
    "company.tax_id": "000000000",
}
BUSINESS = {
    "business_profile.mcc": "5734",
    "business_profile.url": "https://accessible.stripe.com",
    "settings.payments.statement_descriptor": "ROSEN BOOKS",
}
