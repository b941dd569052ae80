"""A link of somebody else's does not swap who is signed in unseen: it asks, in every language."""

from pathlib import Path

import pytest

from aboard.core.caller import Caller, Role
from aboard.core.languages import LANGUAGES
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.tickets import OwnerPage
from aboard.dashboard.words import words_in
from aboard.flows.entry import issue_page_link
from tests.dashboard.shop import PLACE, Shop
from tests.journeys.town import ABOARD, open_town

OWN = {"sec-fetch-site": "same-origin"}
HARBOUR = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
QUAY = Owner(OwnerKind.ORGANIZATION, "org_2", Mode.TEST)
MARA = Caller("mara", {"org_1": Role.OWNER, "org_2": Role.OWNER})
EVE = Caller("eve", {"org_1": Role.OWNER, "org_2": Role.OWNER})


async def link_for(shop: Shop, owner: Owner, caller: Caller) -> str:
    issued = await issue_page_link(shop.town.platform, owner, caller, OwnerPage.STATUS)
    return issued.url.reveal()


async def entries(shop: Shop) -> list[str]:
    rows = await shop.town.platform.store.list_audit(action="page.entry")
    return [f"{row.actor} {row.outcome}" for row in reversed(rows)]


@pytest.mark.parametrize(
    ("owner", "caller"), [(QUAY, EVE), (HARBOUR, EVE), (QUAY, MARA)], ids=["both", "user", "owner"]
)
async def test_another_sign_in_asks_first_and_uses_nothing_up(
    shop: Shop, owner: Owner, caller: Caller
) -> None:
    browser = shop.browser(None)
    await browser.get(await link_for(shop, HARBOUR, MARA))
    (mine,) = browser.cookies
    theirs = await link_for(shop, owner, caller)
    page = await browser.get(theirs)
    assert (page.status, page.header("set-cookie")) == (200, None)
    assert "This link belongs to another sign-in" in page.text
    assert owner.id not in page.html.replace(PLACE, "")
    assert [cookie.value for cookie in browser.cookies] == [mine.value]
    assert (await browser.follow("Back to my page")).url == f"{ABOARD}{PLACE}"
    assert await entries(shop) == ["mara entered"]
    # The ticket is as good as before: one button goes on, and ends what was there.
    page = await browser.get(theirs)
    (form,) = [form for form in page.forms if form.action.endswith("/enter")]
    page = await browser.submit(form)
    assert (page.status, page.url) == (200, f"{ABOARD}/connect/organizations/{owner.id}/test")
    old = {"cookie": f"{mine.name}={mine.value}"}
    assert (await shop.send("GET", PLACE, old)).status == 401
    assert await entries(shop) == ["mara entered", f"{caller.user_id} entered", "mara left"]
    assert (await shop.browser(None).get(theirs)).status == 400


async def test_the_same_user_and_owner_go_straight_in(shop: Shop) -> None:
    browser = shop.browser(None)
    for _ in range(2):
        page = await browser.get(await link_for(shop, HARBOUR, MARA))
        assert page.url == f"{ABOARD}{PLACE}"


async def test_a_session_that_was_signed_out_asks_nothing(shop: Shop) -> None:
    browser = shop.browser(None)
    page = await browser.get(await link_for(shop, HARBOUR, MARA))
    (mine,) = browser.cookies
    await browser.submit(next(form for form in page.forms if form.action.endswith("/leave")))
    cookie = {"cookie": f"{mine.name}={mine.value}"}
    link = (await link_for(shop, QUAY, EVE)).removeprefix(ABOARD)
    assert (await shop.send("GET", link, cookie)).status == 303


async def test_a_link_that_opens_nothing_says_so_at_once(shop: Shop) -> None:
    browser = shop.browser(None)
    used = await link_for(shop, QUAY, EVE)
    await shop.browser(None).get(used)
    await browser.get(await link_for(shop, HARBOUR, MARA))
    for link in (used, f"{ABOARD}/connect/enter?ticket=forged"):
        page = await browser.get(link)
        assert page.status == 400
        assert "This link no longer works" in page.text


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "null"}, {}],
)
async def test_another_sites_button_brings_nobody_in(shop: Shop, headers: dict[str, str]) -> None:
    ticket = (await link_for(shop, QUAY, EVE)).partition("ticket=")[2]
    body = f"ticket={ticket}"
    reply = await shop.send("POST", "/connect/enter", {**headers, "cookie": ""}, body)
    assert (reply.status, dict(reply.headers).get("set-cookie")) == (403, None)
    reply = await shop.send("POST", "/connect/enter", {**OWN, "cookie": ""}, body)
    assert reply.status == 303
    for again in (body, "", "ticket=forged", "ticket=%FF"):
        reply = await shop.send("POST", "/connect/enter", {**OWN, "cookie": ""}, again)
        assert reply.status == 400


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_asks_in_every_language(shop: Shop, language: str) -> None:
    browser = shop.browser(None)
    await browser.get(await link_for(shop, HARBOUR, MARA))
    wanted = {"accept-language": language}
    page = await browser.get(await link_for(shop, QUAY, EVE), headers=wanted)
    words = words_in(language)["other_sign_in"]
    assert page.title.startswith(words["title"])
    assert all(said in page.text for said in words.values())


async def test_over_https_no_neighbour_can_plant_the_cookie(tmp_path: Path) -> None:
    base = "https://connect.harbour.example"
    async with open_town(tmp_path, ABOARD_PUBLIC_URL=base) as town:
        shop = Shop(town)
        link = (await link_for(shop, HARBOUR, MARA)).removeprefix(base)
        reply = await shop.send("GET", link, {"cookie": ""})
        name, _, token = dict(reply.headers)["set-cookie"].partition(";")[0].partition("=")
        assert name == "__Host-aboard_page"
        for cookie, status in ((name, 200), ("aboard_page", 401)):
            reply = await shop.send("GET", PLACE, {"cookie": f"{cookie}={token}"})
            assert reply.status == status
        asked = (await link_for(shop, QUAY, EVE)).removeprefix(base)
        assert (await shop.send("GET", asked, {"cookie": f"{name}={token}"})).status == 200
        reply = await shop.send("POST", "/connect/leave", {**OWN, "cookie": f"{name}={token}"})
        words = dict(reply.headers)["set-cookie"]
        assert words.startswith("__Host-aboard_page=; Path=/; Max-Age=0;")
        assert words.endswith("; Secure")
        assert (await shop.send("GET", PLACE, {"cookie": f"{name}={token}"})).status == 401
