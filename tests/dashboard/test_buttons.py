"""What the buttons do, for whom, and that no other site can press them."""

import re
from collections.abc import Mapping

import pytest

from aboard.core.caller import Role
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.sandbox.browser import walk_onboarding
from tests.dashboard.shop import PLACE, Shop
from tests.journeys.town import ABOARD, MARKET, STRIPE

OWNER = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
OWN = {"sec-fetch-site": "same-origin"}
BUTTONS = ("resume", "dashboard", "start-over", "country")


async def test_from_nothing_to_done_without_the_platforms_pages(shop: Shop) -> None:
    browser = shop.browser()
    page = await browser.get(f"{ABOARD}{PLACE}")
    page = await browser.submit(page.form(0))
    assert page.url.startswith(f"{STRIPE}/setup/")
    await walk_onboarding(browser, page.url, {"business_type": "individual"})
    assert browser.page is not None
    assert browser.page.url.startswith(f"{ABOARD}{PLACE}/back?outcome=complete")
    assert "You are back" in browser.page.text
    assert "Taking payments On" in browser.page.text


async def test_going_on_keeps_the_addresses_that_the_platform_gave(shop: Shop) -> None:
    await shop.bring_into("half_done")
    browser = shop.browser()
    page = await browser.get(f"{ABOARD}{PLACE}")
    page = await browser.submit(page.form(0))
    page = await browser.submit(page.form("step"), button="later")
    assert (page.location or "").startswith(f"{MARKET}/back?")


@pytest.mark.parametrize("scenario", ["in_review", "complete"])
async def test_nobody_is_sent_to_stripe_for_nothing(shop: Shop, scenario: str) -> None:
    await shop.bring_into(scenario)
    before = len(shop.town.sandbox.world("sk_test_aboard_words").links)
    reply = await shop.send("POST", f"{PLACE}/resume", OWN)
    assert reply.status == 409
    assert b"There is nothing to give right now" in reply.body
    assert len(shop.town.sandbox.world("sk_test_aboard_words").links) == before


async def test_the_dashboard_opens_at_stripe_once_active(shop: Shop) -> None:
    await shop.bring_into("half_done")
    refused = await shop.send("POST", f"{PLACE}/dashboard", OWN)
    assert refused.status == 409
    assert b"Not available yet" in refused.body
    await shop.bring_into("complete")
    browser = shop.browser()
    page = await browser.get(f"{ABOARD}{PLACE}")
    page = await browser.submit(page.form(0))
    assert page.url.startswith(f"{STRIPE}/express/")


async def test_starting_again_asks_first_and_makes_a_new_account(shop: Shop) -> None:
    old = await shop.bring_into("disconnected")
    browser = shop.browser()
    page = await browser.get(f"{ABOARD}{PLACE}")
    assert "You can start again with a new account" in page.text
    assert "Look again" not in page.text
    page = await browser.follow("Start again")
    unsure = await shop.send("POST", f"{PLACE}/start-over", OWN, "confirmed=perhaps")
    assert unsure.status == 422
    assert b"Please tick the box first" in unsure.body
    page = await browser.submit(page.form(0), {"confirmed": "yes"})
    assert page.url.startswith(f"{STRIPE}/setup/")
    connection = await shop.town.connection(shop.town.token())
    assert connection["stripeAccountId"] != old
    assert connection["readiness"] == "incomplete"


async def test_starting_again_is_not_for_an_account_that_is_there(shop: Shop) -> None:
    account_id = await shop.bring_into("half_done")
    reply = await shop.send("POST", f"{PLACE}/start-over", OWN, "confirmed=yes")
    assert dict(reply.headers)["location"] == PLACE
    connection = await shop.town.connection(shop.town.token())
    assert connection["stripeAccountId"] == account_id


async def test_another_country_while_nothing_was_handed_in(shop: Shop) -> None:
    old = await shop.bring_into("fresh")
    browser = shop.browser()
    await browser.get(f"{ABOARD}{PLACE}")
    page = await browser.follow("My business is in another country")
    assert "Started in: United States" in page.text
    for body in ("country=", "country=ZZ", "country=US%0d%0a"):
        wrong = await shop.send("POST", f"{PLACE}/country", OWN, body)
        assert wrong.status == 422
        assert b"Choose the country your business is in" in wrong.body
    page = await browser.submit(page.form(0), {"country": "DE"})
    assert page.url.startswith(f"{STRIPE}/setup/")
    connection = await shop.town.connection(shop.town.token())
    assert connection["stripeAccountId"] != old
    assert "Started in: Germany" in (await shop.page(f"{PLACE}/country")).text


async def test_another_country_from_the_beginning(shop: Shop) -> None:
    browser = shop.browser()
    await browser.get(f"{ABOARD}{PLACE}")
    page = await browser.follow("My business is in another country")
    assert "Started in" not in page.text
    assert "has to be typed again" not in page.text
    page = await browser.submit(page.form(0), {"country": "PT"})
    assert page.url.startswith(f"{STRIPE}/setup/")
    assert "Started in: Portugal" in (await shop.page(f"{PLACE}/country")).text


