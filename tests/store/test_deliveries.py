"""Deliveries are written with their announcement, leased to one worker, and never lost."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.deliveries import Answered
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.subscribers import DisabledFor, Generation, Subscriber
from aboard.store import (
    AuditEntry,
    Consequences,
    DeliveryClaim,
    DeliveryStatus,
    Store,
    StoredDelivery,
)
from tests.store.rows import NOW, after, attached, wrote

READINESS = AnnouncementType.READINESS_CHANGED
CLOSED = AnnouncementType.GO_LIVE_CLOSED
AUDIT = AuditEntry(NOW, "ada", "subscriber.change", "changed")
FINE, BROKEN = Answered(204, 0.1), Answered(500, 0.1)


def subscriber(
    name: str = "sub_1", mode: Mode = Mode.TEST, types: Sequence[AnnouncementType] = ()
) -> Subscriber:
    return Subscriber(
        id=name,
        mode=mode,
        url=f"https://{name}.example/hook",
        description="",
        types=tuple(types),
        created_at=NOW,
        created_by="ada",
        secret=Generation("k1", 1),
    )


async def add(store: Store, *names: str) -> None:
    for name in names:
        assert await store.add_subscriber(subscriber(name), AUDIT)


async def announce(
    store: Store,
    count: int = 1,
    *,
    type_: AnnouncementType = READINESS,
    mode: Mode = Mode.TEST,
    at: datetime = NOW,
    owner_id: str = "ada",
) -> None:
    """Write so many announcements with the news of an account, in one commit."""
    account = await attached(store, Owner(OwnerKind.CREATOR, owner_id, mode), f"acct_{owner_id}")
    news = tuple(Announcement(type_, {"number": f"{number}"}) for number in range(count))
    assert await wrote(store, account, at, consequences=Consequences(news))


async def all_of(store: Store, name: str = "sub_1") -> Sequence[StoredDelivery]:
    return (await store.list_deliveries(name, limit=10_000))[::-1]


async def claim(store: Store, seconds: float = 0, limit: int = 100) -> Sequence[DeliveryClaim]:
    return await store.claim_deliveries("sub_1", limit, after(seconds), lease_seconds=30)


class TestTelling:
    async def test_everybody_who_wants_it_is_told_in_the_commit_of_the_announcement(
        self, store: Store
    ) -> None:
        wishes = {
            "all": subscriber("all"),
            "some": subscriber("some", types=[CLOSED, READINESS]),
            "others": subscriber("others", types=[CLOSED]),
            "live": subscriber("live", Mode.LIVE),
            "off": subscriber("off"),
            "removed": subscriber("removed"),
        }
        for each in wishes.values():
            assert await store.add_subscriber(each, AUDIT)
        assert await store.disable_subscriber("off", DisabledFor.OPERATOR, NOW, AUDIT)
        assert await store.remove_subscriber("removed", NOW, AUDIT)
        await announce(store, 2)
        told = {name: len(await all_of(store, name)) for name in wishes}
        assert told == {"all": 2, "some": 2, "others": 0, "live": 0, "off": 0, "removed": 0}
        [first, _] = await all_of(store, "some")
        assert (first.status, first.attempts, first.due_at) == (DeliveryStatus.PENDING, 0, NOW)

    async def test_no_type_is_taken_for_another(self, store: Store) -> None:
        for each in AnnouncementType:
            assert await store.add_subscriber(subscriber(each.name, types=[each]), AUDIT)
        for number, each in enumerate(AnnouncementType):
            await announce(store, type_=each, owner_id=f"owner_{number}")
        for each in AnnouncementType:
            assert [row.type for row in await all_of(store, each.name)] == [each]


class TestClaiming:
    async def test_the_longest_due_come_first_and_to_one_caller_alone(self, store: Store) -> None:
        await add(store, "sub_1", "sub_2")
        await announce(store, 30)
        groups = await asyncio.gather(*(claim(store, limit=4) for _ in range(12)))
        numbers = [each.number for group in groups for each in group]
        assert len(numbers) == len(set(numbers)) == 30
        assert [each.announcement.payload["number"] for each in groups[0]] == ["0", "1", "2", "3"]
        assert len(await store.claim_deliveries("sub_2", 100, NOW, lease_seconds=30)) == 30

    async def test_a_lease_that_ran_out_counts_as_an_attempt(self, store: Store) -> None:
        await add(store, "sub_1")
        await announce(store)
        [late] = await claim(store)
        assert await claim(store, 29) == ()
        assert await store.list_waiting_subscribers(Mode.TEST, after(29)) == ()
        assert await store.list_waiting_subscribers(Mode.TEST, after(30)) != ()
        [claimed] = await claim(store, 30)
        assert claimed.attempts == 1
        assert not await store.finish_delivery(late, FINE, after(31))
        assert await store.finish_delivery(claimed, FINE, after(31))
        [row] = await all_of(store)
        assert (row.status, row.attempts, row.answered) == (DeliveryStatus.DELIVERED, 2, 204)
        assert row.delivered_at == after(31)

    async def test_what_failed_is_due_later_and_what_is_given_back_at_once(
        self, store: Store
    ) -> None:
        await add(store, "sub_1")
        await announce(store, 2)
        first, second = await claim(store)
        assert await store.postpone_delivery(first, BROKEN, NOW, retry_at=after(5))
        assert await store.give_back_delivery(second)
        assert [each.number for each in await claim(store)] == [second.number]
        assert [each.attempts for each in await claim(store, 5)] == [1]
        row = (await all_of(store))[0]
        assert (row.answered, row.last_error, row.attempted_at) == (500, "status_500", NOW)

    async def test_a_dead_one_is_left_alone(self, store: Store) -> None:
        await add(store, "sub_1")
        await announce(store)
        [claimed] = await claim(store)
        assert await store.give_up_delivery(claimed, Answered(None, 15.0, "timeout"), NOW)
        assert await claim(store, 10**8) == ()
        [row] = await all_of(store)
        assert (row.status, row.due_at, row.last_error) == (DeliveryStatus.DEAD, None, "timeout")
        assert (await store.count_deliveries("sub_1")).dead == 1


class TestWaiting:
    async def test_only_whom_something_is_due_for(self, store: Store) -> None:
        await add(store, "sub_1", "sub_2")
        assert await store.list_waiting_subscribers(Mode.TEST, NOW) == ()
        await announce(store)
        waiting = await store.list_waiting_subscribers(Mode.TEST, NOW)
        assert {each.id for each in waiting} == {"sub_1", "sub_2"}
        assert await store.list_waiting_subscribers(Mode.TEST, NOW - timedelta(seconds=1)) == ()
        assert await store.list_waiting_subscribers(Mode.LIVE, NOW) == ()
        await claim(store)
        assert [each.id for each in await store.list_waiting_subscribers(Mode.TEST, NOW)] == [
            "sub_2"
        ]

    async def test_whose_open_deliveries_are_to_be_buried(self, store: Store) -> None:
        await add(store, "sub_1")
        await announce(store, 3)
        [held] = await claim(store, limit=1)
        assert await store.disable_subscriber("sub_1", DisabledFor.GONE, NOW, AUDIT)
        assert not await store.disable_subscriber("sub_1", DisabledFor.OPERATOR, NOW, AUDIT)
        [waiting] = await store.list_waiting_subscribers(Mode.TEST, NOW)
        assert (waiting.disabled_for, waiting.disabled_at) == (DisabledFor.GONE, NOW)
        assert await store.bury_deliveries("sub_1", DisabledFor.GONE) == 2
        assert await store.list_waiting_subscribers(Mode.TEST, NOW) == ()
        assert await store.finish_delivery(held, FINE, NOW)
        counts = await store.count_deliveries("sub_1")
        assert (counts.pending, counts.dead) == (0, 2)
        assert {row.last_error for row in await all_of(store)} == {None, "disabled_gone"}


class TestReplay:
    async def test_one_announcement_for_who_wants_it(self, store: Store) -> None:
        await add(store, "sub_1")
        await announce(store)
        [row] = await all_of(store)
        assert await store.add_subscriber(subscriber("late"), AUDIT)
        assert await store.add_subscriber(subscriber("other", types=[CLOSED]), AUDIT)
        assert await store.add_subscriber(subscriber("live", Mode.LIVE), AUDIT)
        [claimed] = await claim(store)
        # Under way just now: it is sent anyway.
        assert await store.replay_announcement("sub_1", row.announcement_id, NOW) == 0
        await store.finish_delivery(claimed, FINE, NOW)
        for name, count in (("sub_1", 1), ("late", 1), ("other", 0), ("live", 0), ("nobody", 0)):
            assert await store.replay_announcement(name, row.announcement_id, after(9)) == count
        assert await store.replay_announcement("sub_1", "ann_unknown", NOW) == 0
        [again] = await claim(store, 9)
        assert (again.attempts, again.announcement.id) == (0, row.announcement_id)
        [late] = await all_of(store, "late")
        assert late.due_at == after(9)

    async def test_a_window_in_portions_with_what_was_never_sent(self, store: Store) -> None:
        await announce(store, 600, owner_id="early")
        await announce(store, 1203, at=after(60), owner_id="within")
        await announce(store, 1, at=after(120), owner_id="late")
        await announce(store, 1, at=after(60), type_=CLOSED, owner_id="other")
        wishes = subscriber(types=[READINESS])
        assert await store.add_subscriber(wishes, AUDIT)
        counts = [
            count async for count in store.replay_window(wishes, after(1), after(120), after(500))
        ]
        assert sum(counts) == 1203
        rows = await all_of(store)
        assert {row.due_at for row in rows} == {after(500)}
        assert {row.occurred_at for row in rows} == {after(60)}
        again = [each async for each in store.replay_window(wishes, NOW, after(121), after(501))]
        assert sum(again) == 600 + 1203 + 1

    async def test_a_disabled_one_is_sent_nothing_again(self, store: Store) -> None:
        await announce(store, 3)
        await add(store, "sub_1")
        await store.disable_subscriber("sub_1", DisabledFor.OPERATOR, NOW, AUDIT)
        counts = [n async for n in store.replay_window(subscriber(), NOW, after(60), NOW)]
        assert sum(counts) == 0

    async def test_all_that_is_dead(self, store: Store) -> None:
        await add(store, "sub_1", "sub_2")
        await announce(store, 1100)
        for name in ("sub_1", "sub_2"):
            while await store.bury_deliveries(name, DisabledFor.OPERATOR):
                pass
        counts = [count async for count in store.replay_dead("sub_1", after(7))]
        assert (sum(counts), max(counts)) == (1100, 500)
        assert (await store.count_deliveries("sub_1")).pending == 1100
        assert (await store.count_deliveries("sub_2")).dead == 1100
        assert {row.due_at for row in await all_of(store)} == {after(7)}


class TestSubscribers:
    async def test_no_more_than_sixteen_in_a_mode(self, store: Store) -> None:
        await add(store, *(f"sub_{number}" for number in range(16)))
        assert not await store.add_subscriber(subscriber("sub_16"), AUDIT)
        assert await store.add_subscriber(subscriber("live", Mode.LIVE), AUDIT)
        assert await store.remove_subscriber("sub_3", NOW, AUDIT)
        assert await store.add_subscriber(subscriber("sub_16"), AUDIT)
        assert len(await store.list_subscribers(Mode.TEST)) == 16
        assert len(await store.list_audit(action="subscriber.change")) == 19

    async def test_a_removed_one_is_gone_with_its_address(self, store: Store) -> None:
        await add(store, "sub_1")
        await announce(store)
        assert await store.remove_subscriber("sub_1", NOW, AUDIT)
        assert await store.find_subscriber("sub_1") is None
        assert await store.list_subscribers(Mode.TEST) == ()
        assert not await store.remove_subscriber("sub_1", NOW, AUDIT)
        assert not await store.enable_subscriber("sub_1", AUDIT)
        assert not await store.change_subscriber(subscriber(), AUDIT)
        [waiting] = await store.list_waiting_subscribers(Mode.TEST, NOW)
        assert (waiting.url, waiting.disabled_for) == ("", DisabledFor.REMOVED)

    async def test_two_rotations_at_once_are_one(self, store: Store) -> None:
        await add(store, "sub_1")
        seen = await store.find_subscriber("sub_1")
        assert seen is not None
        rotations = [
            store.rotate_secret(seen, "k2", AUDIT, previous_until=after(60)) for _ in range(5)
        ]
        assert sum(await asyncio.gather(*rotations)) == 1
        now = await store.find_subscriber("sub_1")
        assert now is not None
        assert (now.secret, now.previous) == (Generation("k2", 2), Generation("k1", 1))
        assert now.previous_until == after(60)

    @pytest.mark.parametrize(("pause", "since"), [(60, NOW), (3 * 86_400, after(3 * 86_400))])
    async def test_a_row_of_failures_begins_anew_after_a_long_rest(
        self, store: Store, pause: float, since: datetime
    ) -> None:
        await add(store, "sub_1")
        for at in (NOW, after(pause)):
            await store.blame_subscriber("sub_1", at, forgotten_before=at - timedelta(days=2))
        assert (await store.list_subscribers(Mode.TEST))[0].failing_since == since
        await store.praise_subscriber("sub_1")
        assert (await store.list_subscribers(Mode.TEST))[0].failing_since is None
