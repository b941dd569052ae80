"""Each page in each state: what it says is true, in five languages, and holds no secret."""

import re
from dataclasses import replace

import pytest

from aboard.core.caller import Caller, Role
from aboard.core.go_live import Condition, GoLivePolicy
from aboard.core.languages import LANGUAGES
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.wording import word_readiness, word_requirement
from aboard.flows.gate import close_gate, open_gate
from aboard.flows.sync import read_account
from aboard.sandbox.browser.page import Page
from tests.dashboard.shop import PLACE, SCENARIOS, Shop
from tests.journeys.town import ABOARD
from tests.leaks import PATTERNS

OWNER = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
PAGES = ("", "/checklist", "/back", "/country", "/start-over")
OFFERED = {
    "fresh": {"resume"},
    "half_done": {"resume"},
    "in_review": set(),
    "past_due": {"resume"},
    "restricted_soon": {"resume", "dashboard"},
    "complete": {"dashboard"},
    "rejected": set(),
    "disconnected": set(),
}


def buttons(page: Page) -> set[str]:
    """Return what the page's forms do, apart from signing out."""
    return {form.action.rpartition("/")[2] for form in page.forms} - {"leave"}


def look_for_secrets(page: Page) -> None:
    assert not [kind for kind, pattern in PATTERNS.items() if pattern.search(page.html)]
    assert "acct_" not in page.html


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_every_page_in_every_state_and_language(shop: Shop, scenario: str) -> None:
    await shop.bring_into(scenario)
    assessment = (await read_account(shop.town.platform, OWNER, fresh=False)).assessment
    browser = shop.browser()
    for language in LANGUAGES:
        said = word_readiness(assessment, language)
        for name in PAGES:
            page = await browser.get(f"{ABOARD}{PLACE}{name}?language={language}")
            assert (page.status, page.header("cache-control")) == (200, "no-store")
            assert f'<html lang="{language}">' in page.html
            assert page.title
            look_for_secrets(page)
            if name in {"", "/back"}:
                assert said.title in page.text
                assert said.what in page.text


@pytest.mark.parametrize(("scenario", "offered"), OFFERED.items())
async def test_only_buttons_that_make_sense_now(
    shop: Shop, scenario: str, offered: set[str]
) -> None:
    await shop.bring_into(scenario)
    assert buttons(await shop.page()) == offered
    assert buttons(await shop.page(f"{PLACE}/back")) == offered


async def test_before_anything_began(shop: Shop) -> None:
    page = await shop.page()
    assert "Set up with Stripe" in page.text
    assert buttons(page) == {"resume"}
    assert "appears here once you have started" in (await shop.page(f"{PLACE}/checklist")).text


async def test_what_is_on_and_what_is_not(shop: Shop) -> None:
    await shop.bring_into("complete")
    page = await shop.page()
    assert "Taking payments On Payouts to your bank account On" in page.text
    await shop.bring_into("past_due")
    page = await shop.page()
    assert re.search(r"Payouts to your bank account Off", page.text)


async def test_a_rejected_seller_reads_nothing_about_why(shop: Shop) -> None:
    await shop.bring_into("rejected")
    for name in PAGES:
        page = await shop.page(f"{PLACE}{name}")
        assert not re.search("fraud|listed|suspic|terms of service", page.html)
        assert "Contact Harbour Market" in page.text


async def test_a_deadline_is_told_in_the_zone_of_the_organization(shop: Shop) -> None:
    platform = shop.town.platform
    await shop.bring_into("restricted_soon")
    reading = await read_account(platform, OWNER, fresh=False)
    assert reading.assessment.deadline is not None
    assert "(UTC)" in (await shop.page()).text
    made = await shop.town.call(
        "POST",
        "/v1/organizations",
        shop.town.token(),
        {"organizationId": "org_1", "name": "Harbour <b>Ceramics</b>", "timeZone": "Europe/Lisbon"},
    )
    assert made.status == 201, made.body
    page = await shop.page()
    assert "(Europe/Lisbon)" in page.text
    assert "Harbour <b>Ceramics</b>" in page.text
    assert "<b>Ceramics" not in page.html


