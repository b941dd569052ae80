"""Webhooks that never came are found in Stripe's list, written down once, and answered."""

import json
from asyncio import get_running_loop
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from aboard.core.caller import Caller
from aboard.core.errors import AccountGone, StripeNotConfigured, StripeUnavailable
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Readiness
from aboard.core.secret import Secret
from aboard.flows.catch_up import (
    DOORBELLS,
    LISTED_FOR,
    MOST_TYPES,
    Caught,
    Gap,
    catch_up,
    catch_up_one,
    find_gap_since,
    look_at_all,
)
from aboard.flows.endpoint import Endpoint
from aboard.flows.events import accept_event
from aboard.flows.platform import Platform
from aboard.flows.start import start_onboarding
from aboard.flows.sync import read_account, sync_due
from aboard.flows.turns import SteadyTurns
from aboard.sandbox import Sandbox
from aboard.store import EventStatus
from tests.scene import API, KEY, REFRESH_URL, RETURN_URL, Scene, open_scene

pytestmark = pytest.mark.both
OPERATOR = Caller("ops", is_operator=True)
AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
FORM = {"content-type": "application/x-www-form-urlencoded", "authorization": f"Bearer {KEY}"}


async def at_once(_mode: Mode) -> None:
    """Take every turn at once."""


@dataclass
class Town:
    """A scene whose sandbox really posts its webhooks to our intake."""

    scene: Scene
    platform: Platform
    sandbox: Sandbox

    async def post(self, path: str, form: str) -> dict[str, str]:
        body, status, _ = await self.scene.client.request_async("POST", f"{API}{path}", FORM, form)
        assert status in {200, 201}, (path, status)
        answer: dict[str, str] = json.loads(body)
        return answer

    async def begin(self, count: int) -> list[str]:
        """Let so many owners begin; every webhook of it has come."""
        ids = []
        for number in range(count):
            started = await start_onboarding(
                self.platform, owner(number), return_url=RETURN_URL, refresh_url=REFRESH_URL
            )
            ids.append(started.stripe_account_id)
        await self.settle()
        return ids

    async def settle(self) -> None:
        await self.sandbox.deliver_due()
        while await sync_due(self.platform):
            pass

    async def readiness(self, number: int) -> Readiness:
        reading = await read_account(self.platform, owner(number), fresh=False)
        return reading.assessment.readiness

    def gap(self, **changes: object) -> Gap:
        until = self.scene.clock() + timedelta(minutes=1)
        return Gap(**{"mode": Mode.TEST, "since": AT, "until": until} | changes)  # type: ignore[arg-type] # tests name fields


def owner(number: int) -> Owner:
    return Owner(OwnerKind.ORGANIZATION, f"org_{number}", Mode.TEST)


@pytest.fixture
async def town(database: str) -> AsyncIterator[Town]:
    found: list[Town] = []

    async def deliver(_url: str, headers: dict[str, str], body: bytes) -> int:
        header = {name.lower(): value for name, value in headers.items()}["stripe-signature"]
        await accept_event(found[0].platform, Endpoint.CONNECT, body, header)
        return 200

    sandbox = Sandbox(seed=1, at=AT, deliver=deliver)
    async with open_scene(database, sandbox=sandbox) as scene:
        town = Town(scene, scene.platform, sandbox)
        made = await town.post(
            "/v1/webhook_endpoints",
            "url=https%3A%2F%2Faboard.test%2Fhook&connect=true&enabled_events[]=*",
        )
        secrets = {(Endpoint.CONNECT, Mode.TEST): (Secret(made["secret"]),)}
        town.platform = scene.with_changes(webhook_secrets=secrets)
        found.append(town)
        yield town


async def lose_a_window(town: Town, ids: list[str]) -> set[str]:
    """Let every owner finish while no webhook comes; return the ids of the doorbells lost."""
    stored = {event.id for event in await town.platform.store.list_events(limit=1000)}
    await town.post("/_sandbox/chaos", "drop=1.0")
    for account_id in ids:
        await town.scene.complete(account_id)
    await town.settle()
    await town.post("/_sandbox/chaos", "drop=0")
    town.scene.clock.advance(timedelta(hours=2))
    known = {event.id for event in await town.platform.store.list_events(limit=1000)}
    assert known == stored, "something came through"
    lost: set[str] = set()
    for account_id in ids:
        body, _, _ = await town.scene.client.request_async(
            "GET", f"{API}/v1/events?limit=100", {**FORM, "stripe-account": account_id}, None
        )
        events = json.loads(body)["data"]
        lost |= {event["id"] for event in events if event["type"] in DOORBELLS}
    return lost - stored


