"""What waits is counted by mode up to a bound, with when the first of it began to wait."""

from datetime import timedelta

from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store import LATEST_REVISION, Consequences, EventStatus, Store
from aboard.store.statements import Statements
from aboard.store.statements.compiler import DialectName
from tests.store.rows import NOW, after, attached, rang, wrote

LIVE = Owner(OwnerKind.CREATOR, "ada", Mode.LIVE)


async def test_nothing_waits_in_an_empty_database(store: Store) -> None:
    assert await store.read_revision() == LATEST_REVISION
    for mode in Mode:
        for status in EventStatus:
            assert (await store.count_waiting_events(mode, status)).count == 0
        assert await store.count_disabled_subscribers(mode) == 0
    assert await store.count_due_accounts(NOW) == {}
    assert await store.count_leased_accounts() == {}
    assert await store.count_pending_deliveries() == {}
    assert await store.count_dead_deliveries() == {}
    assert await store.last_changes() == {}


async def test_open_events_are_counted_by_mode_and_status_with_the_first(store: Store) -> None:
    await attached(store)
    for number in range(3):
        await rang(store, f"evt_{number}", after(number))
    await rang(store, "evt_stranger", after(9), stripe_account_id="acct_stranger")
    pending = await store.count_waiting_events(Mode.TEST, EventStatus.PENDING)
    assert (pending.count, pending.first_at) == (3, NOW)
    unmatched = await store.count_waiting_events(Mode.TEST, EventStatus.UNMATCHED)
    assert (unmatched.count, unmatched.first_at) == (1, after(9))
    assert (await store.count_waiting_events(Mode.LIVE, EventStatus.PENDING)).count == 0


async def test_dead_letters_stay_counted_and_processed_events_do_not(store: Store) -> None:
    await attached(store)
    await rang(store, "evt_1", NOW)
    [claim] = await store.claim_due_accounts(9, NOW, lease_seconds=60)
    await store.give_up_sync(claim, "words", next_sync_at=after(3600))
    assert (await store.count_waiting_events(Mode.TEST, EventStatus.DEAD)).count == 1
    assert (await store.count_waiting_events(Mode.TEST, EventStatus.PENDING)).count == 0


async def test_due_and_leased_accounts_are_told_apart_by_mode(store: Store) -> None:
    await attached(store)
    await attached(store, LIVE, "acct_live")
    due = await store.count_due_accounts(after(10))
    assert {mode: waiting.count for mode, waiting in due.items()} == {Mode.TEST: 1, Mode.LIVE: 1}
    assert due[Mode.TEST].first_at == NOW
    assert await store.count_due_accounts(NOW - timedelta(seconds=1)) == {}
    await store.claim_due_accounts(9, NOW, lease_seconds=60)
    assert await store.count_due_accounts(after(10)) == {}
    leased = await store.count_leased_accounts()
    assert leased[Mode.LIVE].first_at == after(60)


async def test_the_last_change_of_an_account_is_known_by_its_mode(store: Store) -> None:
    account = await attached(store)
    told = Consequences(announcements=(Announcement(AnnouncementType.READINESS_CHANGED),))
    await wrote(store, account, after(1), consequences=told)
    gone = Consequences(announcements=(Announcement(AnnouncementType.REMINDER_DUE),))
    await wrote(store, account, after(5), consequences=gone)
    assert await store.last_changes() == {Mode.TEST: after(1)}


def test_what_is_counted_is_bounded_in_both_dialects() -> None:
    for dialect in DialectName:
        gauges = Statements(dialect).gauges
        for question in (
            gauges.open_events,
            gauges.due_accounts,
            gauges.leased_accounts,
            gauges.pending_deliveries,
            gauges.dead_deliveries,
            gauges.changed_accounts,
        ):
            assert "most" in question.names, question.sql
            assert "LIMIT" in question.sql