async def test_the_checklist_names_each_thing_once_with_why_and_what_to_do(shop: Shop) -> None:
    await shop.bring_into("half_done")
    page = await shop.page(f"{PLACE}/checklist")
    assert "Needed now" in page.text
    assert page.html.count("<h3>Date of birth</h3>") == 1
    words = word_requirement("individual.dob.day", "en")
    assert f"{words.help} Why: {words.why}" in page.text
    assert buttons(page) == {"resume"}


async def test_what_stripe_is_checking_asks_nothing_of_the_seller(shop: Shop) -> None:
    await shop.bring_into("in_review")
    page = await shop.page(f"{PLACE}/checklist")
    assert "Stripe asks for nothing at the moment" in page.text
    assert buttons(page) == set()


async def test_the_way_back_does_not_believe_the_words_in_its_address(shop: Shop) -> None:
    await shop.bring_into("past_due")
    page = await shop.page(f"{PLACE}/back?outcome=complete&readiness=complete")
    assert "Stripe needs something from you" in page.text
    assert "Everything is done" not in page.text


async def test_the_way_back_watches_only_while_stripe_is_checking(shop: Shop) -> None:
    account_id = await shop.bring_into("in_review")
    page = await shop.page(f"{PLACE}/back")
    watched = re.search(r'hx-get="([^"]+)"', page.html)
    assert watched is not None
    again = watched[1].replace("&amp;", "&")
    assert (await shop.page(again)).status == 204
    shop.town.sandbox.clock.advance(301)
    late = await shop.page(again)
    assert late.status == 200
    assert "hx-get" not in late.html
    await shop.town.force(account_id, "verify")
    await shop.town.settle()
    news = await shop.page(again)
    assert news.status == 200
    assert "Taking payments On" in news.text
    assert "hx-get" not in news.html
    assert "<script" not in news.html


async def test_looking_again_asks_stripe(shop: Shop) -> None:
    account_id = await shop.bring_into("half_done")
    await shop.town.force(account_id, "complete", collect="eventually_due")
    assert "The set-up is not finished" in (await shop.page()).text
    browser = shop.browser()
    await browser.get(f"{ABOARD}{PLACE}")
    page = await browser.follow("Look again")
    assert "Everything is done" in page.text


async def test_a_chosen_language_is_remembered(shop: Shop) -> None:
    browser = shop.browser()
    page = await browser.get(f"{ABOARD}{PLACE}", headers={"accept-language": "de"})
    assert '<html lang="de">' in page.html
    await browser.get(f"{ABOARD}{PLACE}?language=pt")
    page = await browser.get(f"{ABOARD}{PLACE}", headers={"accept-language": "de"})
    assert '<html lang="pt">' in page.html
    page = await browser.get(f"{ABOARD}{PLACE}?language=%3Cscript%3E")
    assert '<html lang="pt">' in page.html


async def test_payments_that_work_do_not_say_that_selling_is_open(shop: Shop) -> None:
    await shop.bring_into("complete")
    browser = shop.browser()
    address = f"{ABOARD}{PLACE}?language=en"
    # A platform that never opened the gate is not said to keep it closed.
    assert "Selling with" not in (await browser.get(address)).text
    platform = replace(
        shop.town.platform, policy=GoLivePolicy(conditions=frozenset({Condition.PAYOUTS}))
    )
    ana = Caller("user_ana", {OWNER.id: Role.OWNER})
    await open_gate(platform, OWNER, ana)
    opened = (await browser.get(address)).text
    assert "Selling with" in opened
    assert "Not open" not in opened
    await close_gate(platform, OWNER, ana)
    assert "Not open" in (await browser.get(address)).text
