"""What a shift leaves behind: nothing stale, nothing held, and a time to come back."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aboard.core.account import Snapshot
from aboard.core.owner import Mode
from aboard.core.readiness import Readiness
from aboard.core.schedule import SyncSchedule
from aboard.flows.sync import read_account, sync_claimed, sync_due
from aboard.store import EventStatus
from tests.flows.crew import (
    Crew,
    make_accounts,
    owner_of,
    path_of,
    ring,
    statuses,
)
from tests.scene import Scene

MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture
async def crew(scene: Scene) -> Crew:
    return Crew(scene, scene.platform)


async def readiness(scene: Scene, number: int) -> Readiness:
    reading = await read_account(scene.platform, owner_of(number), fresh=False)
    return reading.assessment.readiness


class TestSchedule:
    async def test_an_account_is_read_right_after_its_deadline(
        self, scene: Scene, crew: Crew
    ) -> None:
        (account_id,) = await make_accounts(scene, 1)
        await scene.complete(account_id)
        await scene.control(
            account_id, "require", requirement="individual.verification.document", **{"in": "600"}
        )
        await crew.work(1)
        account = await scene.platform.store.find_account(owner_of(0))
        assert account is not None
        assert account.snapshot is not None
        deadline = account.snapshot.requirements.current_deadline
        assert deadline is not None
        next_at = await scene.platform.store.next_due_at()
        assert next_at is not None
        assert timedelta(0) < next_at - deadline <= timedelta(minutes=1)

    async def test_rests_follow_from_readiness_and_settings(self) -> None:
        schedule = SyncSchedule(pending=timedelta(minutes=1), ready=timedelta(days=30))
        now = datetime.fromisoformat("2026-11-21T09:00:00Z")
        fresh = Snapshot(
            "acct_1", charges_enabled=False, payouts_enabled=False, details_submitted=False
        )
        ready = replace(fresh, charges_enabled=True, payouts_enabled=True, details_submitted=True)
        late = replace(
            fresh,
            requirements=replace(fresh.requirements, current_deadline=now + timedelta(seconds=20)),
        )
        passed = replace(
            fresh, requirements=replace(fresh.requirements, current_deadline=now - timedelta(1))
        )

        def rest(snapshot: Snapshot, chance: float) -> timedelta:
            return schedule.next_after(snapshot, now, chance=chance) - now

        assert [rest(fresh, 0), rest(fresh, 1)] == [timedelta(seconds=48), timedelta(seconds=72)]
        assert rest(ready, 0.5) == timedelta(days=30)
        assert rest(late, 0) == timedelta(seconds=25)
        assert rest(passed, 0.5) == timedelta(minutes=1)


class TestStaleness:
    async def test_a_worker_that_was_stopped_writes_no_stale_news(self, scene: Scene) -> None:
        (account_id,) = await make_accounts(scene, 1)
        store, lease = scene.platform.store, scene.platform.schedule.lease
        [claim] = await store.claim_due_accounts(Mode.TEST, 1, scene.clock(), lease_seconds=120)
        scene.road.mood = ["held"]
        stopped = asyncio.create_task(sync_claimed(scene.platform, claim))
        await asyncio.wait_for(scene.road.called.wait(), 5)
        await asyncio.sleep(0.05)
        await scene.complete(account_id)
        scene.clock.advance(lease)
        assert await sync_due(scene.platform) == 1
        assert await readiness(scene, 0) is Readiness.COMPLETE
        scene.road.release.set()
        await stopped
        assert await readiness(scene, 0) is Readiness.COMPLETE

    async def test_what_is_claimed_and_late_is_left_to_others(
        self, scene: Scene, crew: Crew
    ) -> None:
        await make_accounts(scene, 5)

        async def sleep_through(_seconds: float) -> None:
            scene.clock.now += timedelta(seconds=61)

        sleeper = Crew(scene, scene.platform)
        sleeper.begin(sleep_through)
        await sleeper.shift.round()
        await sleeper.shift.end()
        assert len(scene.road.calls) < 5
        await crew.work(2)
        assert crew.reads()["read"] == 5


class TestLeaving:
    async def test_told_to_stop_it_begins_nothing_and_gives_back(self, scene: Scene) -> None:
        await make_accounts(scene, 15)

        async def stop_soon(seconds: float) -> None:
            if len(scene.road.calls) >= 3:
                leaver.stop.set()
            scene.clock.now += timedelta(seconds=seconds)
            await asyncio.sleep(0.01)

        leaver = Crew(scene, scene.platform)
        leaver.begin(stop_soon)
        await leaver.shift.round()
        await leaver.shift.end()
        read = leaver.reads()["read"]
        assert 3 <= read < 15
        # At once, without waiting for any lease.
        heirs = await scene.platform.store.claim_due_accounts(
            Mode.TEST, 50, scene.clock(), lease_seconds=120
        )
        assert len(heirs) == 15 - read
        assert {heir.attempts for heir in heirs} == {0}

    async def test_a_read_that_hangs_is_given_back_after_the_grace(self, scene: Scene) -> None:
        await make_accounts(scene, 1)
        scene.road.mood = ["hang"]
        crew = Crew(scene, scene.platform)
        await crew.shift.round()
        await asyncio.wait_for(scene.road.called.wait(), 5)
        await crew.shift.end(0.05)
        [claim] = await scene.platform.store.claim_due_accounts(
            Mode.TEST, 1, scene.clock(), lease_seconds=120
        )
        assert claim.attempts == 0


class TestGone:
    async def test_a_deauthorized_account_is_disconnected_and_never_due(
        self, scene: Scene, crew: Crew
    ) -> None:
        ids = await make_accounts(scene, 2)
        await crew.work(1)
        await scene.control(ids[0], "deauthorize")
        await ring(scene, ids[0], "evt_1", "account.application.deauthorized")
        await crew.work(1)
        assert await readiness(scene, 0) is Readiness.DISCONNECTED
        assert await statuses(scene) == {"evt_1": EventStatus.PROCESSED}
        scene.road.calls.clear()
        await ring(scene, ids[0], "evt_2")
        await crew.work(3 * HOUR)
        assert path_of(ids[0]) not in {path for _, path in scene.road.calls}
        assert (await statuses(scene))["evt_2"] is EventStatus.UNMATCHED

    async def test_an_account_that_was_connected_again_before_the_read_stays(
        self, scene: Scene, crew: Crew
    ) -> None:
        # The event tells of an end that is over: what counts is what the read finds.
        ids = await make_accounts(scene, 1)
        await ring(scene, ids[0], "evt_1", "account.application.deauthorized")
        await crew.work(1)
        assert await readiness(scene, 0) is Readiness.INCOMPLETE
        assert await statuses(scene) == {"evt_1": EventStatus.PROCESSED}

    async def test_events_of_an_unknown_account_wait_for_it(self, scene: Scene, crew: Crew) -> None:
        await ring(scene, "acct_later", "evt_1")
        account = await scene.platform.store.reserve_account(owner_of(9), scene.clock())
        assert await statuses(scene) == {"evt_1": EventStatus.UNMATCHED}
        (known,) = await make_accounts(scene, 1)
        await ring(scene, known, "evt_2")
        await crew.work(1)
        assert await scene.platform.store.attach_stripe_account(
            account.id, "acct_later", scene.clock()
        )
        assert await statuses(scene) == {
            "evt_1": EventStatus.PENDING,
            "evt_2": EventStatus.PROCESSED,
        }
        await crew.work(1)  # Stripe does not know this one.
        assert await statuses(scene) == dict.fromkeys(("evt_1", "evt_2"), EventStatus.PROCESSED)
        assert await readiness(scene, 9) is Readiness.DISCONNECTED
