"""Subscribers are told everything they want, at least once, each at its own pace."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from aboard.core.deliveries import MOST_ATTEMPTS
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.deliver import PARALLEL, Lanes
from aboard.flows.meter import Measure, Tally
from aboard.flows.otel import OtelTracer
from aboard.flows.platform import Platform
from aboard.flows.subscribers import (
    get_subscriber,
)
from aboard.store import DeliveryStatus
from aboard.webhooks.courier import Courier
from tests.flows.subscribing import KEYS, add, announce, rows, tell
from tests.flows.telling import begun
from tests.leaks import SecretsInPlay
from tests.scene import Scene
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.both


class TestTelling:
    async def test_what_a_sync_finds_arrives_signed(
        self,
        scene: Scene,
        telling: Platform,
        receiver: Receiver,
        organization: Owner,
        secrets_in_play: SecretsInPlay,
    ) -> None:
        every = await add(telling, receiver, "/all")
        some = await add(telling, receiver, "/some", "connect.account.requirements_changed")
        for secret in (every.secret, some.secret):
            secrets_in_play.add(secret.reveal())
        account_id = await begun(scene, organization)
        await tell(telling)
        listed = await telling.store.list_announcements(organization)
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
        assert {row.status for row in await rows(telling, every)} == {DeliveryStatus.DELIVERED}
        await tell(telling)
        assert len(receiver.heard) == 3

    async def test_a_trace_goes_on_at_the_receiver(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        exporter = InMemorySpanExporter()
        tracer = OtelTracer(SimpleSpanProcessor(exporter))
        receiver.moods["/"] = ["500", "204"]
        await add(telling, receiver, "/")
        await begun(scene, organization)
        await announce(telling, organization, 1)
        await tell(replace(telling, tracer=tracer))
        spans = exporter.get_finished_spans()
        carried = [each.headers["traceparent"].split("-")[2] for each in receiver.heard]
        ids = {f"{span.context.span_id:016x}" for span in spans if span.context is not None}
        assert sorted(carried) == sorted(ids)
        told = [dict(span.attributes or {}) for span in spans]
        assert {"aboard.mode": "test", "aboard.outcome": "delivered"}.items() <= max(
            told, key=lambda each: each["aboard.outcome"] == "delivered"
        ).items()
        [failed] = [each for each in told if each["aboard.outcome"] == "retry"]
        assert failed["http.response.status_code"] == 500
        tracer.close()

    async def test_a_creator_is_named_as_one(
        self, scene: Scene, telling: Platform, receiver: Receiver
    ) -> None:
        await add(telling, receiver, "/")
        await begun(scene, Owner(OwnerKind.CREATOR, "ada", Mode.TEST))
        await tell(telling)
        said = receiver.heard[0].said
        assert (said["organization_id"], said["creator_id"]) == (None, "ada")

    async def test_what_is_measured(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["500", "204"]
        await add(telling, receiver, "/")
        await begun(scene, organization)
        await tell(telling)
        counts = {
            labels: number
            for tally, labels, number in telling.meter.counts()
            if tally is Tally.DELIVERIES
        }
        assert counts == {
            (("mode", "test"), ("outcome", "delivered")): 1,
            (("mode", "test"), ("outcome", "retry")): 1,
        }
        spreads = [each for each in telling.meter.spreads() if each[0] is Measure.DELIVERY_ANSWERED]
        assert sum(spread.count for _, _, spread in spreads) == 2
        assert telling.journal.counts["delivery.arrived"] == 1
        assert telling.journal.counts["delivery.failed"] == 1


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
        hasty: Platform,
        receiver: Receiver,
        organization: Owner,
        mood: str,
        answered: int | None,
        word: str,
    ) -> None:
        receiver.moods["/"] = [mood]
        told = await add(hasty, receiver, "/", "connect.account.readiness_changed")
        await begun(scene, organization)
        await tell(hasty)
        [row] = await rows(hasty, told)
        assert (row.status, row.attempts) == (DeliveryStatus.PENDING, 1)
        assert (row.answered, row.last_error) == (answered, word)
        assert row.due_at is not None
        assert timedelta(seconds=4) <= row.due_at - scene.clock() <= timedelta(seconds=6)
        await tell(hasty)
        assert len(receiver.heard) == 1
        receiver.moods["/"] = ["204"]
        scene.clock.advance(timedelta(seconds=6))
        await tell(hasty)
        [row] = await rows(hasty, told)
        assert (row.status, row.attempts) == (DeliveryStatus.DELIVERED, 2)
        first, second = receiver.heard
        assert (first.event_id, first.body) == (second.event_id, second.body)
        assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]

    async def test_after_ten_attempts_in_three_days_it_is_dead(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["500"]
        told = await add(telling, receiver, "/", "connect.account.readiness_changed")
        await begun(scene, organization)
        began = scene.clock()
        while True:
            await tell(telling)
            [row] = await rows(telling, told)
            if row.due_at is None:
                break
            scene.clock.advance(row.due_at - scene.clock() + timedelta(seconds=1))
        assert (row.status, row.attempts) == (DeliveryStatus.DEAD, MOST_ATTEMPTS)
        assert timedelta(days=2) < scene.clock() - began < timedelta(days=4)
        assert telling.journal.counts["delivery.died"] == 1
        subscriber = await get_subscriber(telling, told.subscriber.id)
        assert subscriber.disabled_at is None

    async def test_it_is_left_alone_as_long_as_it_asks(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["429/120", "503/999999999", "204"]
        told = await add(telling, receiver, "/", "connect.account.readiness_changed")
        await begun(scene, organization)
        waits = []
        for _ in range(2):
            await tell(telling)
            [row] = await rows(telling, told)
            assert row.due_at is not None
            waits.append(row.due_at - scene.clock())
            scene.clock.now = row.due_at
        assert waits == [timedelta(seconds=120), timedelta(hours=24)]
        await tell(telling)
        assert (await rows(telling, told))[0].status is DeliveryStatus.DELIVERED


class TestLanes:
    async def test_a_slow_one_holds_no_other_up(
        self, scene: Scene, hasty: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/stuck"] = ["hang"]
        await begun(scene, organization)
        await add(hasty, receiver, "/stuck")
        await add(hasty, receiver, "/fine")
        await announce(hasty, organization, 60)
        lanes = Lanes(hasty)
        await lanes.open_due()
        await receiver.until(lambda: len(receiver.at("/fine")) == 60)
        assert len(receiver.at("/stuck")) <= PARALLEL
        # One that takes nothing in is asked one at a time.
        await receiver.until(lambda: len(receiver.at("/stuck")) == PARALLEL + 2)
        assert receiver.most_hanging["/stuck"] == PARALLEL
        assert receiver.hanging["/stuck"] == 1
        assert await lanes.open_due() == 0
        await lanes.finish()

    async def test_several_workers_send_nothing_twice(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        await begun(scene, organization)
        await add(telling, receiver, "/")
        await announce(telling, organization, 100)
        await asyncio.gather(*(tell(telling) for _ in range(4)))
        heard = [each.event_id for each in receiver.heard]
        assert len(heard) == len(set(heard)) == 100

    async def test_a_worker_that_stops_gives_back_what_is_under_way(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        receiver.moods["/"] = ["hang"]
        courier = Courier(timeout_seconds=60)
        told = await add(telling, receiver, "/", "connect.account.readiness_changed")
        await begun(scene, organization)
        lanes = Lanes(scene.with_changes(outgoing_keys=KEYS, post=courier.send))
        await lanes.open_due()
        await receiver.until(lambda: receiver.hanging["/"] == 1)
        await lanes.finish()
        await courier.close()
        [row] = await rows(telling, told)
        assert (row.status, row.attempts) == (DeliveryStatus.PENDING, 0)
        receiver.moods["/"] = ["204"]
        await tell(telling)  # at once: no lease is left to run out
        assert (await rows(telling, told))[0].status is DeliveryStatus.DELIVERED

    async def test_what_killed_every_worker_dies_unsent(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        told = await add(telling, receiver, "/", "connect.account.readiness_changed")
        await begun(scene, organization)
        for _ in range(MOST_ATTEMPTS):
            claims = await telling.store.claim_deliveries(
                told.subscriber.id, 9, scene.clock(), lease_seconds=30
            )
            assert len(claims) == 1
            scene.clock.advance(timedelta(seconds=31))
        await tell(telling)
        [row] = await rows(telling, told)
        assert (row.status, row.last_error) == (DeliveryStatus.DEAD, "lease_lost")
        assert not receiver.heard

    async def test_trouble_of_one_lane_is_noted_and_ends_nothing(
        self, scene: Scene, telling: Platform, receiver: Receiver, organization: Owner
    ) -> None:
        bad = await add(telling, receiver, "/bad")
        await add(telling, receiver, "/good")
        await begun(scene, organization)
        courier = Courier()

        async def post(parcel):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - as Post
            if parcel.url.endswith("/bad"):
                raise RuntimeError("words_that_must_not_get_out")
            return await courier.send(parcel)

        await tell(scene.with_changes(outgoing_keys=KEYS, post=post))
        await courier.close()
        assert len(receiver.at("/good")) == 2
        assert telling.journal.counts["worker.failed"] == 1
        scene.clock.advance(timedelta(seconds=31))
        await tell(telling)
        assert {row.status for row in await rows(telling, bad)} == {DeliveryStatus.DELIVERED}
