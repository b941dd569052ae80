"""Another platform's key makes every account look gone: nobody is disconnected by it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from aboard.core.errors import (
    AccountGone,
    StripeKeySwapped,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Readiness
from aboard.core.secret import Secret
from aboard.flows.login_link import create_login_link
from aboard.flows.own_account import adopt_own_account
from aboard.flows.platform import Platform
from aboard.flows.resume import issue_link
from aboard.flows.sync import Source, read_account, sync_due
from aboard.stripe_api.client import Stripe
from tests.flows.test_start import start
from tests.scene import API, KEY, Scene

OTHER_KEY = "sk_test_another_platform"
NEW_OWNER = Owner(OwnerKind.ORGANIZATION, "org_2", Mode.TEST)


@asynccontextmanager
async def with_key(scene: Scene, key: str) -> AsyncIterator[Platform]:
    """Give the platform of another process, which was started with this key."""
    stripe = Stripe(
        Secret(key), mode=Mode.TEST, api_base=API, http_client=scene.client, max_retries=0
    )
    try:
        yield replace(scene.platform, stripe={Mode.TEST: stripe})
    finally:
        await stripe.close()


async def test_the_first_account_of_a_mode_waits_for_whose_key_it_is(
    scene: Scene, organization: Owner
) -> None:
    async with with_key(scene, OTHER_KEY) as platform:
        await platform.store.replace_platform_account(Mode.TEST, "acct_elsewhere", scene.clock())
        with pytest.raises(StripeKeySwapped) as caught:
            await start(platform, organization)
    assert (caught.value.known, caught.value.status) == ("acct_elsewhere", 403)
    assert caught.value.found == scene.sandbox.world(OTHER_KEY).platform.id
    assert ("POST", "/v1/accounts") not in scene.road.calls
    assert scene.platform.journal.counts["key.swapped"] == 1


async def test_a_mode_learns_its_platform_once_and_a_key_is_asked_once(scene: Scene) -> None:
    known = await scene.platform.store.find_platform_account(Mode.TEST)
    assert known == scene.sandbox.world(KEY).platform.id
    for name in ("org_1", "org_2", "org_3"):
        await start(scene.platform, Owner(OwnerKind.ORGANIZATION, name, Mode.TEST))
    assert ("GET", "/v1/account") not in scene.road.calls


async def test_a_swapped_key_disconnects_nobody_by_reading(
    scene: Scene, organization: Owner
) -> None:
    started = await start(scene.platform, organization)
    scene.clock.advance(timedelta(hours=2))
    async with with_key(scene, OTHER_KEY) as swapped:
        reading = await read_account(swapped, organization, fresh=True)
        assert (reading.source, reading.assessment.readiness) == (
            Source.STORED,
            Readiness.INCOMPLETE,
        )
        assert await sync_due(swapped) == 1
        assert await sync_due(swapped) == 0  # put off, not tried again at once
    account = await scene.platform.store.find_account(organization)
    assert account is not None
    assert (account.stripe_account_id, account.is_disconnected) == (
        started.stripe_account_id,
        False,
    )
    assert scene.platform.journal.counts["account.sync_failed"] == 2
    assert scene.platform.journal.counts["key.swapped"] == 2
    scene.clock.advance(timedelta(hours=2))
    assert await sync_due(scene.platform) == 1  # the right key is back
    healed = await read_account(scene.platform, organization, fresh=False)
    assert healed.account is not None
    assert healed.account.synced_at == scene.clock()


async def test_a_swapped_key_disconnects_nobody_by_links(scene: Scene, organization: Owner) -> None:
    started = await start(scene.platform, organization)
    await scene.complete(started.stripe_account_id)
    await read_account(scene.platform, organization, fresh=True)
    async with with_key(scene, OTHER_KEY) as swapped:
        with pytest.raises(StripeKeySwapped):
            await issue_link(swapped, organization)
        with pytest.raises(StripeKeySwapped):
            await create_login_link(swapped, organization)
        with pytest.raises(StripeKeySwapped):
            await start(swapped, NEW_OWNER)
    assert (await read_account(scene.platform, organization, fresh=True)).source is Source.LIVE
    assert scene.platform.journal.counts.get("account.disconnected") is None


async def test_a_swapped_key_restarts_nobody(scene: Scene, organization: Owner) -> None:
    started = await start(scene.platform, organization)
    await scene.control(started.stripe_account_id, "deauthorize")
    await read_account(scene.platform, organization, fresh=True)
    async with with_key(scene, OTHER_KEY) as swapped:
        with pytest.raises(StripeKeySwapped):
            await start(swapped, organization, restart=True)
    account = await scene.platform.store.find_account(organization)
    assert account is not None
    assert (account.stripe_account_id, account.is_disconnected) == (started.stripe_account_id, True)


async def test_a_key_of_the_same_platform_is_believed_in_a_new_process(
    scene: Scene, organization: Owner
) -> None:
    started = await start(scene.platform, organization)
    await scene.control(started.stripe_account_id, "deauthorize")
    async with with_key(scene, KEY) as same:
        reading = await read_account(same, organization, fresh=True)
    assert reading.assessment.readiness is Readiness.DISCONNECTED


async def test_a_platform_changed_on_purpose_is_adopted(scene: Scene, organization: Owner) -> None:
    await start(scene.platform, organization)
    async with with_key(scene, OTHER_KEY) as swapped:
        adoption = await adopt_own_account(swapped, Mode.TEST)
        assert adoption.before == scene.sandbox.world(KEY).platform.id
        assert adoption.now == scene.sandbox.world(OTHER_KEY).platform.id
        assert (await adopt_own_account(swapped, Mode.TEST)).before == adoption.now
        with pytest.raises(AccountGone):
            await issue_link(swapped, organization)
        await start(swapped, NEW_OWNER)
    with pytest.raises(StripeKeySwapped):
        await start(scene.platform, Owner(OwnerKind.ORGANIZATION, "org_3", Mode.TEST))


@pytest.mark.parametrize(
    ("mood", "fact"),
    [("away", StripeUnavailable), ("500", StripeUnavailable), ("401", StripeRefused)],
)
async def test_without_an_answer_nobody_is_disconnected(
    scene: Scene, organization: Owner, mood: str, fact: type[Exception]
) -> None:
    started = await start(scene.platform, organization)
    await scene.control(started.stripe_account_id, "deauthorize")
    async with with_key(scene, KEY) as fresh_process:
        scene.road.mood = ["fine", mood]
        with pytest.raises(fact):
            await issue_link(fresh_process, organization)
        account = await scene.platform.store.find_account(organization)
        assert account is not None
        assert not account.is_disconnected
        with pytest.raises(AccountGone):
            await issue_link(fresh_process, organization)


async def test_a_key_that_may_not_say_whose_it_is_creates_but_disconnects_nobody(
    scene: Scene, organization: Owner
) -> None:
    started = await start(scene.platform, organization)
    await scene.control(started.stripe_account_id, "deauthorize")
    async with with_key(scene, KEY) as restricted:
        scene.road.mood = ["403"]
        await start(restricted, NEW_OWNER)
        scene.road.mood = ["fine", "403"]
        with pytest.raises(StripeRefused) as caught:
            await issue_link(restricted, organization)
        assert caught.value.status == 403
    account = await scene.platform.store.find_account(organization)
    assert account is not None
    assert not account.is_disconnected
