"""What is older than it is kept goes by the clock, in portions; what is still wanted stays."""

from collections import Counter
from datetime import timedelta

import pytest

from aboard.core.lending.calls import Call, Via
from aboard.core.owner import Mode, Owner
from aboard.flows.housekeeping import PORTION, PORTIONS, prune_old
from aboard.flows.platform import Retention
from aboard.flows.start import start_onboarding
from aboard.flows.sync import sync_due
from aboard.store import AuditEntry, EventStatus
from tests.scene import REFRESH_URL, RETURN_URL, Scene

pytestmark = pytest.mark.both
FOR_EVER = Retention(events=None, announcements=None, audit=None, gateway_calls=None)


async def ring(scene: Scene, event_id: str, account_id: str) -> None:
    await scene.platform.store.accept_event(
        event_id,
        endpoint="connect",
        mode=Mode.TEST,
        type="account.updated",
        stripe_account_id=account_id,
        created_at=scene.clock(),
        received_at=scene.clock(),
    )


async def statuses(scene: Scene) -> Counter[EventStatus]:
    events = await scene.platform.store.list_events(limit=100_000)
    return Counter(event.status for event in events)


async def begin(scene: Scene, owner: Owner) -> str:
    started = await start_onboarding(
        scene.platform, owner, return_url=RETURN_URL, refresh_url=REFRESH_URL
    )
    while await sync_due(scene.platform):
        pass
    return started.stripe_account_id


async def test_each_kind_goes_when_its_time_is_over(scene: Scene, organization: Owner) -> None:
    account_id = await begin(scene, organization)
    await ring(scene, "evt_old", account_id)
    await sync_due(scene.platform)
    await scene.platform.store.append_audit(AuditEntry(scene.clock(), "ops", "gate.open", "x"))
    told = len(await scene.platform.store.list_announcements(organization))
    assert told > 0
    platform = scene.with_changes(
        retention=Retention(timedelta(days=30), timedelta(days=60), timedelta(days=90))
    )
    scene.clock.now += timedelta(days=29)
    await ring(scene, "evt_new", account_id)
    await sync_due(platform)
    assert not await prune_old(platform)
    assert scene.platform.journal.counts.get("rows.pruned") is None
    scene.clock.now += timedelta(days=2)
    await prune_old(platform)
    assert [event.id for event in await platform.store.list_events()] == ["evt_new"]
    assert len(await platform.store.list_announcements(organization)) == told
    scene.clock.now += timedelta(days=30)
    await prune_old(platform)
    assert await platform.store.list_announcements(organization) == ()
    assert len(await platform.store.list_audit()) > 0
    scene.clock.now += timedelta(days=30)
    await prune_old(platform)
    assert await platform.store.list_audit() == ()
    assert scene.platform.journal.counts["rows.pruned"] == 3
    call = Call("req_1", scene.clock(), Via.PROXY, "GET", "open")
    assert await platform.store.write_call(call)
    scene.clock.now += timedelta(days=90)
    await prune_old(platform)
    assert await platform.store.find_call("req_1") == call
    scene.clock.now += timedelta(seconds=1)
    await prune_old(platform)
    assert await platform.store.find_call("req_1") is None


async def test_for_ever_is_for_ever(scene: Scene, organization: Owner) -> None:
    await ring(scene, "evt_1", await begin(scene, organization))
    await scene.platform.store.append_audit(AuditEntry(scene.clock(), "ops", "gate.open", "x"))
    scene.clock.now += timedelta(days=9999)
    assert not await prune_old(scene.with_changes(retention=FOR_EVER))
    assert len(await scene.platform.store.list_events()) == 1
    assert len(await scene.platform.store.list_audit()) > 0


async def test_what_is_pending_is_never_pruned(scene: Scene, organization: Owner) -> None:
    account_id = await begin(scene, organization)
    await ring(scene, "evt_pending", account_id)
    await ring(scene, "evt_strange", "acct_strange")
    scene.clock.now += timedelta(days=400)
    await ring(scene, "evt_last", "acct_strange")
    await prune_old(scene.platform)
    assert await statuses(scene) == {EventStatus.PENDING: 1, EventStatus.UNMATCHED: 1}


async def test_very_much_that_is_old_goes_in_rounds(scene: Scene) -> None:
    entry = AuditEntry(scene.clock(), "ops", "gate.open", "opened")
    rows = PORTION * 3 + 5
    for _ in range(rows):
        await scene.platform.store.append_audit(entry)
    scene.clock.now += timedelta(days=31)
    kept = scene.with_changes(retention=Retention(audit=timedelta(days=30)))
    commits = scene.platform.store.metrics.batches
    assert not await prune_old(kept)
    assert scene.platform.store.metrics.batches >= commits + 4
    assert await kept.store.list_audit() == ()
    assert PORTIONS * PORTION >= 10_000
