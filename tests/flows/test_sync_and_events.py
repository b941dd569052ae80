"""An event is a doorbell: accepted once, durable, and the account is read again."""

import json
from datetime import timedelta

import pytest

from aboard.core.errors import FeatureDisabled, InputRefused, SignatureRefused
from aboard.core.owner import Mode, Owner
from aboard.core.readiness import Readiness
from aboard.core.secret import Secret
from aboard.flows.endpoint import Endpoint
from aboard.flows.events import accept_event
from aboard.flows.platform import Switches
from aboard.flows.start import start_onboarding
from aboard.flows.sync import Source, read_account, sync_due
from aboard.stripe_api.signature import sign
from tests.scene import CONNECT_SECRET, PLATFORM_SECRET, REFRESH_URL, RETURN_URL, Scene

pytestmark = pytest.mark.both


async def begun(scene: Scene, owner: Owner) -> str:
    started = await start_onboarding(
        scene.platform, owner, return_url=RETURN_URL, refresh_url=REFRESH_URL
    )
    await sync_due(scene.platform)
    return started.stripe_account_id


def event(account_id: str | None, *, event_id: str = "evt_1", livemode: bool = False) -> bytes:
    document = {
        "id": event_id,
        "object": "event",
        "type": "account.updated",
        "created": 1_795_000_000,
        "livemode": livemode,
        "data": {"object": {"object": "account", "charges_enabled": "a lie"}},
    }
    return json.dumps(document | ({"account": account_id} if account_id else {})).encode()


def signed(scene: Scene, payload: bytes, secret: str = CONNECT_SECRET) -> str:
    return sign(payload, Secret(secret), at=scene.clock())


async def readiness(scene: Scene, owner: Owner) -> Readiness:
    return (await read_account(scene.platform, owner, fresh=False)).assessment.readiness


async def test_an_event_makes_the_worker_look_again(scene: Scene, organization: Owner) -> None:
    account_id = await begun(scene, organization)
    await scene.complete(account_id)
    assert await readiness(scene, organization) is Readiness.INCOMPLETE
    payload = event(account_id)
    receipt = await accept_event(scene.platform, Endpoint.CONNECT, payload, signed(scene, payload))
    assert receipt.is_new
    assert await sync_due(scene.platform) == 1
    assert await readiness(scene, organization) is Readiness.COMPLETE
    assert await sync_due(scene.platform) == 0


async def test_fifty_events_of_one_account_are_one_read(scene: Scene, organization: Owner) -> None:
    account_id = await begun(scene, organization)
    for number in range(50):
        payload = event(account_id, event_id=f"evt_{number}")
        await accept_event(scene.platform, Endpoint.CONNECT, payload, signed(scene, payload))
    before = len(scene.road.calls)
    assert await sync_due(scene.platform) == 1
    assert len(scene.road.calls) == before + 1


async def test_a_duplicate_is_a_result_not_an_error(scene: Scene, organization: Owner) -> None:
    payload = event(await begun(scene, organization))
    header = signed(scene, payload)
    first = await accept_event(scene.platform, Endpoint.CONNECT, payload, header)
    again = await accept_event(scene.platform, Endpoint.CONNECT, payload, header)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.event_id == again.event_id


async def test_an_event_of_a_stranger_is_kept_and_does_nothing(scene: Scene) -> None:
    payload = event("acct_stranger")
    receipt = await accept_event(scene.platform, Endpoint.CONNECT, payload, signed(scene, payload))
    assert receipt.is_new
    assert await sync_due(scene.platform) == 0


