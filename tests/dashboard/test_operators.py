"""Who comes into the operator's pages, and who does not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aboard.core.caller import Caller, Role
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.tickets import OwnerPage
from aboard.flows.entry import issue_page_link
from tests.dashboard.office import OFFICE, Office, open_office
from tests.journeys.town import ABOARD
from tests.leaks import SecretsInPlay

PAGES = [
    "",
    "/callers",
    "/callers/new",
    "/callers/gwc_none",
    "/callers/gwc_none/change",
    "/calls",
    "/calls/export.csv",
    "/calls/export.jsonl",
    "/credentials",
    "/explore",
    "/explore/account_links/create",
    "/explore/nothing/at-all",
]
BUTTONS = [
    "/callers",
    "/callers/gwc_none/change",
    "/callers/gwc_none/disable",
    "/callers/gwc_none/enable",
    "/callers/gwc_none/remove",
    "/callers/gwc_none/tokens",
    "/callers/gwc_none/tokens/gwt_none/rotate",
    "/callers/gwc_none/tokens/gwt_none/revoke",
    "/explore/token",
]
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as built:
        yield built


@pytest.mark.parametrize("path", PAGES)
async def test_nobody_and_no_member_sees_a_page(office: Office, path: str) -> None:
    reply = await office.send("GET", f"{OFFICE}{path}")
    assert reply.status == 401
    assert "aboard gateway pages" in reply.body.decode()
    member = office.town.token("mara", {"org_1": Role.OWNER})
    reply = await office.send("GET", f"{OFFICE}{path}", session=member)
    assert reply.status == 403
    assert [row.outcome for row in await office.audit("operator.entry")] == ["refused:not_operator"]


@pytest.mark.parametrize("path", BUTTONS)
async def test_nobody_and_no_other_site_presses_a_button(office: Office, path: str) -> None:
    assert (await office.send("POST", f"{OFFICE}{path}", OURS, form={})).status == 401
    member = office.town.token("mara", {"org_1": Role.OWNER})
    reply = await office.send("POST", f"{OFFICE}{path}", OURS, session=member, form={})
    assert reply.status == 403
    operator = office.town.operator()
    for headers in ({}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}):
        reply = await office.send("POST", f"{OFFICE}{path}", headers, session=operator, form={})
        assert reply.status == 403, headers
        assert "press the button again" in reply.body.decode()


async def test_a_link_lets_in_once(office: Office, secrets_in_play: SecretsInPlay) -> None:
    link = await office.link()
    secrets_in_play.add(link.partition("ticket=")[2])
    browser = office.town.browser()
    page = await browser.get(link)
    assert (page.status, page.url) == (200, f"{ABOARD}{OFFICE}")
    assert "ana" in page.text
    assert (await browser.get(f"{ABOARD}{OFFICE}/callers")).status == 200
    again = await office.town.browser().get(link)
    assert again.status == 400
    assert "This link no longer works" in again.text
    outcomes = [row.outcome for row in await office.audit("operator.entry")]
    assert sorted(outcomes) == ["entered", "refused:state.spent"]
    assert [row.actor for row in await office.audit("operator.link")] == ["ana"]


async def test_the_cookie(office: Office, tmp_path: Path) -> None:
    link = await office.link()
    reply = await office.send("GET", link.removeprefix(ABOARD))
    headers = dict(reply.headers)
    assert (reply.status, headers["location"]) == (303, OFFICE)
    assert headers["set-cookie"].split("; ")[1:] == [
        "Path=/",
        "Max-Age=14400",
        "HttpOnly",
        "SameSite=Lax",
    ]
    public = "https://connect.harbour.example"
    (tmp_path / "other").mkdir()
    async with open_office(tmp_path / "other", ABOARD_PUBLIC_URL=public) as other:
        reply = await other.send("GET", (await other.link()).removeprefix(public))
        cookie = dict(reply.headers)["set-cookie"]
        assert cookie.startswith("__Host-aboard_operator=so1.")
        assert cookie.endswith("; Secure")


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-dest": "image"}, {"sec-purpose": "prefetch"}, {"purpose": "prefetch;prerender"}],
    ids=str,
)
async def test_what_nobody_opened_uses_no_link_up(office: Office, headers: dict[str, str]) -> None:
    link = (await office.link()).removeprefix(ABOARD)
    assert (await office.send("GET", link, headers)).status == 400
    assert (await office.send("GET", link)).status == 303


async def test_leaving_ends_every_copy(office: Office) -> None:
    browser = await office.browser()
    (copied,) = [each for each in browser.cookies if each.name == "aboard_operator"]
    page = await office.press(browser, "/gateway/leave")
    assert "You are signed out" in page.text
    stolen = {"cookie": f"{copied.name}={copied.value}"}
    assert (await office.send("GET", OFFICE, stolen)).status == 401


async def test_the_platforms_own_session_is_enough(office: Office) -> None:
    reply = await office.send("GET", OFFICE, session=office.town.operator())
    assert reply.status == 200
    # It is not ours to end.
    assert b"gateway/leave" not in reply.body


async def test_a_sellers_session_is_nothing_here(office: Office) -> None:
    owner = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
    # Asked for by an operator, it is a session of the owner's pages all the same.
    backend = Caller("backend", is_operator=True)
    issued = await issue_page_link(office.town.platform, owner, backend, OwnerPage.STATUS)
    browser = office.town.browser()
    assert (await browser.get(issued.url.reveal())).status == 200
    assert (await browser.get(f"{ABOARD}{OFFICE}")).status == 403
    browser = await office.browser()
    assert (await browser.get(f"{ABOARD}/connect/organizations/org_1/test")).status == 401


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "to1.k1.e30.x", "so1.k1.e30.x", "so1." + "a" * 5000, "so1.k1..", "\xff"],
    ids=range(7),
)
async def test_a_made_up_cookie_is_nobody(office: Office, cookie: str) -> None:
    reply = await office.send("GET", OFFICE, {"cookie": f"aboard_operator={cookie}"})
    assert reply.status == 401


async def test_a_ticket_is_no_session(office: Office) -> None:
    ticket = (await office.link()).partition("ticket=")[2]
    reply = await office.send("GET", OFFICE, {"cookie": f"aboard_operator={ticket}"})
    assert reply.status == 401
