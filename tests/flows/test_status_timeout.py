"""A slow Stripe holds nobody longer than the time-out: memory answers, and nothing is half done."""

import asyncio
from datetime import timedelta

import pytest

from aboard.core.errors import StripeUnavailable
from aboard.core.owner import Owner
from aboard.core.readiness import Readiness
from aboard.flows.checklist import read_checklist
from aboard.flows.gate import read_setup_state
from aboard.flows.platform import Platform
from aboard.flows.start import start_onboarding
from aboard.flows.sync import Source, read_account, read_live
from tests.scene import REFRESH_URL, RETURN_URL, Scene

SOON = timedelta(milliseconds=50)
LONG_SECONDS = 5
"""Far beyond the time-out, and far below the client's own bound of 30 seconds."""


@pytest.fixture
async def impatient(scene: Scene, organization: Owner) -> Platform:
    """A platform that waits for next to nothing, with an account that is complete at Stripe."""
    await start_onboarding(
        scene.platform, organization, return_url=RETURN_URL, refresh_url=REFRESH_URL
    )
    await scene.complete(scene.accounts()[0])
    return scene.with_changes(status_timeout=SOON)


async def test_memory_answers_and_nothing_is_written(
    scene: Scene, organization: Owner, impatient: Platform
) -> None:
    before = await scene.platform.store.find_account(organization)
    writes = scene.platform.store.metrics.commits
    tasks = asyncio.all_tasks()
    scene.road.mood = ["hang"]
    async with asyncio.timeout(LONG_SECONDS):
        reading = await read_account(impatient, organization, fresh=True)
    assert (reading.source, reading.account) == (Source.STORED, before)
    assert reading.assessment.readiness is Readiness.INCOMPLETE
    assert scene.platform.store.metrics.commits == writes
    assert scene.road.hanging == 0  # the read was called off, not left behind
    assert asyncio.all_tasks() == tasks


async def test_the_next_read_heals(scene: Scene, organization: Owner, impatient: Platform) -> None:
    scene.road.mood = ["hang"]
    await read_account(impatient, organization, fresh=True)
    patient = scene.with_changes(status_timeout=timedelta(seconds=LONG_SECONDS))
    reading = await read_account(patient, organization, fresh=True)
    assert reading.source is Source.LIVE
    assert reading.assessment.readiness is Readiness.COMPLETE
    stored = await read_account(patient, organization, fresh=False)
    assert stored.assessment.readiness is Readiness.COMPLETE


async def test_many_readers_wait_at_the_same_time(
    scene: Scene, organization: Owner, impatient: Platform
) -> None:
    scene.road.mood = ["hang"] * 20
    async with asyncio.timeout(LONG_SECONDS):
        readings = await asyncio.gather(
            *(read_account(impatient, organization, fresh=True) for _ in range(20))
        )
    assert {reading.source for reading in readings} == {Source.STORED}
    assert scene.road.hanging == 0


async def test_the_clock_on_the_wall_has_no_say(
    scene: Scene, organization: Owner, impatient: Platform
) -> None:
    scene.clock.advance(timedelta(days=-1))
    scene.road.mood = ["hang"]
    assert (await read_account(impatient, organization, fresh=True)).source is Source.STORED
    patient = scene.with_changes(status_timeout=timedelta(seconds=LONG_SECONDS))
    scene.clock.advance(timedelta(days=2))
    scene.road.mood = ["slow"]
    assert (await read_account(patient, organization, fresh=True)).source is Source.LIVE


async def test_whoever_is_called_off_calls_stripe_off(
    scene: Scene, organization: Owner, impatient: Platform
) -> None:
    """A caller who leaves is no time-out: nothing answers in their place."""
    del impatient
    scene.road.called.clear()
    scene.road.mood = ["hang"]
    reader = asyncio.create_task(read_account(scene.platform, organization, fresh=True))
    await scene.road.called.wait()
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert scene.road.hanging == 0


async def test_the_checklist_and_the_setup_state_are_as_impatient(
    scene: Scene, organization: Owner, impatient: Platform
) -> None:
    scene.road.mood = ["hang", "hang"]
    async with asyncio.timeout(LONG_SECONDS):
        await read_checklist(impatient, organization, fresh=True, language="en")
        await read_setup_state(impatient, organization, fresh=True)
    assert scene.road.mood == []


async def test_a_read_that_must_be_live_says_that_stripe_was_slow(
    scene: Scene, organization: Owner, impatient: Platform
) -> None:
    account = await scene.platform.store.find_account(organization)
    assert account is not None
    scene.road.mood = ["hang"]
    with pytest.raises(StripeUnavailable) as slow:
        await read_live(impatient, account, within=SOON)
    assert slow.value.cause == "timeout"
