"""One connected account per owner: called twice, at once, or broken off at any point."""

import asyncio
from datetime import timedelta

import pytest

from aboard.core.account import AccountShape
from aboard.core.errors import (
    AddressRefused,
    FeatureDisabled,
    NothingDue,
    OnboardingBusy,
    StripeNotConfigured,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Readiness
from aboard.flows.platform import Platform, Switches
from aboard.flows.start import Started, start_onboarding
from aboard.flows.sync import read_account
from tests.scene import REFRESH_URL, RETURN_URL, Scene

pytestmark = pytest.mark.both


async def start(
    platform: Platform, owner: Owner, *, force: bool = False, restart: bool = False
) -> Started:
    return await start_onboarding(
        platform,
        owner,
        return_url=RETURN_URL,
        refresh_url=REFRESH_URL,
        force=force,
        restart=restart,
    )


def everywhere(shape: AccountShape) -> dict[tuple[OwnerKind, Mode], AccountShape]:
    return {(kind, mode): shape for kind in OwnerKind for mode in Mode}


async def test_a_first_start_makes_the_account_and_a_link(
    scene: Scene, organization: Owner
) -> None:
    started = await start(scene.platform, organization)
    assert scene.accounts() == [started.stripe_account_id]
    assert started.link.expires_at - scene.clock() == timedelta(seconds=300)
    reading = await read_account(scene.platform, organization, fresh=False)
    assert reading.assessment.readiness is Readiness.INCOMPLETE


async def test_a_second_start_is_the_same_account_with_another_link(
    scene: Scene, organization: Owner
) -> None:
    first = await start(scene.platform, organization)
    second = await start(scene.platform, organization)
    assert first.stripe_account_id == second.stripe_account_id
    assert first.link.url != second.link.url
    assert len(scene.accounts()) == 1


async def test_test_and_live_and_creators_and_organizations_never_share_an_account(
    scene: Scene,
) -> None:
    one = await start(scene.platform, Owner(OwnerKind.ORGANIZATION, "same", Mode.TEST))
    two = await start(scene.platform, Owner(OwnerKind.CREATOR, "same", Mode.TEST))
    assert one.stripe_account_id != two.stripe_account_id


async def test_a_hundred_starts_at_once_make_one_account(scene: Scene, organization: Owner) -> None:
    started = await asyncio.gather(*(start(scene.platform, organization) for _ in range(100)))
    assert len({one.stripe_account_id for one in started}) == 1
    assert len({one.link.url for one in started}) == 100
    assert len(scene.accounts()) == 1
    assert scene.road.made("/v1/accounts") == 1


async def test_an_answer_lost_on_the_way_is_found_again_by_the_same_key(
    scene: Scene, organization: Owner
) -> None:
    scene.road.mood = ["drop"]
    with pytest.raises(StripeUnavailable):
        await start(scene.platform, organization)
    assert len(scene.accounts()) == 1
    started = await start(scene.platform, organization)
    assert scene.accounts() == [started.stripe_account_id]


async def test_an_answer_lost_for_longer_than_keys_live_is_found_by_its_mark(
    scene: Scene, organization: Owner
) -> None:
    scene.road.mood = ["drop"]
    with pytest.raises(StripeUnavailable):
        await start(scene.platform, organization)
    scene.clock.advance(timedelta(hours=30))
    started = await start(scene.platform, organization)
    assert scene.accounts() == [started.stripe_account_id]


async def test_other_settings_after_a_lost_answer_still_find_the_account(
    scene: Scene, organization: Owner
) -> None:
    scene.road.mood = ["drop"]
    with pytest.raises(StripeUnavailable):
        await start(scene.platform, organization)
    other = AccountShape(type="custom", country="US")
    changed = scene.with_changes(shapes=everywhere(other))
    started = await start(changed, organization)
    assert scene.accounts() == [started.stripe_account_id]


async def test_a_stored_failure_is_overcome_with_a_new_key(
    scene: Scene, organization: Owner
) -> None:
    scene.road.mood = ["replayed"]
    started = await start(scene.platform, organization)
    assert scene.accounts() == [started.stripe_account_id]


@pytest.mark.parametrize("mood", ["away", "500", "503", "429", "garbage"])
async def test_stripe_away_is_said_and_the_next_try_works(
    scene: Scene, organization: Owner, mood: str
) -> None:
    scene.road.mood = [mood]
    with pytest.raises(StripeUnavailable):
        await start(scene.platform, organization)
    started = await start(scene.platform, organization)
    assert scene.accounts() == [started.stripe_account_id]


async def test_a_definite_refusal_passes_on_and_better_settings_work(
    scene: Scene, organization: Owner
) -> None:
    wrong = AccountShape(type="express", country="ZZ")
    with pytest.raises(StripeRefused) as caught:
        await start(scene.with_changes(shapes=everywhere(wrong)), organization)
    assert caught.value.status == 400
    assert scene.accounts() == []
    started = await start(scene.platform, organization)
    assert scene.accounts() == [started.stripe_account_id]


async def test_another_process_in_the_middle_of_it_is_busy_not_a_second_account(
    scene: Scene, organization: Owner
) -> None:
    elsewhere = scene.with_changes(_flights=type(scene.platform._flights)())  # noqa: SLF001 -- another process shares no locks
    scene.road.mood = ["slow", "slow"]
    outcomes = await asyncio.gather(
        start(scene.platform, organization), start(elsewhere, organization), return_exceptions=True
    )
    assert len(scene.accounts()) == 1
    for outcome in outcomes:
        assert isinstance(outcome, Started | OnboardingBusy | StripeUnavailable), outcome


async def test_nothing_due_is_said_unless_forced(scene: Scene, organization: Owner) -> None:
    started = await start(scene.platform, organization)
    await scene.complete(started.stripe_account_id)
    await read_account(scene.platform, organization, fresh=True)
    with pytest.raises(NothingDue):
        await start(scene.platform, organization)
    forced = await start(scene.platform, organization, force=True)
    assert forced.stripe_account_id == started.stripe_account_id


async def test_an_old_memory_of_complete_does_not_refuse_a_link(
    scene: Scene, organization: Owner
) -> None:
    started = await start(scene.platform, organization)
    await scene.complete(started.stripe_account_id)
    await read_account(scene.platform, organization, fresh=True)
    await scene.control(
        started.stripe_account_id, "require", requirement="individual.verification.document"
    )
    assert (await start(scene.platform, organization)).stripe_account_id


async def test_what_became_complete_without_an_event_is_seen_by_the_next_start(
    scene: Scene, organization: Owner
) -> None:
    started = await start(scene.platform, organization)
    await scene.complete(started.stripe_account_id)
    with pytest.raises(NothingDue):
        await start(scene.platform, organization)
    reading = await read_account(scene.platform, organization, fresh=False)
    assert reading.assessment.readiness is Readiness.COMPLETE


async def test_a_start_that_is_forced_asks_nothing_but_for_the_link(
    scene: Scene, organization: Owner
) -> None:
    await start(scene.platform, organization)
    calls = len(scene.road.calls)
    await start(scene.platform, organization, force=True)
    assert scene.road.calls[calls:] == [("POST", "/v1/account_links")]


async def test_starting_again_after_long_trusts_its_new_key_and_lists_nothing(
    scene: Scene, organization: Owner
) -> None:
    first = await start(scene.platform, organization)
    scene.clock.advance(timedelta(days=400))
    await scene.control(first.stripe_account_id, "deauthorize")
    await read_account(scene.platform, organization, fresh=True)
    await start(scene.platform, organization, restart=True)
    assert ("GET", "/v1/accounts") not in scene.road.calls


async def test_refused_before_anything_happens(scene: Scene, organization: Owner) -> None:
    with pytest.raises(AddressRefused):
        await start_onboarding(
            scene.platform,
            organization,
            return_url="https://evil.example/",
            refresh_url=REFRESH_URL,
        )
    with pytest.raises(FeatureDisabled):
        await start(scene.with_changes(switches=Switches(onboarding=False)), organization)
    live = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.LIVE)
    with pytest.raises(FeatureDisabled):
        await start(scene.with_changes(switches=Switches(live=False)), live)
    with pytest.raises(StripeNotConfigured):
        await start_onboarding(
            scene.with_changes(
                addresses=type(scene.platform.addresses).parse(["https://shop.example"])
            ),
            live,
            return_url="https://shop.example/a",
            refresh_url="https://shop.example/b",
        )
    assert scene.road.calls == []
    assert await scene.platform.store.find_account(organization) is None
