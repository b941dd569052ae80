"""One account for each owner, and older news never overwrites newer."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboard.core.account import (
    Alternative,
    ConnectedAccount,
    RequirementError,
    Requirements,
    Snapshot,
)
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Actor, Readiness
from aboard.store import Store
from aboard.store.values import snapshot_of, snapshot_text, to_micros, to_time
from tests.store.rows import (
    ADA,
    NOW,
    after,
    attached,
    found,
    onboarding_of,
    run_together,
    snapshot_named,
    wrote,
)

RESERVE = """
import asyncio, sys
from datetime import UTC, datetime
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store import open_store

async def main(path):
    store = open_store(path)
    owners = [Owner(OwnerKind.CREATOR, f"creator-{n}", Mode.TEST) for n in range(20)]
    now = datetime.now(UTC)
    rows = await asyncio.gather(*(store.reserve_account(owner, now) for owner in owners))
    print(*(row.id for row in rows))
    await store.close()

asyncio.run(main(sys.argv[1]))
"""


class TestReserving:
    async def test_an_owner_without_account_has_none(self, store: Store) -> None:
        assert await store.find_account(ADA) is None
        assert await store.find_account_and_onboarding(ADA) is None
        assert await store.find_account_by_id("ca_nobody") is None
        assert await store.find_account_by_stripe_id("acct_nobody", Mode.TEST) is None

    async def test_a_reservation_is_found_as_it_was_made(self, store: Store) -> None:
        account = await store.reserve_account(ADA, NOW)
        assert account == ConnectedAccount(account.id, ADA, NOW)
        assert await store.find_account(ADA) == account
        assert await store.find_account_by_id(account.id) == account
        assert await store.find_account_and_onboarding(ADA) == (account, None)

    async def test_reserving_again_changes_nothing(self, store: Store) -> None:
        first = await store.reserve_account(ADA, NOW)
        assert await store.reserve_account(ADA, after(60)) == first

    async def test_kinds_and_modes_are_owners_of_their_own(self, store: Store) -> None:
        owners = [Owner(kind, "same", mode) for kind in OwnerKind for mode in Mode]
        accounts = [await store.reserve_account(owner, NOW) for owner in owners]
        assert len({account.id for account in accounts}) == 4
        assert [await found(store, owner) for owner in owners] == accounts

    async def test_a_hundred_callers_at_once_share_one_row(self, store: Store) -> None:
        rows = await asyncio.gather(*(store.reserve_account(ADA, NOW) for _ in range(100)))
        assert len({row.id for row in rows}) == 1

    def test_processes_at_once_share_one_row_for_each_owner(self, database: str) -> None:
        answers = run_together(RESERVE, [database], [database], [database])
        assert len(set(answers)) == 1
        assert len(set(answers[0].split())) == 20

    @pytest.mark.parametrize("word", ["'; DROP TABLE accounts; --", "ä☃\U0001f6a2", "a" * 5000, ""])
    async def test_any_text_names_an_owner(self, store: Store, word: str) -> None:
        owner = Owner(OwnerKind.ORGANIZATION, word, Mode.LIVE)
        await store.reserve_account(owner, NOW)
        assert (await found(store, owner)).owner == owner


class TestCreatingAtStripe:
    async def test_an_attempt_is_renewed_by_who_knows_the_current_one(self, store: Store) -> None:
        account = await store.reserve_account(ADA, NOW)
        results = await asyncio.gather(*(store.renew_attempt(account.id, 1) for _ in range(5)))
        assert sorted(results) == [False, False, False, False, True]
        assert (await found(store)).attempt == 2

    async def test_an_attached_account_has_no_further_attempt(self, store: Store) -> None:
        account = await attached(store)
        assert not await store.renew_attempt(account.id, 1)

    async def test_only_one_of_two_answers_is_attached(self, store: Store) -> None:
        account = await store.reserve_account(ADA, NOW)
        results = await asyncio.gather(
            store.attach_stripe_account(account.id, "acct_first", NOW),
            store.attach_stripe_account(account.id, "acct_second", NOW),
        )
        assert sorted(results) == [False, True]
        winner = "acct_first" if results[0] else "acct_second"
        assert (await found(store)).stripe_account_id == winner
        by_stripe_id = await store.find_account_by_stripe_id(winner, Mode.TEST)
        assert by_stripe_id == await found(store)

    async def test_a_first_answer_attaches_and_is_remembered_in_one_commit(
        self, store: Store
    ) -> None:
        account = await store.reserve_account(ADA, NOW)

        async def first_answer(stripe_account_id: str) -> bool:
            return await store.write_snapshot(
                account,
                snapshot_named("word", stripe_account_id),
                b"{}",
                readiness=Readiness.INCOMPLETE,
                who_must_act=Actor.OWNER,
                read_began_at=NOW,
                next_sync_at=after(60),
                now=NOW,
                attach=True,
            )

        before = store.metrics.commits
        assert await first_answer("acct_first")
        assert store.metrics.commits == before + 1
        assert not await first_answer("acct_second")
        known = await found(store)
        assert known.stripe_account_id == "acct_first"
        assert known.snapshot == snapshot_named("word", "acct_first")

    async def test_the_same_stripe_id_may_live_in_both_modes_only(self, store: Store) -> None:
        await attached(store)
        live = await attached(store, Owner(ADA.kind, ADA.id, Mode.LIVE))
        assert await store.find_account_by_stripe_id("acct_ada", Mode.LIVE) == live
        assert (await found(store)).owner.mode is Mode.TEST


class TestSnapshots:
    async def test_what_stripe_said_is_found_whole(self, store: Store) -> None:
        account = await attached(store)
        raw = b'{"id":"acct_ada","unknown":"\xc3\xa4"}\x00\xff'
        snapshot = snapshot_named("individual.dob")
        assert await store.write_snapshot(
            account,
            snapshot,
            raw,
            readiness=Readiness.RESTRICTED,
            who_must_act=Actor.OWNER,
            read_began_at=after(1),
            next_sync_at=None,
            now=after(2),
        )
        now_known = await found(store)
        assert now_known.snapshot == snapshot
        assert (now_known.read_began_at, now_known.synced_at) == (after(1), after(2))
        assert await store.find_raw_document(account.id) == raw

    async def test_news_about_another_stripe_account_is_refused(self, store: Store) -> None:
        account = await attached(store)
        assert not await store.write_snapshot(
            account,
            snapshot_named("x", "acct_other"),
            b"",
            readiness=Readiness.RESTRICTED,
            who_must_act=Actor.OWNER,
            read_began_at=NOW,
            next_sync_at=None,
            now=NOW,
        )
        assert await found(store) == account
        assert await store.find_raw_document(account.id) is None

    @pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (3, 1, 2), (2, 1, 3)])
    async def test_the_read_that_began_last_wins(
        self, store: Store, order: tuple[int, ...]
    ) -> None:
        account = await attached(store)
        written = [
            await wrote(store, account, after(began), word=f"read {began}") for began in order
        ]
        assert written == [began == max(order[: n + 1]) for n, began in enumerate(order)]
        assert (await found(store)).snapshot == snapshot_named("read 3")

    async def test_of_reads_written_at_once_the_one_that_began_last_wins(
        self, store: Store
    ) -> None:
        account = await attached(store)
        written = await asyncio.gather(
            *(wrote(store, account, after(began), word=f"read {began}") for began in range(20))
        )
        assert written[-1]
        assert (await found(store)).snapshot == snapshot_named("read 19")

    async def test_a_clock_that_stands_still_does_not_lose_the_second_read(
        self, store: Store
    ) -> None:
        account = await attached(store)
        assert await wrote(store, account, NOW, word="first")
        assert await wrote(store, account, NOW, word="second")
        assert (await found(store)).snapshot == snapshot_named("second")


class TestDisconnecting:
    async def test_it_is_marked_once_with_its_reason(self, store: Store) -> None:
        account = await attached(store)
        assert await store.mark_disconnected(account, "deauthorized", after(1))
        assert not await store.mark_disconnected(account, "deleted", after(2))
        gone = await found(store)
        assert gone.is_disconnected
        assert (gone.disconnected_at, gone.disconnected_reason) == (after(1), "deauthorized")

    async def test_late_news_does_not_bring_it_back(self, store: Store) -> None:
        account = await attached(store)
        await store.mark_disconnected(account, "deauthorized", after(1))
        assert not await wrote(store, account, after(2))
        assert (await found(store)).snapshot is None

    async def test_a_connected_account_is_not_restarted(self, store: Store) -> None:
        account = await attached(store)
        assert not await store.restart_account(account.id, after(1))
        assert await found(store) == account
        assert await store.list_former_stripe_ids(account.id) == ()

    async def test_a_restart_is_a_fresh_reservation_with_a_history(self, store: Store) -> None:
        account = await attached(store)
        await wrote(store, account, NOW)
        await store.mark_disconnected(await found(store), "deauthorized", after(1))
        assert await store.restart_account(account.id, after(2))
        assert not await store.restart_account(account.id, after(2))
        assert await found(store) == ConnectedAccount(account.id, ADA, after(2), attempt=2)
        assert await store.find_raw_document(account.id) is None
        assert await store.list_former_stripe_ids(account.id) == ("acct_ada",)
        assert await store.attach_stripe_account(account.id, "acct_new", after(3))

    async def test_a_verdict_on_the_old_account_does_not_hit_the_new_one(
        self, store: Store
    ) -> None:
        account = await attached(store)
        await store.mark_disconnected(account, "deauthorized", after(1))
        await store.restart_account(account.id, after(2))
        await store.attach_stripe_account(account.id, "acct_new", after(3))
        assert not await store.mark_disconnected(account, "deleted", after(4))
        assert not await wrote(store, account, after(4))
        assert not (await found(store)).is_disconnected


class TestHotRead:
    async def test_one_read_finds_account_and_latest_onboarding(self, store: Store) -> None:
        account = await attached(store)
        other = await attached(store, Owner(ADA.kind, "bob", Mode.TEST), "acct_bob")
        await onboarding_of(store, account, "onb_first")
        second = await onboarding_of(store, account, "onb_second")
        await onboarding_of(store, other, "onb_other")
        assert await store.find_account_and_onboarding(ADA) == (account, second)


WORDS = st.text(max_size=20)
TIMES = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 -- hypothesis adds the zone
    max_value=datetime(9999, 12, 31),  # noqa: DTZ001 -- hypothesis adds the zone
    timezones=st.just(UTC),
)
REQUIREMENTS = st.builds(
    Requirements,
    currently_due=st.lists(WORDS, max_size=3).map(tuple),
    past_due=st.lists(WORDS, max_size=3).map(tuple),
    errors=st.lists(st.builds(RequirementError, WORDS, WORDS, WORDS), max_size=2).map(tuple),
    alternatives=st.lists(
        st.builds(Alternative, st.tuples(WORDS), st.tuples(WORDS, WORDS)), max_size=2
    ).map(tuple),
    current_deadline=st.none() | TIMES,
    disabled_reason=st.none() | WORDS,
)
SNAPSHOTS = st.builds(
    Snapshot,
    stripe_account_id=WORDS,
    charges_enabled=st.booleans(),
    payouts_enabled=st.booleans(),
    details_submitted=st.booleans(),
    country=st.none() | WORDS,
    capabilities=st.dictionaries(WORDS, WORDS, max_size=3),
    requirements=REQUIREMENTS,
    future_requirements=REQUIREMENTS,
)


@given(SNAPSHOTS)
def test_every_snapshot_comes_back_as_it_was(snapshot: Snapshot) -> None:
    assert snapshot_of(snapshot_text(snapshot)) == snapshot


def test_a_snapshot_of_a_later_version_is_read_without_what_we_do_not_know() -> None:
    text = snapshot_text(snapshot_named("x")).replace("{", '{"from_the_future":[1],', 1)
    assert snapshot_of(text) == snapshot_named("x")


@given(TIMES)
def test_every_point_in_time_comes_back_to_the_microsecond(at: datetime) -> None:
    assert to_time(to_micros(at)) == at


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        to_micros(NOW.replace(tzinfo=None))


def test_a_time_in_another_zone_is_the_same_point_in_time() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=-7)))
    assert to_time(to_micros(there)) == NOW