async def test_what_was_dropped_is_listed_written_once_and_answered(town: Town) -> None:
    ids = await town.begin(3)
    lost = await lose_a_window(town, ids)
    assert len(lost) >= 3
    assert {await town.readiness(number) for number in range(3)} == {Readiness.INCOMPLETE}
    caught = await catch_up(town.platform, OPERATOR, town.gap(), at_once)
    assert (caught.accounts, caught.new, caught.unanswered) == (3, len(lost), 0)
    assert caught.known > 0, "what had come before is listed too, and known"
    found = {event.id: event for event in await town.platform.store.list_events(limit=1000)}
    assert lost <= set(found)
    assert {found[name].source for name in lost} == {"listed"}
    assert {found[name].status for name in lost} == {EventStatus.PENDING}
    await town.settle()
    assert {await town.readiness(number) for number in range(3)} == {Readiness.COMPLETE}
    again = await catch_up(town.platform, OPERATOR, town.gap(), at_once)
    assert (again.new, again.known) == (0, caught.new + caught.known)
    assert town.platform.journal.counts["event.listed"] == len(lost)
    rows = await town.platform.store.list_audit(action="event.catch_up")
    assert [(row.actor, row.outcome) for row in rows] == [("ops", "begun")] * 2


async def test_what_was_listed_is_no_sign_of_life_of_an_endpoint(town: Town) -> None:
    ids = await town.begin(1)
    seen = await town.platform.store.endpoint_last_seen(Mode.TEST)
    await lose_a_window(town, ids)
    await catch_up(town.platform, OPERATOR, town.gap(), at_once)
    assert await town.platform.store.endpoint_last_seen(Mode.TEST) == seen


async def test_a_late_delivery_after_it_is_a_duplicate(town: Town) -> None:
    ids = await town.begin(1)
    await town.post("/_sandbox/chaos", "delay=86400")
    await town.scene.complete(ids[0])
    caught = await catch_up(town.platform, OPERATOR, town.gap(), at_once)
    before = len(await town.platform.store.list_events(limit=1000))
    town.scene.clock.advance(timedelta(days=1, seconds=1))
    await town.sandbox.deliver_due()
    assert town.platform.journal.counts["event.duplicated"] >= caught.new > 0
    assert len(await town.platform.store.list_events(limit=1000)) == before


async def test_many_events_are_read_page_by_page(town: Town) -> None:
    ids = await town.begin(1)
    await town.post("/_sandbox/chaos", "drop=1.0")
    for number in range(230):
        await town.post(f"/v1/accounts/{ids[0]}", f"metadata[a]={number}")
    town.scene.road.calls.clear()
    caught = await catch_up(town.platform, OPERATOR, town.gap(), at_once)
    assert caught.new == 230
    assert town.scene.road.calls.count(("GET", "/v1/events")) == 4, "platform's, and three pages"


async def test_each_request_waits_for_its_turn(town: Town) -> None:
    await town.begin(3)
    turns: list[Mode] = []

    async def turn(mode: Mode) -> None:
        turns.append(mode)

    town.scene.road.calls.clear()
    await catch_up(town.platform, OPERATOR, town.gap(), turn)
    assert turns == [Mode.TEST] * len(town.scene.road.calls)
    assert len(turns) == 4


async def test_one_that_cannot_be_asked_is_read_instead(town: Town) -> None:
    ids = await town.begin(3)
    town.scene.road.mood = ["fine", "500"]
    caught = await catch_up(town.platform, OPERATOR, town.gap(), at_once)
    assert (caught.accounts, caught.unanswered) == (3, 1)
    assert await sync_due(town.platform) == 1
    assert caught.behind == max(ids)


async def test_one_that_is_gone_is_read_to_find_that_out(town: Town) -> None:
    ids = await town.begin(2)
    _, status, _ = await town.scene.client.request_async(
        "DELETE", f"{API}/v1/accounts/{min(ids)}", FORM, None
    )
    assert status == 200
    await catch_up(town.platform, OPERATOR, town.gap(), at_once)
    await town.settle()
    assert Readiness.DISCONNECTED in {await town.readiness(number) for number in range(2)}
    with pytest.raises(AccountGone):
        await catch_up_one(town.platform, OPERATOR, town.gap(), at_once, min(ids))


