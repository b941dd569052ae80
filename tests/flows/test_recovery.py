"""Parting with an account: what Stripe allows is done, the rest is said or forgotten on request."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aboard.core.account import AccountShape
from aboard.core.caller import Caller
from aboard.core.errors import (
    AccountGone,
    AccountNotLinked,
    StripeKeySwapped,
    StripeRefused,
    StripeUnavailable,
)
from aboard.core.links import AddressRules
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Readiness
from aboard.core.secret import Secret
from aboard.flows.ending import Ending
from aboard.flows.platform import Platform
from aboard.flows.recovery import disconnect_owner
from aboard.flows.resume import issue_link
from aboard.flows.start import start_onboarding
from aboard.flows.sync import read_account, sync_due
from aboard.stripe_api.client import Stripe
from tests.flows.test_start import start
from tests.scene import API, KEY, Scene

STAFF = Caller("staff_1")
STANDARD = AccountShape(type="standard", country="US", capabilities=())
CUSTOM = AccountShape(type="custom", country="US")
LIVE_KEY = "sk_live_aboard_flows"
LIVE_OWNER = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.LIVE)


def shaped(scene: Scene, shape: AccountShape, *, has_client_id: bool = True) -> Platform:
    client_id = scene.sandbox.world(KEY).application_id
    return scene.with_changes(
        shapes=dict.fromkeys(scene.platform.shapes, shape),
        client_ids={Mode.TEST: client_id} if has_client_id else {},
    )


async def outcomes(scene: Scene, owner: Owner) -> list[str]:
    rows = await scene.platform.store.list_audit(owner=owner, limit=50)
    return [row.outcome for row in rows if row.action == "account.disconnect"]


async def readiness(scene: Scene, owner: Owner) -> Readiness:
    return (await read_account(scene.platform, owner, fresh=False)).assessment.readiness


@pytest.mark.parametrize("shape", [AccountShape(country="US"), CUSTOM], ids=["express", "custom"])
async def test_an_account_of_the_platforms_own_is_deleted(
    scene: Scene, organization: Owner, shape: AccountShape
) -> None:
    platform = shaped(scene, shape)
    started = await start(platform, organization)
    parted = await disconnect_owner(platform, organization, STAFF, request_id="req-1")
    assert parted.how is Ending.DELETED
    assert scene.accounts() == []
    reading = await read_account(platform, organization, fresh=False)
    assert reading.assessment.readiness is Readiness.DISCONNECTED
    assert reading.assessment.reasons == ("deleted",)
    (row,) = await platform.store.list_audit(owner=organization, action="account.disconnect")
    assert (row.actor, row.outcome, row.request_id) == ("staff_1", "deleted", "req-1")
    assert row.details == {"stripe_account_id": started.stripe_account_id}
    with pytest.raises(AccountGone):
        await issue_link(platform, organization)


async def test_an_account_of_its_holders_own_is_let_go_and_stays(
    scene: Scene, organization: Owner
) -> None:
    platform = shaped(scene, STANDARD)
    started = await start(platform, organization)
    parted = await disconnect_owner(platform, organization, STAFF)
    assert parted.how is Ending.DEAUTHORIZED
    account = scene.sandbox.world(KEY).accounts.get(started.stripe_account_id)
    assert account is not None
    assert account.deauthorised_at is not None
    assert await readiness(scene, organization) is Readiness.DISCONNECTED


async def test_without_a_client_id_it_is_forgotten_and_never_deleted(
    scene: Scene, organization: Owner
) -> None:
    platform = shaped(scene, STANDARD, has_client_id=False)
    started = await start(platform, organization)
    calls = len(scene.road.calls)
    parted = await disconnect_owner(platform, organization, STAFF)
    assert parted.how is Ending.FORGOTTEN
    assert len(scene.road.calls) == calls
    assert scene.accounts() == [started.stripe_account_id]
    assert await readiness(scene, organization) is Readiness.DISCONNECTED


async def test_what_was_forgotten_complete_is_found_again_by_a_restart(
    scene: Scene, organization: Owner
) -> None:
    platform = shaped(scene, STANDARD, has_client_id=False)
    started = await start(platform, organization)
    await scene.complete(started.stripe_account_id)
    await disconnect_owner(platform, organization, STAFF)
    again = await start(platform, organization, force=True, restart=True)
    assert again.stripe_account_id == started.stripe_account_id
    assert await readiness(scene, organization) is Readiness.COMPLETE


@pytest.mark.parametrize("shape", [AccountShape(country="US"), STANDARD], ids=["express", "full"])
async def test_repeating_it_is_harmless_and_says_the_same(
    scene: Scene, organization: Owner, shape: AccountShape
) -> None:
    platform = shaped(scene, shape)
    await start(platform, organization)
    first = await disconnect_owner(platform, organization, STAFF)
    calls = len(scene.road.calls)
    assert await disconnect_owner(platform, organization, STAFF) == first
    assert len(scene.road.calls) == calls
    assert len(await outcomes(scene, organization)) == 1


@pytest.mark.parametrize("shape", [AccountShape(country="US"), STANDARD], ids=["express", "full"])
async def test_what_had_ended_before_we_heard_of_it_is_no_failure(
    scene: Scene, organization: Owner, shape: AccountShape
) -> None:
    platform = shaped(scene, shape)
    started = await start(platform, organization)
    await scene.control(started.stripe_account_id, "deauthorize")
    parted = await disconnect_owner(platform, organization, STAFF)
    assert parted.how is Ending.FORGOTTEN
    assert await readiness(scene, organization) is Readiness.DISCONNECTED
    assert await disconnect_owner(platform, organization, STAFF) == parted


async def test_an_answer_lost_after_the_deletion_is_found_out_by_the_next_sync(
    scene: Scene, organization: Owner
) -> None:
    await start(scene.platform, organization)
    scene.road.mood = ["drop"]
    with pytest.raises(StripeUnavailable):
        await disconnect_owner(scene.platform, organization, STAFF)
    assert scene.accounts() == []
    assert await readiness(scene, organization) is Readiness.INCOMPLETE
    scene.clock.advance(timedelta(hours=1))
    assert await sync_due(scene.platform) == 1
    assert await readiness(scene, organization) is Readiness.DISCONNECTED


async def test_an_answer_lost_after_the_deletion_is_found_out_by_asking_again(
    scene: Scene, organization: Owner
) -> None:
    await start(scene.platform, organization)
    scene.road.mood = ["drop"]
    with pytest.raises(StripeUnavailable):
        await disconnect_owner(scene.platform, organization, STAFF)
    assert (await disconnect_owner(scene.platform, organization, STAFF)).how is Ending.FORGOTTEN
    assert await readiness(scene, organization) is Readiness.DISCONNECTED


async def test_nobody_parts_with_what_is_not_there(scene: Scene, organization: Owner) -> None:
    with pytest.raises(AccountNotLinked):
        await disconnect_owner(scene.platform, organization, STAFF)
    scene.road.mood = ["away"]
    with pytest.raises(StripeUnavailable):
        await start(scene.platform, organization)
    with pytest.raises(AccountNotLinked):
        await disconnect_owner(scene.platform, organization, STAFF)


@pytest.mark.parametrize("mood", ["400", "403"])
async def test_stripes_refusal_comes_through_unless_it_is_to_be_forgotten(
    scene: Scene, organization: Owner, mood: str
) -> None:
    started = await start(scene.platform, organization)
    scene.road.mood = [mood]
    with pytest.raises(StripeRefused):
        await disconnect_owner(scene.platform, organization, STAFF)
    assert await readiness(scene, organization) is Readiness.INCOMPLETE
    scene.road.mood = [mood]
    parted = await disconnect_owner(scene.platform, organization, STAFF, forget=True)
    assert parted.how is Ending.FORGOTTEN
    assert await readiness(scene, organization) is Readiness.DISCONNECTED
    assert scene.accounts() == [started.stripe_account_id]
    assert set(await outcomes(scene, organization)) == {"stripe.refused", "forgotten"}


async def test_a_wrong_client_id_is_no_proof_that_the_connection_ended(
    scene: Scene, organization: Owner
) -> None:
    platform = replace(shaped(scene, STANDARD), client_ids={Mode.TEST: "ca_somebody_elses"})
    await start(platform, organization)
    with pytest.raises(StripeRefused) as caught:
        await disconnect_owner(platform, organization, STAFF)
    assert caught.value.error_code == "invalid_client"
    assert await readiness(scene, organization) is Readiness.INCOMPLETE


async def test_with_money_in_it_a_live_account_stays_and_stripe_says_why(scene: Scene) -> None:
    stripe = Stripe(
        Secret(LIVE_KEY), mode=Mode.LIVE, api_base=API, http_client=scene.client, max_retries=0
    )
    platform = scene.with_changes(
        stripe={Mode.LIVE: stripe},
        addresses=AddressRules.parse(["https://shop.example"]),
        public_url="https://aboard.example",
    )
    started = await start_onboarding(
        platform,
        LIVE_OWNER,
        return_url="https://shop.example/back",
        refresh_url="https://shop.example/again",
    )
    account_id = started.stripe_account_id
    await scene.complete(account_id)
    await stripe.request(
        "post",
        "/v1/charges",
        {"amount": 1000, "currency": "usd", "source": "tok_visa"},
        stripe_account=account_id,
    )
    with pytest.raises(StripeRefused, match="balance is not zero"):
        await disconnect_owner(platform, LIVE_OWNER, STAFF)
    parted = await disconnect_owner(platform, LIVE_OWNER, STAFF, forget=True)
    assert parted.how is Ending.FORGOTTEN
    await stripe.close()


async def test_another_platforms_key_parts_with_nobody(scene: Scene, organization: Owner) -> None:
    await start(scene.platform, organization)
    stripe = Stripe(
        Secret("sk_test_another_platform"),
        mode=Mode.TEST,
        api_base=API,
        http_client=scene.client,
        max_retries=0,
    )
    swapped = scene.with_changes(stripe={Mode.TEST: stripe})
    for forget in (False, True):
        with pytest.raises(StripeKeySwapped):
            await disconnect_owner(swapped, organization, STAFF, forget=forget)
    assert await readiness(scene, organization) is Readiness.INCOMPLETE
    assert await outcomes(scene, organization) == ["stripe.key_swapped"] * 2
    await stripe.close()
