"""From the first link to going live, in life's way: does each screen say what is true just then?

A seller leaves half-way, comes back the next day on another device, is asked for a document, is
reviewed, and goes live. Nobody signs in at Aboard: the platform gives the seller links to their
pages, and that is all.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from aboard.core.caller import Role
from aboard.sandbox.browser import Attachment, Page, SellerBrowser
from aboard.store.records import AuditEntry
from tests.journeys.seller import (
    ASKED,
    CHECKING,
    DOCUMENT,
    HOME,
    NOT_STARTED,
    PICTURE,
    UNFINISHED,
    WORKS,
    answers_to,
    check_checklist,
    check_switches,
    standing_of,
)
from tests.journeys.town import ABOARD, KEY, STRIPE, Town, ask_stripe, open_town

NEXT_DAY = timedelta(hours=24, minutes=1)


@dataclass(slots=True)
class Story:
    """The seller's organization in the town."""

    town: Town

    @property
    def account_ids(self) -> list[str]:
        return [account.id for world in self.town.sandbox.worlds for account in world.accounts]

    async def page_link(self) -> str:
        """Let the platform's backend ask for a link to the seller's own pages."""
        path = "/v1/connect/accounts/org_1/page-links"
        answer = await self.town.call("POST", path, self.town.token("mara"), {"mode": "test"})
        assert answer.status == 200, answer.body
        url: str = answer.body["url"]
        return url

    async def device(self) -> SellerBrowser:
        """Return a new device on which the seller has just followed a fresh link."""
        browser = self.town.browser()
        page = await browser.get(await self.page_link())
        assert (page.status, page.url) == (200, HOME)
        return browser

    async def screens(self, browser: SellerBrowser, says: str) -> Page:
        """Look at all three screens; each says the same, and what is so at Stripe. Ends at home."""
        (account_id,) = self.account_ids
        truth = await self.town.at_stripe(account_id)
        for path in ("/back", ""):
            page = await browser.get(HOME + path)
            assert standing_of(page.html) == says
            check_switches(page.text, truth)
        listed = await browser.get(f"{HOME}/checklist")
        check_checklist(listed.html, listed.text, truth)
        return await browser.get(HOME)

    async def go_on(self, browser: SellerBrowser, button: str) -> Page:
        """Press the button at home that leads to Stripe's page."""
        page = await browser.get(HOME)
        form = next(form for form in page.forms if form.action == f"{HOME}/resume")
        page = await browser.submit(form, button=button)
        assert page.url.startswith(STRIPE)
        return page

    async def answer(self, browser: SellerBrowser, until: str) -> Page:
        """Answer Stripe's pages up to the one with this title, or until they let go."""
        page = browser.page
        for _ in range(20):
            assert page is not None
            if not page.url.startswith(STRIPE) or page.title.startswith(until):
                return page
            form = page.form("step")
            page = await browser.submit(form, answers_to(form))
        raise AssertionError("Stripe's pages go on and on")

    async def audit(self) -> AuditEntry:
        (latest,) = await self.town.platform.store.list_audit(limit=1)
        return latest

    def minted(self) -> int:
        return self.town.platform.journal.counts.get("link.issued", 0)


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    settings = {"ABOARD_ORGANIZATION_COUNTRY": "US", "ABOARD_BRAND_NAME": "Harbour Market"}
    async with open_town(tmp_path, **settings) as town:
        yield Story(town)


async def test_each_screen_says_what_is_true(story: Story) -> None:
    laptop = await _begin_and_leave(story)
    phone = await _come_back_next_day(story, laptop)
    await _give_a_document(story, phone)
    await _be_reviewed(story, phone)
    await _go_live(story, phone)


async def _begin_and_leave(story: Story) -> SellerBrowser:
    link = await story.page_link()
    laptop = story.town.browser()
    home = await laptop.get(link)
    assert story.account_ids == []
    assert standing_of(home.html) == NOT_STARTED
    assert "There is nothing at Stripe yet." in home.text
    listed = await laptop.get(f"{HOME}/checklist")
    assert "The list appears here once you have started with Stripe." in listed.text

    # The link opened the pages once, and opens nothing any more.
    again = await story.town.browser().get(link)
    assert again.status == 400
    assert again.title.startswith("This link no longer works")

    page = await story.go_on(laptop, "Set up with Stripe")
    (account_id,) = story.account_ids
    assert page.title.startswith("Sign in to set up your payouts")
    page = await story.answer(laptop, "Your personal details")
    half = {"individual.first_name": "Mara", "individual.last_name": "Okafor"}
    back = await laptop.submit(page.form("step"), half, button="Save for later")
    assert back.url.startswith(f"{HOME}/back?outcome=incomplete")
    assert "You are back" in back.text
    at_stripe = await story.town.at_stripe(account_id)
    assert "individual.first_name" not in at_stripe["requirements"]["currently_due"]
    assert "individual.dob.year" in at_stripe["requirements"]["currently_due"]
    assert not at_stripe["details_submitted"]
    home = await story.screens(laptop, UNFINISHED)
    assert "What was already entered is saved." in home.text
    assert "You must act" in home.text
    return laptop


