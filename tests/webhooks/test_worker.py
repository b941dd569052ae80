"""Does the worker look where Stripe rang, rest when there is nothing, and never die?"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Readiness
from aboard.core.secret import Secret
from aboard.flows.endpoint import Endpoint
from aboard.flows.events import accept_event
from aboard.flows.platform import Platform
from aboard.flows.start import start_onboarding
from aboard.flows.sync import read_account, sync_due
from aboard.stripe_api.signature import sign
from aboard.webhooks import run_worker
from aboard.webhooks.worker import Pace
from tests.scene import CONNECT_SECRET, REFRESH_URL, RETURN_URL, Scene

QUICK = Pace(idle_seconds=0.01, first_back_off_seconds=0.01, longest_back_off_seconds=0.02)


def owner(number: int) -> Owner:
    return Owner(OwnerKind.ORGANIZATION, f"org_{number}", Mode.TEST)


async def begin(scene: Scene, count: int) -> list[str]:
    """Let so many owners begin; none of their accounts is due afterwards."""
    ids = []
    for number in range(count):
        started = await start_onboarding(
            scene.platform, owner(number), return_url=RETURN_URL, refresh_url=REFRESH_URL
        )
        ids.append(started.stripe_account_id)
    while await sync_due(scene.platform):
        pass
    return ids


async def ring(scene: Scene, account_id: str) -> None:
    event = {
        "id": f"evt_{account_id}",
        "object": "event",
        "type": "account.updated",
        "created": 1_795_000_000,
        "livemode": False,
        "account": account_id,
    }
    payload = json.dumps(event).encode()
    header = sign(payload, Secret(CONNECT_SECRET), at=scene.clock())
    await accept_event(scene.platform, Endpoint.CONNECT, payload, header)


def synced(scene: Scene) -> int:
    return scene.platform.journal.counts.get("account.synced", 0)


async def readiness(scene: Scene, number: int) -> Readiness:
    reading = await read_account(scene.platform, owner(number), fresh=False)
    return reading.assessment.readiness


@asynccontextmanager
async def working(platform: Platform, pace: Pace = QUICK) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    task = asyncio.create_task(run_worker(platform, stop, pace))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - the worker gives no sign but what it did
            await asyncio.sleep(0.01)


async def test_a_ring_is_answered_while_it_rests(scene: Scene) -> None:
    (account_id,) = await begin(scene, 1)
    async with working(scene.platform):
        await scene.complete(account_id)
        await ring(scene, account_id)
        before = synced(scene)
        await until(lambda: synced(scene) > before)
    assert await readiness(scene, 0) is Readiness.COMPLETE


async def test_more_than_a_batch_is_worked_off_without_rest(scene: Scene) -> None:
    ids = await begin(scene, 5)
    for account_id in ids:
        await ring(scene, account_id)
    before = synced(scene)
    lazy = Pace(batch=2, idle_seconds=60)
    async with working(scene.platform, lazy):
        await until(lambda: synced(scene) == before + 5)


async def test_one_bad_account_does_not_stop_the_others(scene: Scene) -> None:
    ids = await begin(scene, 3)
    for account_id in ids:
        await scene.complete(account_id)
        await ring(scene, account_id)
    scene.road.mood = ["500"]  # for the first that is read
    before = synced(scene)
    async with working(scene.platform) as task:
        await until(lambda: synced(scene) == before + 2)
        assert not task.done()
    assert scene.platform.journal.counts["account.sync_failed"] == 1


async def test_a_failing_round_is_noted_and_tried_again(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    (account_id,) = await begin(scene, 1)
    await ring(scene, account_id)
    troubles = 3

    def clock() -> datetime:
        nonlocal troubles
        if troubles:
            troubles -= 1
            raise RuntimeError("words_that_must_not_get_out")
        return scene.clock()

    before = synced(scene)
    async with working(scene.with_changes(clock=clock)):
        await until(lambda: synced(scene) > before)
    assert scene.platform.journal.counts["worker.failed"] == 3
    assert "worker.failed cause=RuntimeError" in caplog.text
    assert "words_that" not in caplog.text


async def test_a_database_that_is_away_does_not_end_it(scene: Scene) -> None:
    await scene.platform.store.close()
    async with working(scene.platform) as task:
        await until(lambda: scene.platform.journal.counts.get("worker.failed", 0) >= 3)
        assert not task.done()


async def test_it_stops_at_once_while_it_rests(scene: Scene) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(run_worker(scene.platform, stop, Pace(idle_seconds=60)))
    await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(task, 1)


async def test_it_tidies_up_now_and_then(scene: Scene) -> None:
    assert await scene.platform.store.spend_ticket("nonce", scene.clock(), scene.clock())
    later = scene.clock() + timedelta(days=2)
    pace = Pace(idle_seconds=0.01, housekeeping_seconds=0)
    async with working(scene.with_changes(clock=lambda: later), pace):
        await asyncio.sleep(0.1)
    assert await scene.platform.store.forget_expired(later) == 0  # it was done already


async def test_it_reminds_beside_reading(scene: Scene) -> None:
    await begin(scene, 3)
    scene.clock.advance(timedelta(days=3))
    often = Pace(idle_seconds=0.01, reminder_seconds=0.01)
    async with working(scene.platform, often), working(scene.platform, often):
        await until(lambda: scene.platform.journal.counts.get("reminder.told", 0) == 3)
        await asyncio.sleep(0.05)
    assert scene.platform.journal.counts["reminder.told"] == 3


async def test_more_reminders_than_a_batch_are_told_without_rest(scene: Scene) -> None:
    await begin(scene, 5)
    scene.clock.advance(timedelta(days=3))
    while await sync_due(scene.platform):
        pass
    async with working(scene.platform, Pace(batch=2, reminder_seconds=60)):
        await until(lambda: scene.platform.journal.counts.get("reminder.told", 0) == 5)