@pytest.mark.parametrize(
    ("case", "check"),
    [
        ("no header", "missing_header"),
        ("nonsense", "invalid_header"),
        ("other endpoint's secret", "no_matching_signature"),
        ("other body", "no_matching_signature"),
        ("too old", "timestamp_out_of_tolerance"),
        ("too new", "timestamp_out_of_tolerance"),
        ("live event, test secret", "mode_mismatch"),
    ],
)
async def test_what_is_not_signed_for_us_is_not_written_down(
    scene: Scene, case: str, check: str
) -> None:
    payload = event("acct_1", livemode=case == "live event, test secret")
    header: str | None = signed(scene, payload)
    match case:
        case "no header":
            header = None
        case "nonsense":
            header = "nonsense"
        case "other endpoint's secret":
            header = signed(scene, payload, PLATFORM_SECRET)
        case "other body":
            header = signed(scene, payload + b" ")
        case "too old":
            scene.clock.now += timedelta(seconds=301)
        case "too new":
            scene.clock.now -= timedelta(seconds=301)
        case _:
            pass
    with pytest.raises(SignatureRefused) as caught:
        await accept_event(scene.platform, Endpoint.CONNECT, payload, header)
    assert caught.value.check == check
    assert await scene.platform.store.list_events() == ()


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b'{"id":1}', b"\xff\xfe"])
async def test_signed_garbage_is_refused_not_a_crash(scene: Scene, payload: bytes) -> None:
    with pytest.raises(InputRefused):
        await accept_event(scene.platform, Endpoint.CONNECT, payload, signed(scene, payload))


async def test_webhooks_can_be_switched_off(scene: Scene) -> None:
    payload = event("acct_1")
    off = scene.with_changes(switches=Switches(webhooks=False))
    with pytest.raises(FeatureDisabled):
        await accept_event(off, Endpoint.CONNECT, payload, signed(scene, payload))


async def test_both_modes_verify_with_their_own_secret(scene: Scene) -> None:
    live = scene.with_changes(
        webhook_secrets={
            (Endpoint.CONNECT, Mode.TEST): (Secret(CONNECT_SECRET),),
            (Endpoint.CONNECT, Mode.LIVE): (Secret("whsec_old_words"), Secret("whsec_live_words")),
        }
    )
    for event_id, livemode, secret in (
        ("evt_1", True, "whsec_live_words"),
        ("evt_2", True, "whsec_old_words"),
        ("evt_3", False, "whsec_live_words"),
        ("evt_4", False, CONNECT_SECRET),
    ):
        payload = event("acct_1", event_id=event_id, livemode=livemode)
        receipt = await accept_event(
            live, Endpoint.CONNECT, payload, signed(scene, payload, secret)
        )
        assert receipt.is_new


async def test_a_fresh_read_while_stripe_is_away_answers_from_memory(
    scene: Scene, organization: Owner
) -> None:
    await begun(scene, organization)
    for mood in ("away", "500", "garbage", "429"):
        scene.road.mood = [mood]
        reading = await read_account(scene.platform, organization, fresh=True)
        assert reading.source is Source.STORED
        assert reading.assessment.readiness is Readiness.INCOMPLETE


async def test_a_failed_sync_is_tried_again_later(scene: Scene, organization: Owner) -> None:
    account_id = await begun(scene, organization)
    await scene.complete(account_id)
    payload = event(account_id)
    await accept_event(scene.platform, Endpoint.CONNECT, payload, signed(scene, payload))
    scene.road.mood = ["500"]
    assert await sync_due(scene.platform) == 1
    assert await readiness(scene, organization) is Readiness.INCOMPLETE
    assert await sync_due(scene.platform) == 0
    scene.clock.advance(timedelta(seconds=5))
    assert await sync_due(scene.platform) == 1
    assert await readiness(scene, organization) is Readiness.COMPLETE


async def test_an_account_that_is_gone_is_disconnected(scene: Scene, organization: Owner) -> None:
    account_id = await begun(scene, organization)
    await scene.control(account_id, "deauthorize")
    payload = event(account_id)
    await accept_event(scene.platform, Endpoint.CONNECT, payload, signed(scene, payload))
    await sync_due(scene.platform)
    assert await readiness(scene, organization) is Readiness.DISCONNECTED


async def test_accounts_are_read_again_without_any_event(scene: Scene, organization: Owner) -> None:
    account_id = await begun(scene, organization)
    await scene.complete(account_id)
    scene.clock.advance(timedelta(minutes=20))
    assert await sync_due(scene.platform) == 1
    assert await readiness(scene, organization) is Readiness.COMPLETE
