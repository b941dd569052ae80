"""Who is gone or switched off hears nothing, and secrets change without a gap."""

from datetime import timedelta

import pytest

from aboard.core.owner import Owner
from aboard.core.secret import Secret
from aboard.core.state import KeyRing
from aboard.core.subscribers import DisabledFor
from aboard.flows.deliver import PARALLEL, Lanes
from aboard.flows.platform import Platform
from aboard.flows.subscribers import (
    change_subscriber,
    disable_subscriber,
    enable_subscriber,
    get_subscriber,
    remove_subscriber,
    rotate_secret,
)
from aboard.store import DeliveryStatus
from tests.flows.subscribing import OPERATOR, add, announce, rows, tell
from tests.flows.telling import begun
from tests.scene import Scene
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.both


class TestDisabling:
    async def test_410_ends_it_and_buries_what_is_open(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["410"]
        await begun(scene, organization)
        told = await add(telling, receiver, "/")
        await announce(telling, organization, 40)
        await tell(telling)
        subscriber = await get_subscriber(telling, told.subscriber.id)
        assert subscriber.disabled_for is DisabledFor.GONE
        assert {row.status for row in await rows(telling, told)} == {DeliveryStatus.DEAD}
        assert len(receiver.heard) == PARALLEL
        [audit, _] = await telling.store.list_audit(action="subscriber.change")
        assert (audit.actor, audit.outcome, audit.details["reason"]) == (
            "facts",
            "disabled",
            "gone",
        )
        await announce(telling, organization, 1)
        assert len(await rows(telling, told)) == 40

    async def test_who_takes_nothing_for_five_days_is_disabled(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["500"]
        await begun(scene, organization)
        told = await add(telling, receiver, "/")
        for day in range(6):
            await announce(telling, organization, 1)
            await tell(telling)
            subscriber = await get_subscriber(telling, told.subscriber.id)
            assert (subscriber.disabled_for is DisabledFor.FAILING) is (day == 5)
            scene.clock.advance(timedelta(days=1))
        assert telling.journal.counts["subscriber.disabled"] == 1
        await tell(telling)
        assert {row.status for row in await rows(telling, told)} == {DeliveryStatus.DEAD}

    async def test_one_success_begins_the_days_anew(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        told = await add(telling, receiver, "/")
        for day in range(12):
            receiver.moods["/"] = ["204"] if day == 4 else ["500"]
            await announce(telling, organization, 1)
            await tell(telling)
            subscriber = await get_subscriber(telling, told.subscriber.id)
            assert (subscriber.disabled_at is None) is (day < 10)
            if subscriber.disabled_at is not None:
                break
            scene.clock.advance(timedelta(days=1))
        assert day == 10

    async def test_who_was_switched_off_hears_nothing_and_then_what_is_new(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        told = await add(telling, receiver, "/")
        await announce(telling, organization, 1)
        await disable_subscriber(telling, OPERATOR, told.subscriber.id)
        await tell(telling)
        await announce(telling, organization, 1)
        assert not receiver.heard
        await enable_subscriber(telling, OPERATOR, told.subscriber.id)
        await announce(telling, organization, 1)
        await tell(telling)
        assert len(receiver.heard) == 1

    async def test_a_removed_one_hears_nothing(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        told = await add(telling, receiver, "/")
        await announce(telling, organization, 1)
        await remove_subscriber(telling, OPERATOR, told.subscriber.id)
        await tell(telling)
        assert not receiver.heard
        assert [row.last_error for row in await rows(telling, told)] == ["disabled_removed"]


class TestSecrets:
    async def test_both_secrets_sign_while_one_is_rotated(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        before = await add(telling, receiver, "/")
        after = await rotate_secret(telling, OPERATOR, before.subscriber.id)
        assert before.secret != after.secret
        for is_over in (False, True):
            await announce(telling, organization, 1)
            await tell(telling)
            heard = receiver.heard[-1]
            assert heard.is_signed(after.secret)
            assert heard.is_signed(before.secret) is not is_over
            scene.clock.advance(timedelta(hours=24))

    async def test_without_its_key_it_waits_and_that_is_noted_once(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        told = await add(telling, receiver, "/")
        await begun(scene, organization)
        assert telling.post is not None
        for keys in (None, KeyRing("k9", {"k9": Secret("nine" * 8)})):
            lanes = Lanes(scene.with_changes(outgoing_keys=keys, post=telling.post))
            for _ in range(3):
                assert await lanes.open_due() == 0
        assert telling.journal.counts["subscriber.unsigned"] == 2
        assert {row.attempts for row in await rows(telling, told)} == {0}
        await tell(telling)
        assert len(receiver.heard) == 2

    async def test_a_change_counts_for_what_is_still_to_be_sent(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        told = await add(telling, receiver, "/old")
        await announce(telling, organization, 3)
        url = f"{receiver.url}/new"
        await change_subscriber(telling, OPERATOR, told.subscriber.id, url=url)
        await tell(telling)
        assert (len(receiver.at("/old")), len(receiver.at("/new"))) == (0, 3)