async def test_when_stripe_is_away_it_says_where_to_go_on(town: Town) -> None:
    ids = sorted(await town.begin(20))
    told: list[str] = []

    def tell(caught: Caught) -> None:
        told.append(caught.behind)

    town.scene.road.mood = ["fine"] * 9 + ["away"] * 100
    with pytest.raises(StripeUnavailable):
        await catch_up(town.platform, OPERATOR, town.gap(), at_once, tell=tell)
    assert told == ["", ids[7]]
    town.scene.road.mood = []
    town.scene.road.calls.clear()
    caught = await catch_up(town.platform, OPERATOR, town.gap(), at_once, after=told[-1])
    assert (caught.accounts, len(town.scene.road.calls)) == (12, 12)


async def test_stripe_away_at_once_is_told_at_once(town: Town) -> None:
    await town.begin(1)
    town.scene.road.mood = ["fine", "away"]
    with pytest.raises(StripeUnavailable):
        await catch_up(town.platform, OPERATOR, town.gap(), at_once)
    with pytest.raises(StripeNotConfigured):
        await catch_up(town.platform, OPERATOR, town.gap(mode=Mode.LIVE), at_once)


async def test_one_account_alone(town: Town) -> None:
    ids = await town.begin(2)
    await lose_a_window(town, ids)
    town.scene.road.calls.clear()
    caught = await catch_up_one(town.platform, OPERATOR, town.gap(), at_once, ids[1])
    assert (caught.accounts, len(town.scene.road.calls)) == (1, 1)
    listed = [
        event.stripe_account_id
        for event in await town.platform.store.list_events(limit=1000)
        if event.source == "listed"
    ]
    assert listed == [ids[1]] * caught.new
    assert caught.new > 0


async def test_a_window_is_a_window(town: Town) -> None:
    ids = await town.begin(1)
    await lose_a_window(town, ids)
    later = town.gap(since=town.scene.clock() - timedelta(hours=1))
    assert (await catch_up(town.platform, OPERATOR, later, at_once)).new == 0
    everything = town.gap(types=())
    some = await catch_up(town.platform, OPERATOR, town.gap(types=("account.updated",)), at_once)
    rest = await catch_up(town.platform, OPERATOR, everything, at_once)
    assert some.new > 0
    assert rest.known > some.new


async def test_the_gap_is_what_stripe_still_tries_or_a_longer_silence(town: Town) -> None:
    now = town.scene.clock
    store = town.platform.store
    assert await find_gap_since(town.platform, Mode.TEST) == now() - LISTED_FOR
    for endpoint in ("platform", "connect"):
        await store.accept_event(
            f"evt_{endpoint}",
            endpoint="platform" if endpoint == "platform" else "connect",
            mode=Mode.TEST,
            type="account.updated",
            stripe_account_id=None,
            created_at=now(),
            received_at=now(),
        )
    began = now()
    assert await find_gap_since(town.platform, Mode.TEST) == now() - timedelta(days=3)
    town.scene.clock.advance(timedelta(days=10))
    assert await find_gap_since(town.platform, Mode.TEST) == began - timedelta(hours=1)
    town.scene.clock.advance(timedelta(days=50))
    assert await find_gap_since(town.platform, Mode.TEST) == now() - LISTED_FOR


async def test_every_account_is_due_so_many_a_second_and_stripe_is_not_asked(town: Town) -> None:
    await town.begin(5)
    town.scene.road.calls.clear()
    heard: list[int] = []
    count = await look_at_all(town.platform, OPERATOR, Mode.TEST, 100, tell=heard.append)
    assert (count, sum(heard)) == (5, 5)
    assert await look_at_all(town.platform, OPERATOR, Mode.LIVE, 100) == 0
    assert town.scene.road.calls == []
    assert await sync_due(town.platform) == 5
    assert await sync_due(town.platform) == 0


async def test_turns_are_steady() -> None:
    turns = SteadyTurns(200)
    began = get_running_loop().time()
    for _ in range(11):
        await turns(Mode.TEST)
    await turns(Mode.LIVE)
    assert get_running_loop().time() - began >= 10 / 200 - 0.001


def test_stripe_takes_so_many_types() -> None:
    assert len(DOORBELLS) <= MOST_TYPES
    assert list(DOORBELLS) == sorted(DOORBELLS)
