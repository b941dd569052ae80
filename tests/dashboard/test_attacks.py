"""What an attacker tries at the owner pages: another owner's door, another site's form, noise."""

import asyncio
import string
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboard.core.caller import Caller, Role
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.state import Purpose
from aboard.core.tickets import OwnerPage
from aboard.flows.audit import REFUSED_ROWS
from aboard.flows.entry import issue_page_link
from aboard.flows.links import callback_address
from tests.dashboard.shop import PLACE, Shop
from tests.journeys.town import ABOARD

OWN = {"sec-fetch-site": "same-origin"}


async def organization_of_the_backend(shop: Shop, name: str) -> str:
    """Let the platform's backend make an organization for a seller, as its token allows."""
    made = await shop.town.call("POST", "/v1/organizations", shop.town.operator(), {"name": name})
    assert made.status == 201, made.body
    organization_id: str = made.body["organizationId"]
    return organization_id


async def page_link(shop: Shop, organization_id: str, mode: str = "test") -> str:
    """Let the platform's backend ask for a link to a seller's pages."""
    path = f"/v1/connect/accounts/{organization_id}/page-links"
    answer = await shop.town.call("POST", path, shop.town.operator(), {"mode": mode})
    assert answer.status == 200, answer.body
    url: str = answer.body["url"]
    return url


async def session_of(shop: Shop, link: str) -> str:
    """Use a link to the pages up and return the cookie that it leaves, as `name=value`."""
    reply = await shop.send("GET", link.removeprefix(ABOARD), {"cookie": ""})
    assert reply.status == 303
    return dict(reply.headers)["set-cookie"].partition(";")[0]


class TestOnePageSessionIsForOneOwner:
    """A seller who came by a link tries every other door with the cookie that it left."""

    async def test_not_for_other_organizations_that_the_backend_made(self, shop: Shop) -> None:
        mine, others = [await organization_of_the_backend(shop, name) for name in ("A", "B")]
        cookie = await session_of(shop, await page_link(shop, mine))
        own = await shop.send("GET", f"/connect/organizations/{mine}/test", {"cookie": cookie})
        assert own.status == 200
        place = f"/connect/organizations/{others}/test"
        for name in ("", "/checklist", "/back", "/country", "/start-over"):
            assert (await shop.send("GET", f"{place}{name}", {"cookie": cookie})).status == 403
        for name in ("resume", "dashboard", "start-over", "country"):
            reply = await shop.send("POST", f"{place}/{name}", {**OWN, "cookie": cookie})
            assert reply.status == 403

    async def test_not_for_other_organizations_of_a_stored_member(self, shop: Shop) -> None:
        town = shop.town
        mara = town.token("mara", {})
        ids = []
        for name in ("A", "B"):
            made = await town.call("POST", "/v1/organizations", mara, {"name": name})
            ids.append(made.body["organizationId"])
        path = f"/v1/connect/accounts/{ids[0]}/page-links"
        link = (await town.call("POST", path, mara, {"mode": "test"})).body["url"]
        cookie = await session_of(shop, link)
        for organization_id, status in zip(ids, (200, 403), strict=True):
            place = f"/connect/organizations/{organization_id}/test"
            assert (await shop.send("GET", place, {"cookie": cookie})).status == status

    async def test_not_for_the_other_mode(self, shop: Shop) -> None:
        cookie = await session_of(shop, await page_link(shop, "org_1"))
        live = "/connect/organizations/org_1/live"
        assert (await shop.send("GET", live, {"cookie": cookie})).status == 403
        reply = await shop.send("POST", f"{live}/resume", {**OWN, "cookie": cookie})
        assert reply.status == 403

    async def test_not_for_the_creator_of_the_same_user(self, shop: Shop) -> None:
        town = shop.town
        ada = town.token("ada", {"org_1": Role.OWNER})
        assert (await town.call("POST", "/api/v1/creators/upgrade", ada)).status in {200, 201}
        path = "/v1/connect/accounts/org_1/page-links"
        link = (await town.call("POST", path, ada, {"mode": "test"})).body["url"]
        cookie = await session_of(shop, link)
        assert (await shop.send("GET", "/connect/creator", {"cookie": cookie})).status == 404
        reply = await shop.send("POST", "/connect/creator/resume", {**OWN, "cookie": cookie})
        assert reply.status == 404

    async def test_not_for_organizations_of_the_same_creator(self, shop: Shop) -> None:
        town = shop.town
        ada = town.token("ada", {})
        assert (await town.call("POST", "/api/v1/creators/upgrade", ada)).status in {200, 201}
        made = await town.call("POST", "/v1/organizations", ada, {"name": "Harbour"})
        creator = Owner(OwnerKind.CREATOR, "ada", Mode.TEST)
        link = await issue_page_link(town.platform, creator, Caller("ada"), OwnerPage.STATUS)
        cookie = await session_of(shop, link.url.reveal())
        assert (await shop.send("GET", "/connect/creator", {"cookie": cookie})).status == 200
        place = f"/connect/organizations/{made.body['organizationId']}/test"
        assert (await shop.send("GET", place, {"cookie": cookie})).status == 403

    async def test_not_for_the_way_back_of_another_owner(self, shop: Shop) -> None:
        town = shop.town
        mine, others = [await organization_of_the_backend(shop, name) for name in ("A", "B")]
        cookie = await session_of(shop, await page_link(shop, mine))
        await town.onboarding_link(town.operator(), others)
        found = await town.platform.store.find_account_and_onboarding(
            Owner(OwnerKind.ORGANIZATION, others, Mode.TEST)
        )
        assert found is not None
        onboarding = found[1]
        assert onboarding is not None
        for purpose in Purpose:
            now = town.platform.clock()
            address = callback_address(town.platform, onboarding, purpose, now)
            reply = await shop.send("GET", address.removeprefix(ABOARD), {"cookie": cookie})
            assert reply.status == 403


