"""The worker asks no more than it may, leaves a Stripe that is away alone, buries one by one."""

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from aboard.core.account import Snapshot
from aboard.core.owner import Mode
from aboard.core.readiness import Readiness
from aboard.core.schedule import SyncSchedule
from aboard.core.secret import Secret
from aboard.flows.sync import read_account, sync_claimed, sync_due
from aboard.store import EventStatus
from aboard.stripe_api.client import Stripe
from tests.flows.crew import (
    LIVE_KEY,
    Crew,
    make_accounts,
    owner_of,
    path_of,
    ring,
    statuses,
)
from tests.scene import API, Scene

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


@pytest.fixture
async def crew(scene: Scene) -> Crew:
    return Crew(scene, scene.platform)


async def readiness(scene: Scene, number: int) -> Readiness:
    reading = await read_account(scene.platform, owner_of(number), fresh=False)
    return reading.assessment.readiness


def most_in_a_second(moments: list[datetime]) -> int:
    return max(
        sum(1 for at in moments if begin <= at < begin + timedelta(seconds=1)) for begin in moments
    )


async def live_and_die_of(scene: Scene, poison: str) -> asyncio.Task[None]:
    """Let a worker work until it reads this account, which kills it, or until it is given up.

    Whatever it holds then hangs, and comes back when its lease ends by the clock.
    """
    given_up = scene.platform.journal.counts.get("account.sync_given_up", 0)
    begun = scene.road.calls.count(("GET", poison))
    crew = Crew(scene, scene.platform)

    async def rest(seconds: float) -> None:
        scene.clock.now += timedelta(seconds=seconds)
        await asyncio.sleep(0.01)

    crew.begin(rest)

    async def work() -> None:
        while True:
            await rest(await crew.shift.round())

    life = asyncio.create_task(work())
    async with asyncio.timeout(10):
        while (  # noqa: ASYNC110 -- it gives no other sign
            scene.road.calls.count(("GET", poison)) == begun
            and scene.platform.journal.counts.get("account.sync_given_up", 0) == given_up
        ):
            await asyncio.sleep(0)
    scene.road.always, before = "hang", scene.road.always
    await asyncio.sleep(0.05)
    scene.clock.now += scene.platform.schedule.lease
    crew.stop.set()
    scene.road.always = before
    return life


class TestBudget:
    async def test_reads_keep_the_rate(self, scene: Scene, crew: Crew) -> None:
        await make_accounts(scene, 60)
        await crew.work(3)
        assert most_in_a_second(scene.road.moments) <= 15 + 3
        took = (scene.clock() - scene.road.moments[0]).total_seconds()
        assert 40 <= len(scene.road.moments) <= 15 * took + 3 + 1
        await crew.work(2)
        assert crew.reads() == {"read": 60}

    async def test_two_workers_share_it(self, scene: Scene) -> None:
        await make_accounts(scene, 60)
        crews = [Crew(scene, scene.platform) for _ in range(2)]
        for _ in range(8):
            for crew in crews:
                await crew.work(0.3)
        assert most_in_a_second(scene.road.moments) <= 15 + 3
        assert len(set(scene.road.calls)) == len(scene.road.calls)

    async def test_one_bell_is_answered_at_once(self, scene: Scene, crew: Crew) -> None:
        (account_id,) = await make_accounts(scene, 1)
        await crew.work(1)
        await ring(scene, account_id, "evt_1")
        rang_at = scene.clock()
        await crew.work(0.6)
        assert scene.road.moments[-1] - rang_at < timedelta(seconds=0.6)

    async def test_a_bell_goes_before_the_schedule_and_starves_it_not(
        self, scene: Scene, crew: Crew
    ) -> None:
        ids = await make_accounts(scene, 90)
        rung = ids[60:]
        for account_id in rung:
            await ring(scene, account_id, f"evt_{account_id}")
        await crew.work(2)
        read = Counter(path in {path_of(each) for each in rung} for _, path in scene.road.calls)
        assert read[True] >= 20
        assert read[False] >= 3

    async def test_an_account_that_is_gone_costs_a_place_more(
        self, scene: Scene, crew: Crew
    ) -> None:
        ids = await make_accounts(scene, 1)
        await scene.control(ids[0], "deauthorize")
        scene.road.calls.clear()
        await sync_due(scene.platform)
        assert [path for _, path in scene.road.calls] == [path_of(ids[0]), "/v1/account"]
        free_at = await scene.platform.store.budget_free_at("stripe:test")
        assert free_at is not None
        assert crew.reads() == {"gone": 1}


