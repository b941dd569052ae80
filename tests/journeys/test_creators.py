"""Whole stories of creators, from becoming one to Stripe's dashboard."""

import asyncio

from aboard.sandbox.browser import walk_onboarding
from tests.journeys.town import ABOARD, MARKET, STRIPE, Town, words_of


async def test_from_nothing_to_the_dashboard(town: Town) -> None:
    token = town.token()
    assert (await town.creator("refresh-link", token)).status == 404
    assert (await town.call("POST", "/api/v1/creators/upgrade", token)).status == 201
    early = await town.creator("refresh-link", token)
    assert early.status == 400
    assert early.body["error"]["i18nKey"] == "creator.stripe.account_not_found"
    begun = await town.creator("initiate", token)
    assert begun.status == 201
    account_id = begun.body["data"]["accountId"]
    closed = await town.creator("dashboard-link", token)
    assert closed.status == 400
    assert closed.body["error"]["i18nKey"] == "creator.stripe.not_active"
    browser = town.browser(token)
    ended = await walk_onboarding(browser, begun.body["data"]["onboardingUrl"])
    assert ended.startswith(f"{MARKET}/creator/back?")
    assert words_of(ended)["outcome"] == "complete"
    status = await town.creator("status", token)
    assert status.body["data"] == {
        "stripeAccountId": account_id,
        "stripeAccountStatus": "ACTIVE",
        "chargesEnabled": True,
        "payoutsEnabled": True,
        "detailsSubmitted": True,
    }
    door = await town.creator("dashboard-link", token)
    assert door.status == 200
    page = await browser.get(door.body["data"]["url"])
    assert page.status == 200
    assert page.url.startswith(STRIPE)


async def test_beginning_twice_is_one_account_and_two_links(town: Town) -> None:
    token = town.token()
    await town.call("POST", "/api/v1/creators/upgrade", token)
    answers = [await town.creator("initiate", token) for _ in range(2)]
    accounts = {answer.body["data"]["accountId"] for answer in answers}
    links = {answer.body["data"]["onboardingUrl"] for answer in answers}
    assert (len(accounts), len(links)) == (1, 2)


async def test_many_beginnings_at_once_are_one_account(town: Town) -> None:
    token = town.token()
    await town.call("POST", "/api/v1/creators/upgrade", token)
    answers = await asyncio.gather(*(town.creator("initiate", token) for _ in range(10)))
    assert {answer.status for answer in answers} <= {201, 409}
    made = {answer.body["data"]["accountId"] for answer in answers if answer.status == 201}
    assert len(made) == 1
    assert len(town.sandbox.worlds[0].accounts) == 1


async def test_a_used_link_leads_through_the_session_to_a_new_one(town: Town) -> None:
    token = town.token()
    await town.call("POST", "/api/v1/creators/upgrade", token)
    link = (await town.creator("initiate", token)).body["data"]["onboardingUrl"]
    browser = town.browser(token)
    await browser.get(link)
    page = await browser.get(link)
    assert page.url.startswith(STRIPE)
    assert page.status == 200
    assert browser.visited[-2].startswith(f"{ABOARD}/v1/connect/accounts/refresh?")
    stranger = await town.browser().get(link)
    assert stranger.address == f"{MARKET}/creator/again?outcome=refresh_needed"