async def _come_back_next_day(story: Story, laptop: SellerBrowser) -> SellerBrowser:
    story.town.sandbox.clock.advance(int(NEXT_DAY.total_seconds()))
    await story.town.settle()
    minted, old = story.minted(), next(url for url in laptop.visited if "/setup/" in url)

    # Neither yesterday's session nor yesterday's links lead anywhere, and each says where to go.
    asleep = await laptop.get(HOME)
    assert asleep.status == 401
    assert asleep.title.startswith("Please sign in")
    assert "Sign out" not in asleep.text
    for device in (laptop, story.town.browser()):
        page = await device.get(old)
        assert page.status == 400
        assert page.title.startswith("This link no longer works")
        assert page.url.startswith(f"{ABOARD}/v1/connect/accounts/refresh?")
        assert "Nothing you gave at Stripe is lost." in page.text
        assert (await story.audit()).outcome == "refused:state.expired"
    assert story.minted() == minted

    phone = await story.device()
    await story.screens(phone, UNFINISHED)
    page = await story.go_on(phone, "Continue with Stripe")
    assert page.title.startswith("Sign in to set up your payouts")
    asked = await story.answer(phone, "Your personal details")
    # What was given yesterday is there, and the kind of business is not asked again.
    assert asked.form("step").control("individual.first_name").value == "Mara"
    assert not [url for url in phone.visited if url.endswith("/business-type")]
    back = await story.answer(phone, "the end")
    assert back.url.startswith(f"{HOME}/back?outcome=complete")
    assert standing_of(back.html) == WORKS
    assert len(story.account_ids) == 1
    home = await story.screens(phone, WORKS)
    assert "Nobody must act" in home.text
    return phone


async def _give_a_document(story: Story, phone: SellerBrowser) -> None:
    (account_id,) = story.account_ids
    await story.town.force(account_id, "reject_document")
    assert standing_of((await phone.get(HOME)).html) == WORKS  # the news is still on its way
    await story.town.settle()
    home = await story.screens(phone, ASKED)
    assert "Identity document" in home.text
    listed = await phone.get(f"{HOME}/checklist")
    assert "The document cannot be read in the picture." in listed.text

    await story.go_on(phone, "Continue with Stripe")
    page = await story.answer(phone, "Documents")
    assert page.title.startswith("Documents")
    picture = Attachment("passport.png", "image/png", PICTURE)
    form = page.form("step")
    pictures = {name: picture for name in form.names if name.endswith((".upload", ".back"))}
    await phone.submit(form, {**answers_to(form), **pictures})
    back = await story.answer(phone, "the end")
    assert back.url.startswith(f"{HOME}/back?outcome=complete")
    assert standing_of(back.html) == WORKS
    at_stripe = await story.town.at_stripe(account_id)
    assert DOCUMENT not in at_stripe["requirements"]["currently_due"]
    assert at_stripe["requirements"]["errors"] == []
    await story.screens(phone, WORKS)


async def _be_reviewed(story: Story, phone: SellerBrowser) -> None:
    (account_id,) = story.account_ids
    await story.town.force(account_id, "review")
    await story.town.settle()
    home = await story.screens(phone, CHECKING)
    assert "Stripe is checking" in home.text
    assert "You need to do nothing now." in home.text
    assert not [form for form in home.forms if form.action.endswith("/resume")]
    # Stripe's question is not the seller's: pressing on from an old page mints nothing.
    minted = story.minted()
    form = next(form for form in home.forms if form.action.endswith("/leave"))
    form.action = f"{HOME}/resume"
    page = await phone.submit(form)
    assert (page.status, page.url) == (409, f"{HOME}/resume")
    assert story.minted() == minted
    await story.town.force(account_id, "verify")
    await story.town.settle()
    await story.screens(phone, WORKS)


async def _go_live(story: Story, phone: SellerBrowser) -> None:
    town, place = story.town, "/v1/connect/accounts/org_1"
    policy = {"capabilities": ["card_payments", "transfers"], "conditions": ["payouts", "webhooks"]}
    path = "/v1/organizations/org_1/go-live-policy?mode=test"
    assert (await town.call("PUT", path, town.operator(), policy)).status == 200
    sentence = {"payments[payouts][statement_descriptor]": "MARKET"}
    await ask_stripe(town.sandbox, KEY, "/v1/balance_settings", sentence)
    await town.settle()
    admin = town.token("adam", {"org_1": Role.ADMIN})
    answer = await town.call("POST", f"{place}/go-live", admin, {"mode": "test"})
    assert (answer.status, answer.body["live"], answer.body["blockers"]) == (200, True, [])
    said = (await town.call("GET", f"{place}/setup-state?mode=test", admin)).body
    claims = ("onboarded", "operational", "live")
    assert [said[claim] for claim in claims] == [True, True, True]
    await story.screens(phone, WORKS)
