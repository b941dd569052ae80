"""An operator asks for received events again; what is looked at is the account, never the event."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from aboard.core.caller import Caller
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Readiness
from aboard.flows.replay import (
    PORTION,
    Extent,
    find_events,
    measure_events,
    measure_replay,
    replay_these,
    replay_window,
)
from aboard.flows.start import start_onboarding
from aboard.flows.sync import read_account, sync_due
from aboard.store import EventFilter, EventStatus, Replayed
from tests.scene import REFRESH_URL, RETURN_URL, Scene

pytestmark = pytest.mark.both
OPERATOR = Caller("ops", is_operator=True)


def owner(number: int) -> Owner:
    return Owner(OwnerKind.ORGANIZATION, f"org_{number}", Mode.TEST)


async def begin(scene: Scene, count: int) -> list[str]:
    ids = []
    for number in range(count):
        started = await start_onboarding(
            scene.platform, owner(number), return_url=RETURN_URL, refresh_url=REFRESH_URL
        )
        ids.append(started.stripe_account_id)
    await settle(scene)
    return ids


async def settle(scene: Scene) -> None:
    while await sync_due(scene.platform):
        pass


async def ring(scene: Scene, event_id: str, account_id: str | None) -> None:
    await scene.platform.store.accept_event(
        event_id,
        endpoint="connect",
        mode=Mode.TEST,
        type="account.updated",
        stripe_account_id=account_id,
        created_at=scene.clock(),
        received_at=scene.clock(),
    )


async def statuses(scene: Scene) -> set[EventStatus]:
    return {event.status for event in await scene.platform.store.list_events(limit=9999)}


async def give_up(scene: Scene) -> None:
    store = scene.platform.store
    for claim in await store.claim_due_accounts(Mode.TEST, 50, scene.clock(), lease_seconds=60):
        await store.give_up_sync(claim, "stripe.refused", next_sync_at=None)


async def test_dead_letters_are_replayed_and_end_well(scene: Scene) -> None:
    ids = await begin(scene, 3)
    for number, account_id in enumerate(ids):
        await ring(scene, f"evt_{number}", account_id)
        await scene.complete(account_id)
    await give_up(scene)
    assert await statuses(scene) == {EventStatus.DEAD}
    dead = EventFilter(status=EventStatus.DEAD)
    extent = await measure_replay(scene.platform, dead)
    assert extent == Extent(events=3, accounts=3, left_alone=0)
    assert await statuses(scene) == {EventStatus.DEAD}, "measuring changed something"
    assert await replay_window(scene.platform, OPERATOR, dead, extent) == Replayed(3, 3)
    await settle(scene)
    assert await statuses(scene) == {EventStatus.PROCESSED}
    for number in range(3):
        reading = await read_account(scene.platform, owner(number), fresh=False)
        assert reading.assessment.readiness is Readiness.COMPLETE
    assert await measure_replay(scene.platform, dead) == Extent(0, 0)


async def test_it_goes_by_portions_and_tells_how_far_it_is(scene: Scene) -> None:
    [account_id] = await begin(scene, 1)
    count = PORTION * 2 + 7
    for number in range(count):
        await ring(scene, f"evt_{number:05}", account_id)
    await ring(scene, "evt_strange", "acct_strange")
    await settle(scene)
    heard: list[int] = []
    everything = EventFilter(mode=Mode.TEST)
    extent = await measure_replay(scene.platform, everything, tell=heard.append)
    assert extent == Extent(events=count, accounts=1, left_alone=1)
    assert heard == [PORTION, PORTION, 8]
    heard.clear()
    commits = scene.platform.store.metrics.batches
    done = await replay_window(scene.platform, OPERATOR, everything, extent, tell=heard.append)
    assert (done.events, heard) == (count, [PORTION, PORTION, 8])
    assert scene.platform.store.metrics.batches == commits + 4, "three portions and an audit row"
    calls = len(scene.road.calls)
    await settle(scene)
    assert len(scene.road.calls) == calls + 1, "so many events are one read"
    assert await statuses(scene) == {EventStatus.PROCESSED, EventStatus.UNMATCHED}


async def test_one_row_tells_who_asked_for_what_and_how_many(scene: Scene) -> None:
    [account_id] = await begin(scene, 1)
    await ring(scene, "evt_1", account_id)
    which = EventFilter(
        mode=Mode.TEST, stripe_account_id=account_id, since=scene.clock() - timedelta(hours=1)
    )
    extent = await measure_replay(scene.platform, which)
    await replay_window(scene.platform, OPERATOR, which, extent)
    [row] = await scene.platform.store.list_audit(action="event.replay")
    assert (row.actor, row.outcome, row.at) == ("ops", "begun", scene.clock())
    assert row.details == {
        "mode": "test",
        "account": account_id,
        "since": (scene.clock() - timedelta(hours=1)).isoformat(),
        "before": (scene.clock() + timedelta(microseconds=1)).isoformat(),
        "events": 1,
        "accounts": 1,
    }
    assert scene.platform.journal.counts["event.replayed"] == 1


async def test_by_id_in_whatever_mode_it_is(scene: Scene) -> None:
    [account_id] = await begin(scene, 1)
    await ring(scene, "evt_1", account_id)
    await ring(scene, "evt_2", account_id)
    await ring(scene, "evt_strange", "acct_strange")
    await settle(scene)
    asked: Sequence[str] = ["evt_1", "evt_none", "evt_strange", "evt_1"]
    found, unknown = await find_events(scene.platform, asked, None)
    assert ([event.id for event in found], unknown) == (["evt_1", "evt_strange"], ["evt_none"])
    assert await find_events(scene.platform, ["evt_1"], Mode.LIVE) == ([], ["evt_1"])
    assert await measure_events(scene.platform, found) == Extent(1, 1, left_alone=1)
    assert await replay_these(scene.platform, OPERATOR, found) == Replayed(1, 1)
    by_id = {event.id: event.status for event in await scene.platform.store.list_events()}
    assert by_id == {
        "evt_1": EventStatus.PENDING,
        "evt_2": EventStatus.PROCESSED,
        "evt_strange": EventStatus.UNMATCHED,
    }
    [row] = await scene.platform.store.list_audit(action="event.replay")
    assert row.details == {"ids": "evt_1,evt_strange", "events": 1, "accounts": 1}


async def test_what_comes_in_after_it_began_is_not_in_it(scene: Scene) -> None:
    [account_id] = await begin(scene, 1)
    await ring(scene, "evt_1", account_id)
    await settle(scene)
    scene.clock.now += timedelta(seconds=1)
    now = scene.clock()
    scene.clock.now += timedelta(seconds=1)
    await ring(scene, "evt_2", account_id)
    scene.clock.now = now
    assert await measure_replay(scene.platform, EventFilter()) == Extent(1, 1)
