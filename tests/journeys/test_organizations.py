"""Whole stories of organizations, from the first link to what happens long after."""

import pytest

from aboard.core.caller import Role
from aboard.sandbox.browser import walk_onboarding
from tests.journeys.town import ABOARD, MARKET, STRIPE, Town, words_of


@pytest.mark.parametrize("business_type", ["individual", "company"])
async def test_from_nothing_to_ready(town: Town, business_type: str) -> None:
    token = town.token()
    assert (await town.connection(token))["readiness"] == "not_started"
    browser = town.browser(token)
    ended = await walk_onboarding(
        browser, await town.onboarding_link(token), {"business_type": business_type}
    )
    assert ended.startswith(f"{MARKET}/back?")
    assert words_of(ended)["outcome"] == "complete"
    assert words_of(ended)["readiness"] in {"complete", "enabled"}
    await town.settle()
    connection = await town.connection(token)
    assert connection["readiness"] in {"complete", "enabled"}
    assert connection["whoMustAct"] == "nobody"
    assert connection["source"] == "stored"
    assert connection["chargesEnabled"]
    assert connection["payoutsEnabled"]
    assert connection["capabilities"] == {"card_payments": "active", "transfers": "active"}


async def test_a_webhook_alone_brings_the_news(town: Town) -> None:
    token = town.token()
    await town.onboarding_link(token)
    await town.settle()
    account_id = (await town.connection(token))["stripeAccountId"]
    await town.force(account_id, "complete")
    assert (await town.connection(token))["readiness"] == "incomplete"
    await town.settle()
    assert (await town.connection(token))["readiness"] in {"complete", "enabled"}


async def test_leaving_half_way_keeps_what_was_given(town: Town) -> None:
    token = town.token()
    browser = town.browser(token)
    page = await browser.get(await town.onboarding_link(token))
    sign_in = {"email": "seller@example.com", "phone": "0000000000"}
    for answers in (sign_in, {"code": "000-000"}):
        page = await browser.submit(page.form("step"), answers)
        assert page.status == 200
    page = await browser.submit(page.form("step"), {"business_type": "company"}, button="later")
    assert (page.location or "").startswith(f"{MARKET}/back?")
    assert words_of(page.address) == {"outcome": "incomplete", "readiness": "incomplete"}
    before = await town.connection(token)
    assert before["whoMustAct"] == "owner"
    ended = await walk_onboarding(browser, await town.onboarding_link(token))
    assert words_of(ended)["outcome"] == "complete"
    after = await town.connection(token)
    assert after["stripeAccountId"] == before["stripeAccountId"]


async def test_a_link_that_expired_leads_to_a_new_one(town: Town) -> None:
    token = town.token()
    link = await town.onboarding_link(token)
    town.sandbox.clock.advance(301)
    browser = town.browser(token)
    page = await browser.get(link)
    assert page.status == 200
    assert page.url.startswith(STRIPE)
    assert page.url != link
    assert browser.visited[-2].startswith(f"{ABOARD}/v1/connect/accounts/refresh?")
    ended = await walk_onboarding(browser, await town.onboarding_link(token))
    assert words_of(ended)["outcome"] == "complete"


async def test_a_used_link_gives_a_stranger_nothing(town: Town) -> None:
    token = town.token()
    link = await town.onboarding_link(token)
    await town.browser(token).get(link)
    page = await town.browser().get(link)
    assert page.address == f"{MARKET}/again?outcome=refresh_needed"


async def test_a_session_of_somebody_else_is_turned_away(town: Town) -> None:
    token = town.token()
    link = await town.onboarding_link(token)
    await town.browser(token).get(link)
    other = town.token("user_2", {"org_2": Role.OWNER})
    page = await town.browser(other).get(link)
    assert page.status == 403
    assert page.url.startswith(ABOARD)
    # Nothing was spent: the owner's own visit still works.
    again = await town.browser(token).get(link)
    assert again.url.startswith(STRIPE)
    assert again.status == 200


