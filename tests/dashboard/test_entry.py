"""A ticket opens the owner's pages once, for one owner, and nothing else opens them."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from aboard.core.caller import Caller, Role
from aboard.core.errors import StateExpired, StateForged, StateInvalid, StateSpent
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.core.state import KeyRing, Purpose, State, issue_state
from aboard.core.tickets import OwnerPage, PageSession, Visit, issue_session
from aboard.flows.entry import enter, find_page_session, issue_page_link, leave
from aboard.flows.housekeeping import forget_expired
from tests.leaks import SecretsInPlay
from tests.scene import Scene

ORGANIZATION = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)
CREATOR = Owner(OwnerKind.CREATOR, "ada", Mode.TEST)
MARA = Caller("mara", {"org_1": Role.ADMIN, "org_2": Role.OWNER})


async def ticket_for(
    scene: Scene,
    owner: Owner = ORGANIZATION,
    caller: Caller = MARA,
    page: OwnerPage = OwnerPage.STATUS,
) -> str:
    issued = await issue_page_link(scene.platform, owner, caller, page)
    address = urlsplit(issued.url.reveal())
    assert (address.netloc, address.path) == ("localhost:4242", "/connect/enter")
    return parse_qs(address.query)["ticket"][0]


@pytest.mark.parametrize(
    ("page", "place"),
    [
        (OwnerPage.STATUS, "/connect/organizations/org_1/test"),
        (OwnerPage.CHECKLIST, "/connect/organizations/org_1/test/checklist"),
        (OwnerPage.BACK, "/connect/organizations/org_1/test/back"),
    ],
)
async def test_a_ticket_opens_its_page_once(
    scene: Scene, secrets_in_play: SecretsInPlay, page: OwnerPage, place: str
) -> None:
    ticket = await ticket_for(scene, page=page)
    secrets_in_play.add(ticket)
    entered = await enter(scene.platform, ticket)
    secrets_in_play.add(entered.session_token.reveal())
    assert entered.location == f"http://localhost:4242{place}"
    assert entered.lifetime == timedelta(hours=4)
    caller = await find_page_session(scene.platform, entered.session_token.reveal())
    assert caller == Caller("mara", {"org_1": Role.ADMIN}, only=ORGANIZATION)
    with pytest.raises(StateSpent):
        await enter(scene.platform, ticket)


async def test_a_creator_enters_as_themselves(scene: Scene) -> None:
    operator = Caller("backend", is_operator=True)
    for caller in (Caller("ada"), operator):
        entered = await enter(scene.platform, await ticket_for(scene, CREATOR, caller))
        assert entered.location == "http://localhost:4242/connect/creator/test"
        found = await find_page_session(scene.platform, entered.session_token.reveal())
        assert found == Caller("ada", only=CREATOR)


async def test_an_operators_link_comes_with_the_owners_role_and_no_more(scene: Scene) -> None:
    operator = Caller("backend", is_operator=True)
    entered = await enter(scene.platform, await ticket_for(scene, ORGANIZATION, operator))
    caller = await find_page_session(scene.platform, entered.session_token.reveal())
    assert caller == Caller("backend", {"org_1": Role.OWNER}, only=ORGANIZATION)


async def test_a_stored_member_carries_no_role_so_that_the_stored_one_is_asked(
    scene: Scene,
) -> None:
    entered = await enter(scene.platform, await ticket_for(scene, caller=Caller("mara")))
    caller = await find_page_session(scene.platform, entered.session_token.reveal())
    assert caller == Caller("mara", only=ORGANIZATION)


def _other_key(token: str) -> str:
    return token.replace(".k1.", ".k2.")


def _cut(token: str) -> str:
    return token[:-1]


def _session_kind(token: str) -> str:
    return "s1" + token[2:]


@pytest.mark.parametrize(
    "spoil", [_other_key, _cut, _session_kind, str.upper, lambda _: "", "x".join]
)
async def test_a_forged_ticket_opens_nothing(scene: Scene, spoil: Callable[[str], str]) -> None:
    with pytest.raises(StateForged):
        await enter(scene.platform, spoil(await ticket_for(scene)))


async def test_a_ticket_of_another_ring_opens_nothing(scene: Scene) -> None:
    ring = KeyRing("k1", {"k1": Secret(secrets.token_hex(20))})
    ticket = await ticket_for(scene)
    with pytest.raises(StateForged):
        await enter(replace(scene.platform, state_keys=ring), ticket)


async def test_an_old_ticket_opens_nothing_and_one_from_the_future_neither(scene: Scene) -> None:
    ticket = await ticket_for(scene)
    scene.clock.advance(timedelta(minutes=6, seconds=1))
    with pytest.raises(StateExpired):
        await enter(scene.platform, ticket)
    scene.clock.now -= timedelta(days=1)
    with pytest.raises(StateForged):
        await enter(scene.platform, ticket)


async def test_no_token_stands_for_one_of_another_kind(scene: Scene) -> None:
    now, keys = scene.clock.now, scene.platform.state_keys
    end = now + timedelta(minutes=5)
    state = issue_state(State(Purpose.REFRESH, "onb_1", ORGANIZATION, now, end, "n"), keys)
    visit = Visit("mara", ORGANIZATION, Role.OWNER, now, end)
    session = issue_session(PageSession(visit, "n"), keys)
    ticket = await ticket_for(scene)
    for stranger in (state, session):
        with pytest.raises(StateForged):
            await enter(scene.platform, stranger)
    for stranger in (state, ticket):
        assert await find_page_session(scene.platform, stranger) is None


async def test_a_session_ends_after_four_hours(scene: Scene) -> None:
    entered = await enter(scene.platform, await ticket_for(scene))
    token = entered.session_token.reveal()
    scene.clock.advance(timedelta(hours=3, minutes=59))
    assert await find_page_session(scene.platform, token) is not None
    scene.clock.advance(timedelta(minutes=3))
    assert await find_page_session(scene.platform, token) is None


async def test_every_entry_is_audited_with_its_reason(scene: Scene) -> None:
    ticket = await ticket_for(scene)
    await enter(scene.platform, ticket, request_id="req-1")
    for stranger in (ticket, "forged"):
        with pytest.raises(StateInvalid):
            await enter(scene.platform, stranger)
    rows = await scene.platform.store.list_audit(limit=10)
    assert [(row.action, row.outcome, row.actor, row.owner) for row in reversed(rows)] == [
        ("page.link", "link_issued", "mara", ORGANIZATION),
        ("page.entry", "entered", "mara", ORGANIZATION),
        ("page.entry", "refused:state.spent", "mara", ORGANIZATION),
        ("page.entry", "refused:state.forged", "anonymous", None),
    ]


async def test_spent_tickets_are_forgotten_when_they_could_not_be_used_anyway(
    scene: Scene,
) -> None:
    ticket = await ticket_for(scene)
    await enter(scene.platform, ticket)
    assert await forget_expired(scene.platform) == 0
    scene.clock.advance(timedelta(days=1, minutes=6))
    assert await forget_expired(scene.platform) == 1
    with pytest.raises(StateExpired):
        await enter(scene.platform, ticket)


async def test_who_signed_out_is_out_and_their_ticket_stays_used(scene: Scene) -> None:
    ticket = await ticket_for(scene)
    entered = await enter(scene.platform, ticket)
    other = await enter(scene.platform, await ticket_for(scene))
    token = entered.session_token.reveal()
    for _ in range(2):
        await leave(scene.platform, token, request_id="req-1")
    await leave(scene.platform, "nonsense")
    assert await find_page_session(scene.platform, token) is None
    assert await find_page_session(scene.platform, other.session_token.reveal()) is not None
    with pytest.raises(StateSpent):
        await enter(scene.platform, ticket)
    rows = await scene.platform.store.list_audit(action="page.entry")
    assert [row.outcome for row in rows if row.request_id] == ["left"]
    # Nothing is forgotten that somebody could still come in with.
    scene.clock.advance(timedelta(hours=4, seconds=59))
    await forget_expired(scene.platform)
    assert await find_page_session(scene.platform, token) is None