class TestRetryClasses:
    async def test_what_passes_is_tried_for_a_day(self, scene: Scene, crew: Crew) -> None:
        bad, _ = await make_accounts(scene, 2)
        await ring(scene, bad, "evt_1")
        scene.road.moods_of[path_of(bad)] = "500"
        await crew.work(23 * HOUR)
        assert await statuses(scene) == {"evt_1": EventStatus.PENDING}
        await crew.work(2 * HOUR)
        assert await statuses(scene) == {"evt_1": EventStatus.DEAD}
        assert crew.counts["account.sync_given_up"] == 1
        assert crew.reads()["given_up"] == 1

    async def test_what_will_not_pass_is_tried_five_times(self, scene: Scene, crew: Crew) -> None:
        bad, good = await make_accounts(scene, 2)
        for mood in ("400", "garbage", "403"):
            scene.road.calls.clear()
            await ring(scene, bad, f"evt_{mood}")
            await ring(scene, good, f"evt_good_{mood}")
            scene.road.moods_of[path_of(bad)] = mood
            await crew.work(50 * MINUTE)
            assert (await statuses(scene))[f"evt_{mood}"] is EventStatus.PENDING
            await crew.work(20 * MINUTE)
            assert (await statuses(scene))[f"evt_{mood}"] is EventStatus.DEAD
            assert (await statuses(scene))[f"evt_good_{mood}"] is EventStatus.PROCESSED
            assert not crew.is_breaker_open()
            await crew.work(DAY)
            scene.road.moods_of.clear()
            await crew.work(HOUR)

    async def test_the_sweep_still_looks_at_who_was_given_up(
        self, scene: Scene, crew: Crew
    ) -> None:
        (bad,) = await make_accounts(scene, 1)
        await ring(scene, bad, "evt_1")
        scene.road.moods_of[path_of(bad)] = "400"
        await crew.work(75 * MINUTE)
        scene.road.moods_of.clear()
        await crew.work(30 * MINUTE)
        # A good read answers the dead letter as well.
        assert await statuses(scene) == {"evt_1": EventStatus.PROCESSED}

    async def test_stripes_wish_to_be_left_alone_is_heard(self, scene: Scene, crew: Crew) -> None:
        (bad,) = await make_accounts(scene, 1)
        scene.road.moods_of[path_of(bad)] = "429 after 40"
        await crew.work(1)
        assert len(scene.road.calls) == 1
        await crew.work(38)
        assert len(scene.road.calls) == 1
        await crew.work(3)
        assert len(scene.road.calls) == 2

    async def test_a_mistake_of_ours_buries_one_account_and_no_other(self, scene: Scene) -> None:
        ids = await make_accounts(scene, 12)

        @dataclass(frozen=True, slots=True)
        class Mistaken(SyncSchedule):
            def next_after(self, snapshot: Snapshot, now: datetime, *, chance: float) -> datetime:
                if snapshot.stripe_account_id == ids[0]:
                    raise KeyError("words_that_must_not_get_out")
                return SyncSchedule.next_after(self, snapshot, now, chance=chance)

        crew = Crew(scene, replace(scene.platform, schedule=Mistaken()))
        for account_id in ids:
            await ring(scene, account_id, f"evt_{account_id}")
        await crew.work(75 * MINUTE)
        found = await statuses(scene)
        assert found.pop(f"evt_{ids[0]}") is EventStatus.DEAD
        assert set(found.values()) == {EventStatus.PROCESSED}
        [event] = [
            event for event in await scene.platform.store.list_events() if event.id.endswith(ids[0])
        ]
        assert (event.attempts, event.last_error) == (5, "unexpected.KeyError")

    async def test_an_account_that_kills_its_worker_is_given_up_and_no_other(
        self, scene: Scene, crew: Crew
    ) -> None:
        ids = await make_accounts(scene, 12)
        for account_id in ids:
            await ring(scene, account_id, f"evt_{account_id}")
        lives = []
        while (await statuses(scene))[f"evt_{ids[0]}"] is EventStatus.PENDING:
            lives.append(await live_and_die_of(scene, path_of(ids[0])))
            assert len(lives) < 20
        found = await statuses(scene)
        assert found.pop(f"evt_{ids[0]}") is EventStatus.DEAD
        await crew.work(MINUTE)
        assert set((await statuses(scene)).values()) == {EventStatus.DEAD, EventStatus.PROCESSED}
        assert list((await statuses(scene)).values()).count(EventStatus.DEAD) == 1
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)


