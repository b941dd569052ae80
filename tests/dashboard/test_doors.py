"""In by a ticket, out by a button; pages for everything that goes wrong; headers of all."""

import html
from pathlib import Path

import pytest

from aboard.core.caller import Caller
from aboard.core.errors import AboardError
from aboard.core.languages import LANGUAGES
from aboard.core.tickets import OwnerPage
from aboard.dashboard.refusals import SITUATIONS, TABLE
from aboard.dashboard.words import words_in
from aboard.flows.entry import issue_page_link
from aboard.web.refusals import Situation
from tests.dashboard.shop import PLACE, Shop
from tests.dashboard.test_entry import CREATOR, MARA, ORGANIZATION
from tests.journeys.town import ABOARD, open_town
from tests.leaks import SecretsInPlay


def every_fact(root: type[AboardError] = AboardError) -> list[type[AboardError]]:
    return [each for kind in root.__subclasses__() for each in (kind, *every_fact(kind))]


async def link_for(shop: Shop, page: OwnerPage = OwnerPage.STATUS) -> str:
    issued = await issue_page_link(shop.town.platform, ORGANIZATION, MARA, page)
    return issued.url.reveal()


async def test_a_link_opens_the_pages_once(shop: Shop, secrets_in_play: SecretsInPlay) -> None:
    link = await link_for(shop, OwnerPage.CHECKLIST)
    secrets_in_play.add(link.partition("ticket=")[2])
    browser = shop.browser(None)
    page = await browser.get(link)
    assert (page.status, page.url) == (200, f"{ABOARD}{PLACE}/checklist")
    assert (await browser.get(f"{ABOARD}{PLACE}")).status == 200
    second = await shop.browser(None).get(link)
    assert second.status == 400
    assert "This link no longer works" in second.text
    assert "org_1" not in second.html


async def test_the_cookie_is_shut_to_scripts_and_to_other_sites_forms(shop: Shop) -> None:
    link = await link_for(shop)
    reply = await shop.send("GET", link.removeprefix(ABOARD), {"cookie": ""})
    headers = dict(reply.headers)
    assert (reply.status, reply.body) == (303, b"")
    assert headers["location"] == f"{ABOARD}{PLACE}"
    assert headers["referrer-policy"] == "no-referrer"
    words = headers["set-cookie"].split("; ")[1:]
    assert words == ["Path=/", "Max-Age=14400", "HttpOnly", "SameSite=Lax"]


async def test_the_cookie_is_secure_outside_loopback(tmp_path: Path) -> None:
    async with open_town(tmp_path, ABOARD_PUBLIC_URL="https://connect.harbour.example") as town:
        shop = Shop(town)
        link = await link_for(shop)
        path = link.removeprefix("https://connect.harbour.example")
        reply = await shop.send("GET", path, {"cookie": ""})
        assert dict(reply.headers)["set-cookie"].endswith("; Secure")
        headers = dict((await shop.send("GET", PLACE)).headers)
        assert "http:" not in headers["content-security-policy"]


async def test_a_session_of_ours_opens_nobody_elses_pages(shop: Shop) -> None:
    browser = shop.browser(None)
    await browser.get(await link_for(shop))
    # Mara owns org_2 too, but this session is for org_1 alone.
    assert (await browser.get(f"{ABOARD}/connect/organizations/org_2/test")).status == 403
    assert (await browser.get(f"{ABOARD}/connect/creator")).status == 404


async def test_leaving_ends_the_session(shop: Shop) -> None:
    browser = shop.browser(None)
    page = await browser.get(await link_for(shop))
    leave = next(form for form in page.forms if form.action.endswith("/leave"))
    (copied,) = [cookie for cookie in browser.cookies if cookie.name == "aboard_page"]
    page = await browser.submit(leave)
    assert "You are signed out" in page.text
    stolen = {"cookie": f"{copied.name}={copied.value}"}
    assert (await shop.send("GET", PLACE, stolen)).status == 401
    reply = await shop.send("POST", f"{PLACE}/resume", {**stolen, "sec-fetch-site": "same-origin"})
    assert reply.status == 401
    assert (await browser.get(f"{ABOARD}{PLACE}")).status == 401