async def test_one_seller_does_not_use_up_the_presses_of_all(shop: Shop) -> None:
    mine, others = [await organization_of_the_backend(shop, name) for name in ("A", "B")]
    greedy = await session_of(shop, await page_link(shop, mine))
    modest = await session_of(shop, await page_link(shop, others))
    button = "/connect/organizations/{}/test/start-over"
    for _ in range(30):
        await shop.send("POST", button.format(mine), {**OWN, "cookie": greedy})
    reply = await shop.send("POST", button.format(mine), {**OWN, "cookie": greedy})
    assert reply.status == 429
    reply = await shop.send("POST", button.format(others), {**OWN, "cookie": modest})
    assert reply.status == 303


STRANGE_IDS = (
    *("%C3%A9", "a%0D%0ASet-Cookie:x=1", "a%00b", "x" * 5000, "%FF%FE", "%20"),
    *("..", ".", "%2E%2E", "a%5Cb", "%5C..%5C", "a%252Fb", "%252E%252E", "a%3B..", "a%25zz"),
)


@pytest.mark.parametrize("organization_id", STRANGE_IDS, ids=range(len(STRANGE_IDS)))
async def test_what_can_be_no_id_has_no_pages_not_even_for_operators(
    shop: Shop, organization_id: str
) -> None:
    place = f"/connect/organizations/{organization_id}/test"
    before = await shop.town.platform.store.list_audit(limit=10)
    for token in (shop.town.operator(), shop.town.token(organizations={"\xe9": Role.OWNER})):
        cookie = {"cookie": f"aboard_session={token.reveal()}"}
        for name in ("", "/checklist", "/back", "/country", "/start-over"):
            assert (await shop.send("GET", f"{place}{name}", cookie)).status == 404
        for name in ("resume", "dashboard", "start-over", "country"):
            reply = await shop.send("POST", f"{place}/{name}", {**OWN, **cookie}, "country=GB")
            assert reply.status == 404
            assert "location" not in dict(reply.headers)
    assert await shop.town.platform.store.list_audit(limit=10) == before


PAGES = tuple(
    [("GET", name) for name in ("", "/checklist", "/back", "/country", "/start-over")]
    + [("POST", name) for name in ("/resume", "/dashboard", "/start-over", "/country")]
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    organization_id=st.text(string.printable, min_size=1, max_size=12)
    | st.text("./\\%;2Ff5c", min_size=1, max_size=6)
    | st.text(min_size=1, max_size=6),
    mode=st.sampled_from(["test", "live", "..", "%"]),
    page=st.sampled_from(PAGES),
)
async def test_no_id_is_our_fault(
    shop: Shop, organization_id: str, mode: str, page: tuple[str, str]
) -> None:
    method, name = page
    written = quote(organization_id.encode("utf-8", "replace"), safe="")
    place = f"/connect/organizations/{written}/{quote(mode, safe='')}{name}"
    cookie = {"cookie": f"aboard_session={shop.town.operator().reveal()}"}
    reply = await shop.send(method, place, {**OWN, **cookie}, "country=GB&confirmed=yes")
    # Live mode has no key in this town, and says so.
    assert reply.status < 500 or (mode, reply.status) == ("live", 503), place


async def test_a_stranger_who_is_signed_in_does_not_fill_the_audit(shop: Shop) -> None:
    town = shop.town
    mine, others = [await organization_of_the_backend(shop, name) for name in ("A", "B")]
    cookie = {"cookie": await session_of(shop, await page_link(shop, mine))}
    second = {"cookie": await session_of(shop, await page_link(shop, others))}
    for number in range(REFUSED_ROWS + 10):
        place = f"/connect/organizations/org_{number}/test"
        assert (await shop.send("GET", place, cookie)).status == 403
    rows = await town.platform.store.list_audit(
        action="organization.access", limit=2 * REFUSED_ROWS
    )
    assert len(rows) == REFUSED_ROWS
    # Another seller of the same backend is another stranger.
    assert (await shop.send("GET", PLACE, second)).status == 403
    (row,) = await town.platform.store.list_audit(limit=1)
    assert row.owner == Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
    assert town.platform.journal.counts["limit.reached"] == 10