async def test_the_third_refresh_shows_what_is_due_before_going_on(town: Town) -> None:
    token = town.token()
    browser = town.browser(token)
    link = await town.onboarding_link(token)
    await browser.get(link)
    for _ in range(2):
        page = await browser.get(link)
        assert page.url.startswith(STRIPE)
        assert page.url != link
        link = page.url
    page = await browser.get(link)
    assert page.url.startswith(ABOARD)
    assert page.status == 200
    form = page.forms[0]
    assert [button.text for button in form.buttons] == ["Continue to Stripe"]
    page = await browser.submit(form)
    assert page.status == 200
    assert page.url.startswith(STRIPE)
    # A quarter of an hour later the loop is forgotten.
    link = page.url
    town.sandbox.clock.advance(901)
    page = await browser.get(link)
    assert page.url.startswith(STRIPE)


async def test_coming_back_twice_changes_nothing(town: Town) -> None:
    token = town.token()
    browser = town.browser(token)
    await walk_onboarding(browser, await town.onboarding_link(token))
    callback = browser.visited[-1]
    before = await town.connection(token)
    page = await browser.get(callback)
    assert words_of(page.address)["outcome"] == "complete"
    assert await town.connection(token) == before


@pytest.mark.parametrize("position", [3, 40, -1])
async def test_a_forged_state_gets_a_page_and_nothing_else(town: Town, position: int) -> None:
    token = town.token()
    browser = town.browser(token)
    await walk_onboarding(browser, await town.onboarding_link(token))
    state = words_of(browser.visited[-1])["state"]
    letters = list(state)
    letters[position] = "A" if letters[position] != "A" else "B"
    for visit in ("return", "refresh"):
        page = await browser.get(f"{ABOARD}/v1/connect/accounts/{visit}?state={''.join(letters)}")
        assert page.status == 400
        assert page.location is None
        assert page.title


async def test_what_stripe_decides_later_is_known(town: Town) -> None:
    token = town.token()
    browser = town.browser(token)
    await walk_onboarding(browser, await town.onboarding_link(token))
    account_id = (await town.connection(token))["stripeAccountId"]
    await town.force(account_id, "require", requirement="individual.verification.document")
    await town.settle()
    connection = await town.connection(token)
    assert connection["readiness"] == "restricted"
    assert connection["whoMustAct"] == "owner"
    await town.force(account_id, "complete")
    await town.settle()
    assert (await town.connection(token))["whoMustAct"] == "nobody"
    await town.force(account_id, "reject")
    await town.settle()
    connection = await town.connection(token)
    assert (connection["readiness"], connection["whoMustAct"]) == ("rejected", "nobody")


async def test_an_owner_who_disconnects_can_begin_anew(town: Town) -> None:
    token = town.token()
    browser = town.browser(token)
    await walk_onboarding(browser, await town.onboarding_link(token))
    first = (await town.connection(token))["stripeAccountId"]
    await town.force(first, "deauthorize")
    await town.settle()
    connection = await town.connection(token)
    assert (connection["readiness"], connection["whoMustAct"]) == ("disconnected", "platform")
    refused = await town.ask_for_link(token)
    assert (refused.status, refused.body["code"]) == (409, "account_gone")
    ended = await walk_onboarding(browser, await town.onboarding_link(token, restart=True))
    assert words_of(ended)["outcome"] == "complete"
    second = (await town.connection(token))["stripeAccountId"]
    assert second != first


async def test_a_review_that_takes_time_is_pending_until_it_ends(town: Town) -> None:
    town.sandbox.policy.review_seconds = 600
    token = town.token()
    browser = town.browser(token)
    ended = await walk_onboarding(browser, await town.onboarding_link(token))
    assert words_of(ended)["outcome"] in {"pending", "restricted"}
    connection = await town.connection(token)
    assert (connection["readiness"], connection["whoMustAct"]) == ("pending", "stripe")
    town.sandbox.clock.advance(601)
    await town.settle()
    assert (await town.connection(token))["whoMustAct"] == "nobody"