async def test_a_creators_own_pages(shop: Shop) -> None:
    town = shop.town
    token = town.token("ada", {})
    assert (await town.call("POST", "/api/v1/creators/upgrade", token)).status in {200, 201}
    issued = await issue_page_link(town.platform, CREATOR, Caller("ada"), OwnerPage.STATUS)
    browser = shop.browser(None)
    page = await browser.get(issued.url.reveal())
    assert (page.status, page.url) == (200, f"{ABOARD}/connect/creator/test")
    assert "Set up with Stripe" in page.text
    page = await browser.get(f"{ABOARD}/connect/creators/ada/test?notice=link_used")
    assert page.url == f"{ABOARD}/connect/creator/test?notice=link_used"
    assert "That link had been used already" in page.text
    assert (await browser.get(f"{ABOARD}/connect/creators/eve/test")).status == 404


def test_every_fact_and_situation_has_a_page_with_words() -> None:
    assert set(every_fact()) - set(TABLE) == set()
    assert set(SITUATIONS) == set(Situation)
    for row in (*TABLE.values(), *SITUATIONS.values()):
        for language in LANGUAGES:
            assert words_in(language)[row.page]["title"]


async def test_switched_off_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    async with open_town(tmp_path, ABOARD_ONBOARDING="false") as town:
        reply = await Shop(town).send(
            "POST", f"{PLACE}/resume", {"sec-fetch-site": "same-origin", "accept-language": "fr"}
        )
        assert reply.status == 503
        assert "désactivé pour l&#39;instant" in reply.body.decode()
        assert dict(reply.headers)["retry-after"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/connect", 200),
        ("/connect/", 200),
        ("/connect/nowhere", 404),
        ("/connect/organizations/org_1/staging", 404),
        ("/connect/organizations/org_1", 404),
        ("/connect/creator", 404),
        ("/connect/enter", 400),
        ("/connect/enter?ticket=forged", 400),
        ("/connect/sign-in", 200),
        ("/connect/left", 200),
        ("/connect/assets/connect-0.css", 404),
        ("/connect/assets/..%2fwords%2fen.toml", 404),
    ],
)
async def test_other_addresses(shop: Shop, path: str, status: int) -> None:
    assert (await shop.send("GET", path)).status == status


async def test_every_page_carries_its_headers(shop: Shop) -> None:
    for path in (PLACE, f"{PLACE}/checklist", "/connect/sign-in", "/connect/nowhere"):
        reply = await shop.send("GET", path)
        headers = dict(reply.headers)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["x-request-id"]
        assert b" style=" not in reply.body
        assert b" onclick" not in reply.body


async def test_files_are_kept_for_a_year_under_a_name_of_their_content(shop: Shop) -> None:
    page = await shop.page()
    style = page.html.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    reply = await shop.send("GET", style)
    headers = dict(reply.headers)
    assert reply.status == 200
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"] == "text/css; charset=utf-8"
    assert b"--brand: #0b6470; --on-brand: #ffffff" in reply.body
    assert (await shop.send("HEAD", style)).body == b""
    assert (await shop.send("POST", style, {"sec-fetch-site": "same-origin"})).status == 404


async def test_a_platforms_brand(tmp_path: Path) -> None:
    async with open_town(
        tmp_path,
        ABOARD_BRAND_NAME="<i>Harbour</i> & {words}",
        ABOARD_BRAND_LOGO_URL="https://cdn.harbour.example/logo.svg?a=1&b=2",
        ABOARD_BRAND_COLOR="#ffcc00",
    ) as town:
        shop = Shop(town)
        page = await shop.page()
        assert "<i>Harbour" not in page.html
        assert html.escape("https://cdn.harbour.example/logo.svg?a=1&b=2") in page.html
        assert "img-src 'self' https://cdn.harbour.example;" in (
            page.header("content-security-policy") or ""
        )
        style = page.html.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
        assert b"--brand: #ffcc00; --on-brand: #000000" in (await shop.send("GET", style)).body
        hostile = "/connect/organizations/%3Cscript%3Ealert(1)%3C%2Fscript%3E/test"
        refused = await shop.page(hostile)
        assert refused.status in {403, 404}
        assert "<script>" not in refused.html


async def test_the_tab_has_an_icon_in_the_colour_of_the_platform(shop: Shop) -> None:
    page = await shop.page("/connect/sign-in")
    address = page.html.partition('<link rel="icon" type="image/svg+xml" href="')[2].partition('"')
    icon = await shop.send("GET", address[0])
    kinds = dict(icon.headers)
    assert (icon.status, kinds["content-type"]) == (200, "image/svg+xml")
    assert b"<svg" in icon.body