class TestBreaker:
    async def test_stripe_away_is_found_out_and_left_alone(self, scene: Scene, crew: Crew) -> None:
        ids = await make_accounts(scene, 30)
        for account_id in ids:
            await ring(scene, account_id, f"evt_{account_id}")
        scene.road.always = "away"
        await crew.work(10 * MINUTE)
        assert len(scene.road.calls) <= 40
        assert crew.is_breaker_open()
        assert crew.counts["breaker.opened"] == 1
        assert set((await statuses(scene)).values()) == {EventStatus.PENDING}
        # The store answers meanwhile.
        assert await readiness(scene, 0) is Readiness.INCOMPLETE
        scene.road.always = "fine"
        await crew.work(2 * MINUTE)
        assert not crew.is_breaker_open()
        assert crew.counts["breaker.closed"] == 1
        assert set((await statuses(scene)).values()) == {EventStatus.PROCESSED}

    @pytest.mark.parametrize("mood", ["401", "403", "429", "503", "garbage"])
    async def test_what_concerns_everybody_buries_nobody(
        self, scene: Scene, crew: Crew, mood: str
    ) -> None:
        ids = await make_accounts(scene, 20)
        for account_id in ids:
            await ring(scene, account_id, f"evt_{account_id}")
        scene.road.always = mood
        await crew.work(3 * DAY)
        assert set((await statuses(scene)).values()) == {EventStatus.PENDING}
        assert "account.sync_given_up" not in crew.counts
        scene.road.always = "fine"
        await crew.work(20 * MINUTE)
        assert set((await statuses(scene)).values()) == {EventStatus.PROCESSED}

    async def test_a_wrong_key_is_noticed_at_the_first_read(self, scene: Scene, crew: Crew) -> None:
        await make_accounts(scene, 20)
        scene.road.always = "401"
        await crew.work(3)
        assert len(scene.road.calls) <= 2
        assert crew.is_breaker_open()

    async def test_one_bad_account_never_opens_it(self, scene: Scene, crew: Crew) -> None:
        (bad,) = await make_accounts(scene, 1)
        scene.road.moods_of[path_of(bad)] = "500"
        await crew.work(HOUR)
        assert not crew.is_breaker_open()
        assert crew.reads()["retry"] > 5

    async def test_a_bad_account_does_not_keep_it_open(self, scene: Scene, crew: Crew) -> None:
        ids = await make_accounts(scene, 10)
        scene.road.always = "away"
        await crew.work(MINUTE)
        assert crew.is_breaker_open()
        scene.road.always = "fine"
        scene.road.moods_of = dict.fromkeys(map(path_of, ids[:4]), "500")
        await crew.work(10 * MINUTE)
        assert not crew.is_breaker_open()
        assert crew.reads()["read"] >= 6

    async def test_the_other_mode_goes_on(self, scene: Scene) -> None:
        live = Stripe(
            Secret(LIVE_KEY), mode=Mode.LIVE, api_base=API, http_client=scene.client, max_retries=0
        )
        platform = replace(scene.platform, stripe={**scene.platform.stripe, Mode.LIVE: live})
        crews = [Crew(scene, platform, mode) for mode in Mode]
        away = await make_accounts(scene, 20)
        here = await make_accounts(scene, 20, mode=Mode.LIVE)
        scene.road.always = "away"
        scene.road.moods_of = dict.fromkeys(map(path_of, here), "fine")
        for _ in range(10):
            for crew in crews:
                await crew.work(1)
        by_mode = {crew.mode: crew for crew in crews}
        assert by_mode[Mode.LIVE].reads() == {"read": 20}
        assert by_mode[Mode.TEST].is_breaker_open()
        assert not by_mode[Mode.LIVE].is_breaker_open()
        assert len(away) == 20


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
        await crew.work(3 * DAY)
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
