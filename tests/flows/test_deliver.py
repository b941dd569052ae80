"""Subscribers are told everything they want, at least once, each at its own pace."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.caller import Caller
from aboard.core.deliveries import MOST_ATTEMPTS
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.core.state import KeyRing
from aboard.core.subscribers import DisabledFor
from aboard.flows.deliver import PARALLEL, Lanes
from aboard.flows.meter import Measure, Tally
from aboard.flows.platform import Platform
from aboard.flows.subscribers import (
    Told,
    add_subscriber,
    change_subscriber,
    disable_subscriber,
    enable_subscriber,
    get_subscriber,
    remove_subscriber,
    rotate_secret,
)
from aboard.store import DeliveryStatus, StoredDelivery
from aboard.webhooks.courier import Courier
from tests.flows.telling import begun
from tests.leaks import SecretsInPlay
from tests.scene import Scene
from tests.webhooks.receiver import Receiver, receiving

KEYS = KeyRing("k1", {"k1": Secret("outgoing-words-outgoing-words-words")})
OPERATOR = Caller("command-line")
DISCONNECTED = AnnouncementType.DISCONNECTED


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def platform(scene: Scene, secrets_in_play: SecretsInPlay) -> AsyncIterator[Platform]:
    for key in KEYS.keys.values():
        secrets_in_play.add(key.reveal())
    courier = Courier(timeout_seconds=0.5)
    yield scene.with_changes(outgoing_keys=KEYS, post=courier.send)
    await courier.close()


async def add(platform: Platform, receiver: Receiver, path: str, *types: str) -> Told:
    url = receiver.url + path
    return await add_subscriber(platform, OPERATOR, Mode.TEST, url, types=types)


async def announce(platform: Platform, organization: Owner, count: int) -> None:
    """Announce so many times that an account is no longer ours, as nobody would."""
    account = await platform.store.find_account(organization)
    assert account is not None
    for number in range(count):
        news = Announcement(DISCONNECTED, {"reason": f"number {number}"})
        assert await platform.store.mark_reminded(account, news, platform.clock())
        account = await platform.store.find_account(organization)
        assert account is not None


async def tell(platform: Platform) -> None:
    """Let one worker tell what is due now."""
    lanes = Lanes(platform)
    await lanes.open_due()
    await lanes.settle()


async def rows(platform: Platform, told: Told) -> list[StoredDelivery]:
    found = await platform.store.list_deliveries(told.subscriber.id, limit=1000)
    return list(found)[::-1]


class TestTelling:
    async def test_what_a_sync_finds_arrives_signed(
        self,
        scene: Scene,
        platform: Platform,
        receiver: Receiver,
        organization: Owner,
        secrets_in_play: SecretsInPlay,
    ) -> None:
        every = await add(platform, receiver, "/all")
        some = await add(platform, receiver, "/some", "connect.account.requirements_changed")
        for secret in (every.secret, some.secret):
            secrets_in_play.add(secret.reveal())
        account_id = await begun(scene, organization)
        await tell(platform)
        listed = await platform.store.list_announcements(organization)
        heard = {each.event_id: each for each in receiver.at("/all")}
        assert set(heard) == {each.id for each in listed}
        for each in listed:
            assert heard[each.id].is_signed(every.secret)
            assert not heard[each.id].is_signed(some.secret)
            assert heard[each.id].said == {
                "event_id": each.id,
                "event_type": each.type.value,
                "occurred_at": each.occurred_at.isoformat().replace("+00:00", "Z"),
                "mode": "test",
                "organization_id": "org_1",
                "creator_id": None,
                "payload": {
                    name: list(value) if isinstance(value, tuple) else value
                    for name, value in each.payload.items()
                },
            }
            assert each.payload["stripe_account_id"] == account_id
        [wanted] = receiver.at("/some")
        assert wanted.said["event_type"] == "connect.account.requirements_changed"
        assert {row.status for row in await rows(platform, every)} == {DeliveryStatus.DELIVERED}
        await tell(platform)
        assert len(receiver.heard) == 3

    async def test_a_creator_is_named_as_one(
        self, scene: Scene, platform: Platform, receiver: Receiver
    ) -> None:
        await add(platform, receiver, "/")
        await begun(scene, Owner(OwnerKind.CREATOR, "ada", Mode.TEST))
        await tell(platform)
        said = receiver.heard[0].said
        assert (said["organization_id"], said["creator_id"]) == (None, "ada")

    async def test_what_is_measured(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["500", "204"]
        await add(platform, receiver, "/")
        await begun(scene, organization)
        await tell(platform)
        counts = {
            labels: number
            for tally, labels, number in platform.meter.counts()
            if tally is Tally.DELIVERIES
        }
        assert counts == {
            (("mode", "test"), ("outcome", "delivered")): 1,
            (("mode", "test"), ("outcome", "retry")): 1,
        }
        spreads = [
            each for each in platform.meter.spreads() if each[0] is Measure.DELIVERY_ANSWERED
        ]
        assert sum(spread.count for _, _, spread in spreads) == 2
        assert platform.journal.counts["delivery.arrived"] == 1
        assert platform.journal.counts["delivery.failed"] == 1


class TestTrying:
    @pytest.mark.parametrize(
        ("mood", "answered", "word"),
        [
            ("500", 500, "status_500"),
            ("404", 404, "status_404"),
            ("redirect", 307, "status_307"),
            ("hang", None, "timeout"),
            ("reset", None, "broken_off"),
            ("garbage", None, "no_http"),
        ],
    )
    async def test_what_fails_is_tried_again_on_the_schedule(
        self,
        scene: Scene,
        platform: Platform,
        receiver: Receiver,
        organization: Owner,
        mood: str,
        answered: int | None,
        word: str,
    ) -> None:
        receiver.moods["/"] = [mood]
        told = await add(platform, receiver, "/", "connect.account.readiness_changed")
        await begun(scene, organization)
        await tell(platform)
        [row] = await rows(platform, told)
        assert (row.status, row.attempts) == (DeliveryStatus.PENDING, 1)
        assert (row.answered, row.last_error) == (answered, word)
        assert row.due_at is not None
        assert timedelta(seconds=4) <= row.due_at - scene.clock() <= timedelta(seconds=6)
        await tell(platform)
        assert len(receiver.heard) == 1
        receiver.moods["/"] = ["204"]
        scene.clock.advance(timedelta(seconds=6))
        await tell(platform)
        [row] = await rows(platform, told)
        assert (row.status, row.attempts) == (DeliveryStatus.DELIVERED, 2)
        first, second = receiver.heard
        assert (first.event_id, first.body) == (second.event_id, second.body)
        assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]

    async def test_after_ten_attempts_in_three_days_it_is_dead(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["500"]
        told = await add(platform, receiver, "/", "connect.account.readiness_changed")
        await begun(scene, organization)
        began = scene.clock()
        while True:
            await tell(platform)
            [row] = await rows(platform, told)
            if row.due_at is None:
                break
            scene.clock.advance(row.due_at - scene.clock() + timedelta(seconds=1))
        assert (row.status, row.attempts) == (DeliveryStatus.DEAD, MOST_ATTEMPTS)
        assert timedelta(days=2) < scene.clock() - began < timedelta(days=4)
        assert platform.journal.counts["delivery.died"] == 1
        subscriber = await get_subscriber(platform, told.subscriber.id)
        assert subscriber.disabled_at is None

    async def test_it_is_left_alone_as_long_as_it_asks(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["429/120", "503/999999999", "204"]
        told = await add(platform, receiver, "/", "connect.account.readiness_changed")
        await begun(scene, organization)
        waits = []
        for _ in range(2):
            await tell(platform)
            [row] = await rows(platform, told)
            assert row.due_at is not None
            waits.append(row.due_at - scene.clock())
            scene.clock.now = row.due_at
        assert waits == [timedelta(seconds=120), timedelta(hours=24)]
        await tell(platform)
        assert (await rows(platform, told))[0].status is DeliveryStatus.DELIVERED


class TestLanes:
    async def test_a_slow_one_holds_no_other_up(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/stuck"] = ["hang"]
        await begun(scene, organization)
        await add(platform, receiver, "/stuck")
        await add(platform, receiver, "/fine")
        await announce(platform, organization, 60)
        lanes = Lanes(platform)
        await lanes.open_due()
        await receiver.until(lambda: len(receiver.at("/fine")) == 60, seconds=3)
        assert len(receiver.at("/stuck")) <= PARALLEL
        # One that takes nothing in is asked one at a time.
        await receiver.until(lambda: len(receiver.at("/stuck")) == PARALLEL + 2)
        assert receiver.most_hanging["/stuck"] == PARALLEL
        assert receiver.hanging["/stuck"] == 1
        assert await lanes.open_due() == 0
        await lanes.finish()

    async def test_several_workers_send_nothing_twice(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        await add(platform, receiver, "/")
        await announce(platform, organization, 100)
        await asyncio.gather(*(tell(platform) for _ in range(4)))
        heard = [each.event_id for each in receiver.heard]
        assert len(heard) == len(set(heard)) == 100

    async def test_a_worker_that_stops_gives_back_what_is_under_way(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["hang"]
        courier = Courier(timeout_seconds=60)
        told = await add(platform, receiver, "/", "connect.account.readiness_changed")
        await begun(scene, organization)
        lanes = Lanes(scene.with_changes(outgoing_keys=KEYS, post=courier.send))
        await lanes.open_due()
        await receiver.until(lambda: receiver.hanging["/"] == 1)
        await lanes.finish()
        await courier.close()
        [row] = await rows(platform, told)
        assert (row.status, row.attempts) == (DeliveryStatus.PENDING, 0)
        receiver.moods["/"] = ["204"]
        await tell(platform)  # at once: no lease is left to run out
        assert (await rows(platform, told))[0].status is DeliveryStatus.DELIVERED

    async def test_what_killed_every_worker_dies_unsent(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        told = await add(platform, receiver, "/", "connect.account.readiness_changed")
        await begun(scene, organization)
        for _ in range(MOST_ATTEMPTS):
            claims = await platform.store.claim_deliveries(
                told.subscriber.id, 9, scene.clock(), lease_seconds=30
            )
            assert len(claims) == 1
            scene.clock.advance(timedelta(seconds=31))
        await tell(platform)
        [row] = await rows(platform, told)
        assert (row.status, row.last_error) == (DeliveryStatus.DEAD, "lease_lost")
        assert not receiver.heard

    async def test_trouble_of_one_lane_is_noted_and_ends_nothing(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        bad = await add(platform, receiver, "/bad")
        await add(platform, receiver, "/good")
        await begun(scene, organization)
        courier = Courier()

        async def post(parcel):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - as Post
            if parcel.url.endswith("/bad"):
                raise RuntimeError("words_that_must_not_get_out")
            return await courier.send(parcel)

        await tell(scene.with_changes(outgoing_keys=KEYS, post=post))
        await courier.close()
        assert len(receiver.at("/good")) == 2
        assert platform.journal.counts["worker.failed"] == 1
        scene.clock.advance(timedelta(seconds=31))
        await tell(platform)
        assert {row.status for row in await rows(platform, bad)} == {DeliveryStatus.DELIVERED}


class TestDisabling:
    async def test_410_ends_it_and_buries_what_is_open(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["410"]
        await begun(scene, organization)
        told = await add(platform, receiver, "/")
        await announce(platform, organization, 40)
        await tell(platform)
        subscriber = await get_subscriber(platform, told.subscriber.id)
        assert subscriber.disabled_for is DisabledFor.GONE
        assert {row.status for row in await rows(platform, told)} == {DeliveryStatus.DEAD}
        assert len(receiver.heard) == PARALLEL
        [audit, _] = await platform.store.list_audit(action="subscriber.change")
        assert (audit.actor, audit.outcome, audit.details["reason"]) == (
            "facts",
            "disabled",
            "gone",
        )
        await announce(platform, organization, 1)
        assert len(await rows(platform, told)) == 40

    async def test_who_takes_nothing_for_five_days_is_disabled(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["500"]
        await begun(scene, organization)
        told = await add(platform, receiver, "/")
        for day in range(6):
            await announce(platform, organization, 1)
            await tell(platform)
            subscriber = await get_subscriber(platform, told.subscriber.id)
            assert (subscriber.disabled_for is DisabledFor.FAILING) is (day == 5)
            scene.clock.advance(timedelta(days=1))
        assert platform.journal.counts["subscriber.disabled"] == 1
        await tell(platform)
        assert {row.status for row in await rows(platform, told)} == {DeliveryStatus.DEAD}

    async def test_one_success_begins_the_days_anew(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        told = await add(platform, receiver, "/")
        for day in range(12):
            receiver.moods["/"] = ["204"] if day == 4 else ["500"]
            await announce(platform, organization, 1)
            await tell(platform)
            subscriber = await get_subscriber(platform, told.subscriber.id)
            assert (subscriber.disabled_at is None) is (day < 10)
            if subscriber.disabled_at is not None:
                break
            scene.clock.advance(timedelta(days=1))
        assert day == 10

    async def test_who_was_switched_off_hears_nothing_and_then_what_is_new(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        told = await add(platform, receiver, "/")
        await announce(platform, organization, 1)
        await disable_subscriber(platform, OPERATOR, told.subscriber.id)
        await tell(platform)
        await announce(platform, organization, 1)
        assert not receiver.heard
        await enable_subscriber(platform, OPERATOR, told.subscriber.id)
        await announce(platform, organization, 1)
        await tell(platform)
        assert len(receiver.heard) == 1

    async def test_a_removed_one_hears_nothing(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        told = await add(platform, receiver, "/")
        await announce(platform, organization, 1)
        await remove_subscriber(platform, OPERATOR, told.subscriber.id)
        await tell(platform)
        assert not receiver.heard
        assert [row.last_error for row in await rows(platform, told)] == ["disabled_removed"]


class TestSecrets:
    async def test_both_secrets_sign_while_one_is_rotated(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        before = await add(platform, receiver, "/")
        after = await rotate_secret(platform, OPERATOR, before.subscriber.id)
        assert before.secret != after.secret
        for is_over in (False, True):
            await announce(platform, organization, 1)
            await tell(platform)
            heard = receiver.heard[-1]
            assert heard.is_signed(after.secret)
            assert heard.is_signed(before.secret) is not is_over
            scene.clock.advance(timedelta(hours=24))

    async def test_without_its_key_it_waits_and_that_is_noted_once(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        told = await add(platform, receiver, "/")
        await begun(scene, organization)
        assert platform.post is not None
        for keys in (None, KeyRing("k9", {"k9": Secret("nine" * 8)})):
            lanes = Lanes(scene.with_changes(outgoing_keys=keys, post=platform.post))
            for _ in range(3):
                assert await lanes.open_due() == 0
        assert platform.journal.counts["subscriber.unsigned"] == 2
        assert {row.attempts for row in await rows(platform, told)} == {0}
        await tell(platform)
        assert len(receiver.heard) == 2

    async def test_a_change_counts_for_what_is_still_to_be_sent(
        self, scene: Scene, platform: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        told = await add(platform, receiver, "/old")
        await announce(platform, organization, 3)
        url = f"{receiver.url}/new"
        await change_subscriber(platform, OPERATOR, told.subscriber.id, url=url)
        await tell(platform)
        assert (len(receiver.at("/old")), len(receiver.at("/new"))) == (0, 3)
