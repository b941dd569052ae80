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
from aboard.flows.sync import read_account
from aboard.store import EventStatus, open_store
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

MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture
async def crew(scene: Scene) -> Crew:
    return Crew(scene, scene.platform)


async def readiness(scene: Scene, number: int) -> Readiness:
    reading = await read_account(scene.platform, owner_of(number), fresh=False)
    return reading.assessment.readiness


def impatient(scene: Scene) -> Crew:
    """Return a worker that gives up as soon as may be."""
    schedule = SyncSchedule(give_up_attempts=2, give_up_after=timedelta(minutes=10))
    return Crew(scene, replace(scene.platform, schedule=schedule))


def most_in_a_second(moments: list[datetime]) -> int:
    return max(
        sum(1 for at in moments if begin <= at < begin + timedelta(seconds=1)) for begin in moments
    )


async def live_and_die_of(scene: Scene, poison: str) -> None:
    """Let a worker work until it reads this account, which kills it, or until it is given up.

    Its connection to the database dies with it: nothing that it holds is given back.
    """
    given_up = scene.platform.journal.counts.get("account.sync_given_up", 0)
    begun = scene.road.calls.count(("GET", poison))
    store = open_store(scene.settings.database.reveal())
    crew = Crew(scene, replace(scene.platform, store=store))

    async def rest(seconds: float) -> None:
        scene.clock.now += timedelta(seconds=seconds)
        await asyncio.sleep(0.01)

    crew.begin(rest)

    async def work() -> None:
        while True:
            await rest(await crew.shift.round())

    life = asyncio.create_task(work())
    async with asyncio.timeout(20):
        while (  # noqa: ASYNC110 -- it gives no other sign
            scene.road.calls.count(("GET", poison)) == begun
            and scene.platform.journal.counts.get("account.sync_given_up", 0) == given_up
        ):
            await asyncio.sleep(0)
    await store.close()
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)
    await crew.shift.end(0)
    scene.clock.now += scene.platform.schedule.lease


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


class TestRetryClasses:
    async def test_what_passes_is_tried_for_long_and_often(self, scene: Scene) -> None:
        crew = impatient(scene)
        (bad,) = await make_accounts(scene, 1)
        await ring(scene, bad, "evt_1")
        scene.road.moods_of[path_of(bad)] = "500"
        await crew.work(30 * MINUTE)
        # Old enough, but not tried twenty times yet.
        assert await statuses(scene) == {"evt_1": EventStatus.PENDING}
        await crew.work(4 * HOUR)
        assert await statuses(scene) == {"evt_1": EventStatus.DEAD}
        assert crew.counts["account.sync_given_up"] >= 1
        assert crew.reads()["given_up"] == crew.counts["account.sync_given_up"]

    @pytest.mark.parametrize("mood", ["400", "garbage", "403"])
    async def test_what_will_not_pass_is_tried_five_times(
        self, scene: Scene, crew: Crew, mood: str
    ) -> None:
        bad, good = await make_accounts(scene, 2)
        for account_id in (bad, good):
            await ring(scene, account_id, f"evt_{account_id}")
        scene.road.moods_of[path_of(bad)] = mood
        await crew.work(50 * MINUTE)
        found = await statuses(scene)
        assert found.pop(f"evt_{bad}") is EventStatus.PENDING
        assert set(found.values()) == {EventStatus.PROCESSED}
        await crew.work(20 * MINUTE)
        assert (await statuses(scene))[f"evt_{bad}"] is EventStatus.DEAD
        assert crew.reads()["given_up"] == 1
        assert not crew.is_breaker_open()

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
        scene.road.moods_of[path_of(ids[0])] = "hang"
        for _ in range(20):
            await live_and_die_of(scene, path_of(ids[0]))
            if (await statuses(scene))[f"evt_{ids[0]}"] is EventStatus.DEAD:
                break
        await crew.work(MINUTE)
        found = await statuses(scene)
        assert found.pop(f"evt_{ids[0]}") is EventStatus.DEAD
        assert set(found.values()) == {EventStatus.PROCESSED}


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
    async def test_what_concerns_everybody_buries_nobody(self, scene: Scene, mood: str) -> None:
        crew = impatient(scene)
        ids = await make_accounts(scene, 20)
        for account_id in ids:
            await ring(scene, account_id, f"evt_{account_id}")
        scene.road.always = mood
        await crew.work(HOUR)
        assert set((await statuses(scene)).values()) == {EventStatus.PENDING}
        assert "account.sync_given_up" not in crew.counts
        scene.road.always = "fine"
        await crew.work(20 * MINUTE)
        assert set((await statuses(scene)).values()) == {EventStatus.PROCESSED}

    async def test_a_wrong_key_is_noticed_at_the_first_read(self, scene: Scene, crew: Crew) -> None:
        await make_accounts(scene, 20)
        scene.road.always = "401"
        await crew.work(3)
        assert len(scene.road.calls) <= 4  # those that began at the same moment
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
