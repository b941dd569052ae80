"""One process at a time makes an owner's account; a dead one keeps its claim for a minute."""

import asyncio
from datetime import timedelta

import pytest

from aboard.core.errors import OnboardingBusy, StripeUnavailable
from aboard.core.owner import Owner
from aboard.flows.claim import CLAIM_LEASE, creation_claim
from aboard.flows.platform import Platform
from aboard.flows.start import Started, start_onboarding
from tests.scene import REFRESH_URL, RETURN_URL, Scene

pytestmark = pytest.mark.both


async def start(platform: Platform, owner: Owner) -> Started:
    return await start_onboarding(platform, owner, return_url=RETURN_URL, refresh_url=REFRESH_URL)


def elsewhere(scene: Scene) -> Platform:
    return scene.with_changes(_flights=type(scene.platform._flights)())  # noqa: SLF001 - another process shares no locks


async def test_who_comes_while_another_process_is_at_it_waits_and_asks_stripe_nothing(
    scene: Scene, organization: Owner
) -> None:
    account = await scene.platform.store.reserve_account(organization, scene.clock())
    async with creation_claim(elsewhere(scene), account):
        scene.clock.advance(CLAIM_LEASE - timedelta(seconds=1))
        with pytest.raises(OnboardingBusy):
            await start(scene.platform, organization)
        assert scene.road.calls == []
    started = await start(scene.platform, organization)
    assert scene.accounts() == [started.stripe_account_id]


async def test_a_hundred_starts_in_two_processes_ask_stripe_once(
    scene: Scene, organization: Owner
) -> None:
    processes = [scene.platform, elsewhere(scene)]
    scene.road.mood = ["slow"]
    outcomes = await asyncio.gather(
        *(start(processes[n % 2], organization) for n in range(100)), return_exceptions=True
    )
    started = [outcome for outcome in outcomes if isinstance(outcome, Started)]
    busy = [outcome for outcome in outcomes if isinstance(outcome, OnboardingBusy)]
    assert len(started) + len(busy) == 100
    assert {one.stripe_account_id for one in started} == set(scene.accounts())
    assert scene.road.made("/v1/accounts") == len(scene.accounts()) == 1


async def test_a_claim_left_behind_by_a_crash_is_taken_over_and_its_account_found(
    scene: Scene, organization: Owner
) -> None:
    scene.road.mood = ["drop"]
    with pytest.raises(StripeUnavailable):
        await start(scene.platform, organization)
    made = scene.accounts()
    account = await scene.platform.store.reserve_account(organization, scene.clock())
    dead = creation_claim(elsewhere(scene), account)
    await dead.__aenter__()
    with pytest.raises(OnboardingBusy):
        await start(scene.platform, organization)
    scene.clock.advance(CLAIM_LEASE)
    async with creation_claim(scene.platform, account):
        # It was not dead but slow: its end must not end the claim of who took over.
        await dead.__aexit__(None, None, None)
        with pytest.raises(OnboardingBusy):
            await start(elsewhere(scene), organization)
    started = await start(scene.platform, organization)
    assert [started.stripe_account_id] == made == scene.accounts()


async def test_a_start_that_failed_or_was_given_up_leaves_no_claim(
    scene: Scene, organization: Owner
) -> None:
    scene.road.mood = ["away"]
    with pytest.raises(StripeUnavailable):
        await start(scene.platform, organization)
    scene.road.mood = ["slow"]
    scene.road.called.clear()
    given_up = asyncio.create_task(start(scene.platform, organization))
    await scene.road.called.wait()
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    started = await start(elsewhere(scene), organization)
    assert scene.accounts() == [started.stripe_account_id]