@pytest.mark.parametrize(
    ("scenario", "name", "said"),
    [
        (None, "start-over", "There is nothing at Stripe yet."),
        ("half_done", "start-over", "Your account at Stripe is connected."),
        ("disconnected", "country", "Your account at Stripe is no longer connected."),
        ("rejected", "country", "the country is fixed"),
    ],
)
async def test_what_does_not_apply_says_why(
    shop: Shop, scenario: str | None, name: str, said: str
) -> None:
    if scenario is not None:
        await shop.bring_into(scenario)
    page = await shop.page(f"{PLACE}/{name}")
    assert page.status == 200
    assert said in page.text
    assert page.forms == []


async def test_the_country_is_fixed_once_details_were_handed_in(shop: Shop) -> None:
    account_id = await shop.bring_into("past_due")
    assert "country is fixed" in (await shop.page(f"{PLACE}/country")).text
    reply = await shop.send("POST", f"{PLACE}/country", OWN, "country=DE")
    assert reply.status == 409
    connection = await shop.town.connection(shop.town.token())
    assert connection["stripeAccountId"] == account_id


@pytest.mark.parametrize("button", [*(f"{PLACE}/{name}" for name in BUTTONS), "/connect/leave"])
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": ABOARD},
        {"sec-fetch-site": "same-site", "origin": ABOARD},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"{ABOARD}.evil.example"},
        {},
    ],
    ids=["cross-site", "same-site", "typed", "other", "null", "longer", "silent"],
)
async def test_no_other_site_presses_a_button(
    shop: Shop, button: str, headers: Mapping[str, str]
) -> None:
    reply = await shop.send("POST", button, headers, "confirmed=yes&country=DE")
    assert reply.status == 403
    assert b"Please press the button again" in reply.body
    assert "set-cookie" not in dict(reply.headers)
    connection = await shop.town.connection(shop.town.token())
    assert connection["readiness"] == "not_started"


async def test_an_older_browser_says_where_it_pressed_in_another_header(shop: Shop) -> None:
    reply = await shop.send("POST", f"{PLACE}/resume", {"origin": ABOARD})
    assert reply.status == 303
    assert dict(reply.headers)["location"].startswith(f"{STRIPE}/setup/")
    assert dict(reply.headers)["cache-control"] == "no-store"
    assert dict(reply.headers)["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("role", [Role.FINANCE, Role.SUPPORT])
async def test_who_only_reads_gets_no_button_and_presses_none(shop: Shop, role: Role) -> None:
    await shop.bring_into("half_done")
    page = await shop.page(role=role)
    assert "Only an owner or an admin" in page.text
    assert page.forms == []
    for name in ("country", "start-over"):
        asked = await shop.page(f"{PLACE}/{name}", role=role)
        assert "Only an owner or an admin" in asked.text
        assert asked.forms == []
    cookie = f"aboard_session={shop.session(role).reveal()}"
    for name in BUTTONS:
        reply = await shop.send("POST", f"{PLACE}/{name}", {**OWN, "cookie": cookie})
        assert reply.status == 403
        assert b"This is not yours to open" in reply.body


async def test_support_reads_no_compliance_detail(shop: Shop) -> None:
    await shop.bring_into("half_done")
    for path in (PLACE, f"{PLACE}/checklist", f"{PLACE}/back"):
        support = await shop.page(path, role=Role.SUPPORT)
        finance = await shop.page(path, role=Role.FINANCE)
        assert "Date of birth" not in support.text
        assert "Date of birth" in finance.text
    await shop.bring_into("restricted_soon")
    for path in (PLACE, f"{PLACE}/back"):
        assert "Please be done by" not in (await shop.page(path, role=Role.SUPPORT)).text
        assert "Please be done by" in (await shop.page(path, role=Role.FINANCE)).text


async def test_who_only_reads_is_not_told_to_act(shop: Shop) -> None:
    await shop.bring_into("restricted_soon")
    reader, owner = await shop.page(role=Role.FINANCE), await shop.page()
    assert "An owner or an admin must act" in reader.text
    for order in ("You must act", "Give Stripe what the list below names"):
        assert order in owner.text
        assert order not in reader.text


async def test_strangers_are_asked_to_sign_in_and_learn_nothing(shop: Shop) -> None:
    await shop.bring_into("half_done")
    for name in ("", "/checklist", "/back", "/country", "/start-over"):
        page = await shop.page(f"{PLACE}{name}", role=None)
        assert page.status == 401
        assert "Please sign in" in page.text
        assert "https://harbour.example/sign-in" in [link.url for link in page.links]
        assert "org_1" not in page.html
    other = await shop.page("/connect/organizations/org_2/test")
    unknown = await shop.page("/connect/organizations/nobody/test")
    assert (other.status, unknown.status) == (403, 403)
    assert re.sub(r"Reference: \S+", "", other.text) == re.sub(r"Reference: \S+", "", unknown.text)


async def test_too_many_presses_are_counted(shop: Shop) -> None:
    for _ in range(30):
        await shop.send("POST", f"{PLACE}/start-over", OWN)
    reply = await shop.send("POST", f"{PLACE}/start-over", OWN)
    assert reply.status == 429
    assert dict(reply.headers)["retry-after"].isdigit()
