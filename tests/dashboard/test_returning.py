"""On the way back from Stripe: our pages where a redirect would not help."""

import re

from aboard.core.caller import Role
from tests.dashboard.shop import PLACE, Shop
from tests.journeys.town import ABOARD, STRIPE


async def test_a_loop_shows_the_checklist_in_our_look_and_goes_on(shop: Shop) -> None:
    link = await shop.town.onboarding_link(shop.town.token())
    browser = shop.browser()
    shop.town.sandbox.clock.advance(301)
    page = await browser.get(link)
    for _ in range(2):
        shop.town.sandbox.clock.advance(301)
        page = await browser.get(page.url)
    assert page.url.startswith(f"{ABOARD}/v1/connect/accounts/refresh?")
    assert "Stripe has sent you back several times" in page.text
    assert "Date of birth" in page.text
    assert page.html.count("<h3>Date of birth</h3>") == 1
    assert "?language=" not in page.html
    page = await browser.submit(page.form(0))
    assert page.url.startswith(f"{STRIPE}/setup/")


async def test_a_used_link_leads_its_owner_to_the_overview(shop: Shop) -> None:
    link = await shop.town.onboarding_link(shop.town.token())
    browser = shop.browser()
    shop.town.sandbox.clock.advance(301)
    await browser.get(link)
    used = next(url for url in browser.visited if "/refresh?" in url)
    page = await browser.get(used)
    assert page.url == f"{ABOARD}{PLACE}?notice=link_used"
    assert "That link had been used already" in page.text


async def test_a_forged_state_is_a_page_with_a_way_to_sign_in(shop: Shop) -> None:
    page = await shop.browser(None).get(f"{ABOARD}/v1/connect/accounts/return?state=forged")
    assert page.status == 400
    assert "This link no longer works" in page.text
    assert f"{ABOARD}/connect/sign-in" in [link.url for link in page.links]
    assert re.search(r"Reference: \S+", page.text)
    assert page.header("content-security-policy")


async def test_somebody_elses_link_is_refused_without_a_reason(shop: Shop) -> None:
    link = await shop.town.onboarding_link(shop.town.token())
    shop.town.sandbox.clock.advance(301)
    stranger = shop.town.browser(shop.town.token("eve", {"org_9": Role.OWNER}))
    page = await stranger.get(link)
    assert page.status == 403
    assert "This is not yours to open" in page.text
    assert "org_1" not in page.html


async def test_a_language_once_chosen_holds_on_the_way_back_too(shop: Shop) -> None:
    browser = shop.browser()
    await browser.get(f"{ABOARD}/connect/sign-in?language=de")
    page = await browser.get(f"{ABOARD}/v1/connect/accounts/return?state=nothing")
    assert page.status == 400
    assert '<html lang="de">' in page.html
