"""The way back from Stripe in a real Chromium: five rows of the table, with cookies as they are.

Hosted pages live on `127.0.0.1`, the service and the platform on `localhost`: two sites, so that a
session which does not survive Stripe's way back does not survive it here either. All rows and
their effects are in `tests/api/organizations/test_callback_table.py`.
"""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from aboard.cli.servers import address_of, bind, listening
from aboard.core.caller import Role
from aboard.store.records import AuditEntry
from tests.journeys.town import MARKET, Town, open_town, words_of
from tests.sandbox.hosted.street import IN_CHROMIUM, Shop, go, launched

pytestmark = [*IN_CHROMIUM, pytest.mark.timeout(120)]

LATER = "Save for later"


@dataclass
class Journey:
    """A town behind real addresses, and one seller's browser in it."""

    town: Town
    hosted: str
    service: str
    market: str
    context: BrowserContext
    visits: list[str]
    """Every address of ours that the browser asked for, in order."""

    async def sign_in(self, organization_id: str = "org_1", user: str = "ada") -> None:
        token = self.town.token(user, {organization_id: Role.OWNER}).reveal()
        await self.context.add_cookies(
            [
                {
                    "name": "aboard_session",
                    "value": token,
                    "domain": "localhost",
                    "path": "/",
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )

    async def link(self) -> str:
        """Let org_1's backend ask for a link."""
        body = {
            "organizationId": "org_1",
            "mode": "test",
            "returnUrl": f"{self.market}/back",
            "refreshUrl": f"{self.market}/again",
        }
        path = "/v1/connect/accounts/onboarding-links"
        answer = await self.town.call("POST", path, self.town.token(), body)
        assert answer.status == 200, answer.body
        url: str = answer.body["onboardingUrl"]
        return url

    async def page(self) -> Page:
        page = await self.context.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: self.visits.append(request.url))
        return page

    async def follow(self, page: Page, address: str) -> None:
        """Follow a link that stands on a page of Stripe's site, as a browser does it."""
        await page.goto(f"{self.hosted}/_sandbox")
        await page.set_content(f'<a href="{address}">go on</a>')
        async with page.expect_navigation():
            await page.get_by_role("link", name="go on").click()

    def visited(self, purpose: str) -> str:
        """Return the last visit of this purpose, with its state."""
        path = f"{self.service}/v1/connect/accounts/{purpose}?"
        return next(url for url in reversed(self.visits) if url.startswith(path))

    async def audit(self) -> AuditEntry:
        """Return what was written down of the last visit."""
        rows = await self.town.platform.store.list_audit(limit=20)
        return next(row for row in rows if row.action.endswith(".visit"))

    def minted(self) -> int:
        """Return how many links were handed out."""
        return self.town.platform.journal.counts.get("link.issued", 0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    # Pytest listens where the servers are told to say nothing, and then they say it.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module", params=[True, False], ids=["JavaScript", "none"])
async def journey(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path
) -> AsyncIterator[Journey]:
    async with AsyncExitStack() as stack:
        stripes, ours, markets = (stack.enter_context(bind("127.0.0.1", 0)) for _ in range(3))
        hosted = address_of("127.0.0.1", stripes)
        service, market = (address_of("localhost", place) for place in (ours, markets))
        town = await stack.enter_async_context(
            open_town(tmp_path, ABOARD_PUBLIC_URL=service, ABOARD_ADDRESSES=f"{market},{MARKET}")
        )
        town.sandbox.policy.hosted_base = hosted
        for app, listener in ((town.sandbox.app, stripes), (town.app, ours), (Shop(), markets)):
            await stack.enter_async_context(listening(app, listener))
        context = await chromium.new_context(java_script_enabled=request.param)
        stack.push_async_callback(context.close)
        yield Journey(town, hosted, service, market, context, [])


async def test_valid(journey: Journey) -> None:
    await journey.sign_in()
    page = await journey.page()
    link = await journey.link()
    await page.goto(link)
    await go(page, LATER)
    assert page.url.startswith(f"{journey.market}/back?")
    assert words_of(page.url) == {"outcome": "incomplete", "readiness": "incomplete"}
    row = await journey.audit()
    assert (row.action, row.outcome, row.actor) == ("return.visit", "incomplete", "ada")

    # The link again: it was used, so Stripe sends the seller to refresh, and we straight back.
    await journey.follow(page, link)
    assert page.url.startswith(f"{journey.hosted}/setup/")
    assert page.url != link
    row = await journey.audit()
    assert (row.action, row.outcome, row.actor) == ("refresh.visit", "link_issued", "ada")
    await expect(page.get_by_role("button", name=LATER)).to_be_visible()


async def test_repeated(journey: Journey) -> None:
    await journey.sign_in()
    page = await journey.page()
    await page.goto(await journey.link())
    await go(page, LATER)
    end = page.url
    await journey.follow(page, journey.visited("return"))
    assert page.url == end
    assert (await journey.audit()).outcome == "incomplete:repeated"


async def test_expired(journey: Journey) -> None:
    page = await journey.page()
    await page.goto(await journey.link())
    await go(page, LATER)
    journey.town.sandbox.clock.advance(25 * 3600)
    await journey.sign_in()
    await journey.follow(page, journey.visited("return"))
    assert page.url == journey.visited("return")
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)
    way = page.locator('a[href$="/connect/organizations/org_1/test"]').first
    await expect(way).to_be_visible()
    row = await journey.audit()
    assert (row.outcome, row.actor) == ("refused:state.expired", "ada")
    assert row.owner is not None

    # Without a session the way leads to where one signs in.
    await journey.context.clear_cookies()
    await journey.follow(page, journey.visited("return"))
    await expect(page.locator('a[href$="/connect/sign-in"]').first).to_be_visible()


async def test_foreign_session(journey: Journey) -> None:
    page = await journey.page()
    link = await journey.link()
    await page.goto(link)
    await journey.sign_in("org_2", "bob")
    before = journey.minted()
    await journey.follow(page, link)
    assert page.url == journey.visited("refresh")
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert await page.locator('a[href*="org_1"]').count() == 0
    row = await journey.audit()
    assert (row.outcome, row.actor) == ("refused:owner.not_yours", "bob")
    assert journey.minted() == before

    # Nor does a way back through the form do anything for him.
    await page.goto(await journey.link())
    await go(page, LATER)
    row = await journey.audit()
    assert (row.action, row.outcome) == ("return.visit", "refused:owner.not_yours")


async def test_spent(journey: Journey) -> None:
    await journey.sign_in()
    page = await journey.page()
    link = await journey.link()
    await page.goto(link)
    await journey.follow(page, link)
    assert page.url.startswith(f"{journey.hosted}/setup/")
    used, before = journey.visited("refresh"), journey.minted()
    await journey.follow(page, used)
    own = f"{journey.service}/connect/organizations/org_1/test"
    assert re.sub(r"\?.*", "", page.url) == own
    assert words_of(page.url)["notice"] == "link_used"
    assert (await journey.audit()).outcome == "refused:state.spent"
    assert journey.minted() == before
