"""Due accounts are leased to one worker at a time, and no bell is lost."""

import asyncio

from aboard.core.owner import Mode, Owner
from aboard.store import Claim, EventFilter, EventStatus, Store, open_store
from tests.store.rows import (
    ADA,
    NOW,
    after,
    attached,
    found,
    rang,
    run_together,
    wrote,
)

CLAIM = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from aboard.store import open_store

async def main(path):
    store = open_store(path)
    now = datetime.now(UTC) + timedelta(days=36500)
    while claims := await store.claim_due_accounts(3, now, lease_seconds=60):
        print(*(claim.account.id for claim in claims))
    await store.close()

asyncio.run(main(sys.argv[1]))
"""


async def claim_all(store: Store, seconds: float) -> list[Claim]:
    return list(await store.claim_due_accounts(10, after(seconds), lease_seconds=60))


async def claim_one(store: Store, seconds: float) -> Claim:
    [claim] = await claim_all(store, seconds)
    return claim


async def statuses(store: Store) -> dict[str, EventStatus]:
    return {event.id: event.status for event in await store.list_events()}


class TestClaiming:
    async def test_nothing_is_due_in_an_empty_store(self, store: Store) -> None:
        assert await claim_all(store, 0) == []
        assert await store.next_due_at() is None

    async def test_a_new_account_is_due_at_once(self, store: Store) -> None:
        account = await attached(store)
        assert await store.next_due_at() == NOW
        claim = await claim_one(store, 0)
        assert (claim.account, claim.attempts, claim.due_at) == (account, 0, NOW)

    async def test_a_reservation_is_not_due(self, store: Store) -> None:
        await store.reserve_account(ADA, NOW)
        assert await claim_all(store, 0) == []

    async def test_a_leased_account_is_nobody_elses(self, store: Store) -> None:
        await attached(store)
        await claim_one(store, 0)
        assert await claim_all(store, 59) == []
        assert await store.next_due_at() == after(60)

    async def test_the_longest_due_come_first_and_no_more_than_asked(self, store: Store) -> None:
        for name in ("c", "a", "b"):
            account = await attached(store, Owner(ADA.kind, name, Mode.TEST), f"acct_{name}")
            seconds = {"a": 1, "b": 2, "c": 3}[name]
            await wrote(store, account, NOW, next_sync_at=after(seconds))
        first = await store.claim_due_accounts(2, after(10), lease_seconds=60)
        rest = await store.claim_due_accounts(2, after(10), lease_seconds=60)
        assert [claim.account.owner.id for claim in (*first, *rest)] == ["a", "b", "c"]

    async def test_callers_at_once_are_given_different_accounts(self, store: Store) -> None:
        for number in range(20):
            await attached(store, Owner(ADA.kind, f"{number}", Mode.TEST), f"acct_{number}")
        groups = await asyncio.gather(
            *(store.claim_due_accounts(3, NOW, lease_seconds=60) for _ in range(10))
        )
        ids = [claim.account.id for group in groups for claim in group]
        assert len(ids) == len(set(ids)) == 20

    async def test_processes_at_once_are_given_different_accounts(self, database: str) -> None:
        store = open_store(database)
        for number in range(40):
            await attached(store, Owner(ADA.kind, f"{number}", Mode.TEST), f"acct_{number}")
        await store.close()
        answers = await asyncio.to_thread(run_together, CLAIM, [database], [database])
        ids = " ".join(answers).split()
        assert len(ids) == len(set(ids)) == 40


class TestLeases:
    async def test_a_killed_workers_account_is_claimed_again_and_counted(
        self, store: Store
    ) -> None:
        await attached(store)
        dead = await claim_one(store, 0)
        heir = await claim_one(store, 60)
        assert heir.account == dead.account
        assert heir.lease != dead.lease
        assert heir.attempts == 1

    async def test_a_worker_that_comes_back_too_late_changes_nothing(self, store: Store) -> None:
        await attached(store)
        late = await claim_one(store, 0)
        await claim_one(store, 60)
        assert not await store.fail_sync(late, after(5000), "stripe.unavailable")
        assert not await store.give_up_sync(late, "stripe.refused", next_sync_at=None)
        assert await store.next_due_at() == after(120)

    async def test_a_good_read_ends_the_lease_and_sets_the_next(self, store: Store) -> None:
        account = await attached(store)
        await claim_one(store, 0)
        assert await wrote(store, account, after(1), next_sync_at=after(500))
        assert await claim_all(store, 499) == []
        assert (await claim_one(store, 500)).attempts == 0

    async def test_a_read_without_next_is_due_only_when_asked(self, store: Store) -> None:
        account = await attached(store)
        await wrote(store, account, after(1), next_sync_at=None)
        assert await store.next_due_at() is None
        assert await store.request_sync(account.id, after(2))
        assert (await claim_one(store, 2)).account.id == account.id

    async def test_nobody_can_ask_for_an_account_that_is_not_at_stripe(self, store: Store) -> None:
        account = await store.reserve_account(ADA, NOW)
        assert not await store.request_sync(account.id, NOW)

    async def test_a_failed_read_is_tried_again_later_and_counted(self, store: Store) -> None:
        await attached(store)
        await rang(store, "evt_1", NOW)
        for count in (1, 2, 3):
            claim = await claim_one(store, count * 10)
            assert claim.attempts == count - 1
            assert await store.fail_sync(claim, after(count * 10 + 10), "stripe.unavailable")
            assert await claim_all(store, count * 10 + 9) == []
        [event] = await store.list_events()
        assert (event.attempts, event.last_error) == (3, "stripe.unavailable")
        assert event.status is EventStatus.PENDING

    async def test_a_hopeless_read_leaves_dead_letters_until_a_good_one(self, store: Store) -> None:
        account = await attached(store)
        await rang(store, "evt_1", NOW)
        claim = await claim_one(store, 0)
        assert await store.give_up_sync(claim, "stripe.refused", next_sync_at=after(900))
        assert await statuses(store) == {"evt_1": EventStatus.DEAD}
        assert await store.count_open_events() == {EventStatus.DEAD: 1}
        assert await claim_all(store, 899) == []
        assert (await claim_one(store, 900)).attempts == 0
        await wrote(store, account, after(901))
        assert await statuses(store) == {"evt_1": EventStatus.PROCESSED}

    async def test_a_disconnected_account_is_never_due(self, store: Store) -> None:
        account = await attached(store)
        await rang(store, "evt_1", NOW)
        await claim_one(store, 0)
        await store.mark_disconnected(account, "deauthorized", after(1))
        await rang(store, "evt_2", after(2))
        assert await claim_all(store, 5000) == []
        assert await statuses(store) == {
            "evt_1": EventStatus.PROCESSED,
            "evt_2": EventStatus.UNMATCHED,
        }


class TestBells:
    async def test_a_bell_makes_a_resting_account_due(self, store: Store) -> None:
        account = await attached(store)
        await wrote(store, account, after(1), next_sync_at=after(5000))
        await rang(store, "evt_1", after(10))
        assert await claim_all(store, 9) == []
        assert (await claim_one(store, 10)).account.id == account.id

    async def test_a_bell_never_postpones(self, store: Store) -> None:
        await attached(store)
        await rang(store, "evt_1", after(100))
        assert await store.next_due_at() == NOW

    async def test_fifty_events_are_one_read(self, store: Store) -> None:
        account = await attached(store)
        await asyncio.gather(*(rang(store, f"evt_{n}", after(n)) for n in range(50)))
        assert len(await claim_all(store, 60)) == 1
        assert await wrote(store, account, after(61), next_sync_at=after(5000))
        assert set((await statuses(store)).values()) == {EventStatus.PROCESSED}
        assert await claim_all(store, 100) == []

    async def test_a_bell_during_the_read_stays_due(self, store: Store) -> None:
        account = await attached(store)
        await rang(store, "evt_before", after(1))
        await claim_one(store, 2)
        await rang(store, "evt_during", after(4))
        assert await wrote(store, account, after(3), next_sync_at=after(5000))
        assert await statuses(store) == {
            "evt_before": EventStatus.PROCESSED,
            "evt_during": EventStatus.PENDING,
        }
        assert (await claim_one(store, 5)).attempts == 0

    async def test_an_older_read_does_not_answer_for_a_newer(self, store: Store) -> None:
        account = await attached(store)
        await wrote(store, account, after(10), next_sync_at=after(20))
        await rang(store, "evt_1", after(11))
        assert not await wrote(store, account, after(9), next_sync_at=after(5000))
        assert await statuses(store) == {"evt_1": EventStatus.PENDING}
        assert await store.next_due_at() == after(11)

    async def test_an_event_that_outran_our_own_write_finds_its_account(self, store: Store) -> None:
        account = await store.reserve_account(ADA, NOW)
        await rang(store, "evt_early", NOW)
        assert await statuses(store) == {"evt_early": EventStatus.UNMATCHED}
        await store.attach_stripe_account(account.id, "acct_ada", after(1))
        assert await statuses(store) == {"evt_early": EventStatus.PENDING}
        await wrote(store, await found(store), after(2))
        assert await statuses(store) == {"evt_early": EventStatus.PROCESSED}

    async def test_a_bell_in_the_other_mode_rings_nobody(self, store: Store) -> None:
        account = await attached(store)
        await wrote(store, account, after(1))
        assert await store.accept_event(
            "evt_live",
            endpoint="connect",
            mode=Mode.LIVE,
            type="account.updated",
            stripe_account_id="acct_ada",
            created_at=after(2),
            received_at=after(2),
        )
        assert await store.next_due_at() is None
        [event] = await store.list_events(EventFilter(mode=Mode.LIVE))
        assert event.status is EventStatus.UNMATCHED