HOSTILE_QUERIES = (
    "ticket=%FF&state=%FF&language=%FF&notice=%FF&since=%FF&seen=%FF&look=%FF&mode=%FF",
    "ticket=a&ticket=b&state=a&state=b&language=pt&language=xx",
    "since=999999999999999999999&seen=pending",
    "since=%D9%A1%D9%A2",
    "language=pt%0D%0ASet-Cookie:%20x=1&notice=%0D%0Ax",
    "&".join(f"a{number}=1" for number in range(300)),
    f"state={'x' * 70_000}&ticket={'x' * 70_000}",
    "=&&&==;;",
)
HOSTILE_COOKIES = (
    "aboard_session=\xff\xfe; aboard_page=\xc3\x28; aboard_language=\xff",
    ';;;=;=x; a; aboard_page; aboard_language="\\777"',
    "a=\x00\x01; aboard_page=\x7f",
    f"aboard_session={'x' * 60_000}; aboard_page={'y' * 60_000}",
    "; ".join(f"c{number}=1" for number in range(3000)),
)
ADDRESSES = (
    "/connect",
    "/connect/enter",
    "/connect/sign-in",
    "/connect/creator",
    "/connect/creators/%00/test",
    "/connect/assets/%00",
    PLACE,
    f"{PLACE}/back",
    "/v1/connect/accounts/return",
    "/v1/connect/accounts/refresh",
)


@pytest.mark.parametrize("address", ADDRESSES)
async def test_noise_is_never_our_fault(shop: Shop, address: str) -> None:
    for query in HOSTILE_QUERIES:
        reply = await shop.send("GET", f"{address}?{query}", {"accept-language": "\xff;q=\xb2,*"})
        assert reply.status < 500, query
        assert "\n" not in "".join(value for _, value in reply.headers)
    for cookie in HOSTILE_COOKIES:
        assert (await shop.send("GET", address, {"cookie": cookie})).status < 500, cookie[:40]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-dest": "image", "sec-fetch-mode": "no-cors", "sec-fetch-site": "same-site"},
        {"sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate", "sec-fetch-site": "same-site"},
        {"sec-fetch-dest": "empty", "sec-fetch-mode": "cors", "sec-fetch-site": "cross-site"},
        {"sec-purpose": "prefetch", "sec-fetch-dest": "document", "sec-fetch-mode": "navigate"},
        {"purpose": "prefetch"},
    ],
    ids=["picture", "frame", "script", "ahead", "ahead-of-old"],
)
async def test_a_ticket_opens_nothing_that_nobody_looks_at(
    shop: Shop, headers: dict[str, str]
) -> None:
    link = (await page_link(shop, "org_1")).removeprefix(ABOARD)
    reply = await shop.send("GET", link, {"cookie": "", **headers})
    assert reply.status == 400
    assert "set-cookie" not in dict(reply.headers)
    opened = {"sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}
    reply = await shop.send("GET", link, {"cookie": "", "sec-fetch-site": "cross-site", **opened})
    assert reply.status == 303


async def test_of_twenty_who_use_one_ticket_at_once_one_comes_in(shop: Shop) -> None:
    link = (await page_link(shop, "org_1")).removeprefix(ABOARD)
    replies = await asyncio.gather(*(shop.send("GET", link, {"cookie": ""}) for _ in range(20)))
    assert sorted(reply.status for reply in replies) == [303, *[400] * 19]
    assert sum("set-cookie" in dict(reply.headers) for reply in replies) == 1


async def test_who_was_taken_out_is_out_at_once(shop: Shop) -> None:
    town, mara = shop.town, shop.town.token("mara", {})
    made = await town.call("POST", "/v1/organizations", mara, {"name": "A"})
    organization_id = made.body["organizationId"]
    members = f"/v1/organizations/{organization_id}/members"
    given = {"role": "owner", "reason": "founder"}
    assert (await town.call("PUT", f"{members}/cleo", mara, given)).status == 200
    path = f"/v1/connect/accounts/{organization_id}/page-links"
    links = [(await town.call("POST", path, mara, {"mode": "test"})).body["url"] for _ in "ab"]
    cookie = {"cookie": await session_of(shop, links[0])}
    place = f"/connect/organizations/{organization_id}/test"
    cleo = town.token("cleo", {})
    lower = {"role": "support", "reason": "new work"}
    assert (await town.call("PUT", f"{members}/mara", cleo, lower)).status == 200
    assert (await shop.send("GET", place, cookie)).status == 200
    assert (await shop.send("POST", f"{place}/resume", {**OWN, **cookie})).status == 403
    assert (await town.call("DELETE", f"{members}/mara?reason=left", cleo)).status == 204
    assert (await shop.send("GET", place, cookie)).status == 403
    # Also with a link that was asked for before.
    cookie = {"cookie": await session_of(shop, links[1])}
    assert (await shop.send("GET", place, cookie)).status == 403
