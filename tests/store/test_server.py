"""On a server: many processes write at once, and whoever loses a conflict or a line is told."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from aboard.core.database import PostgresServer, read_database
from aboard.core.owner import Mode, Owner
from aboard.core.secret import Secret
from aboard.store import EventStatus, Store, StoreUnavailable, open_store
from aboard.store.driver import Step
from aboard.store.postgres import PostgresDriver, StatementRefused
from aboard.store.postgres.driver import _take_back
from aboard.store.postgres.gathering import MAX_WAITING
from aboard.store.statements.compiler import Statement
from tests.databases import Desk
from tests.store.rows import ADA, NOW, after, attached, found, rang

PUT = Statement("INSERT INTO creators (id, user_id, created_at) VALUES ($1, $1, 1)", ("id",))
TAKE = Statement("UPDATE creators SET bio = $2 WHERE id = $1", ("id", "bio"))
HOLD = Statement("SELECT pg_sleep($1::text::float)", ("seconds",))
ALL = Statement("SELECT id FROM creators ORDER BY id", ())
BROKEN = Statement("INSERT INTO nowhere VALUES (1)", ())
PASSWORD = "tide-words-tide"


@pytest.fixture
def server(postgres: Desk) -> PostgresServer:
    address = read_database(postgres.address)
    assert isinstance(address, PostgresServer)
    return address


@pytest.fixture
async def driver(server: PostgresServer) -> AsyncIterator[PostgresDriver]:
    driver = PostgresDriver(server, pool_size=4)
    yield driver
    await driver.close()


@pytest.fixture
async def store(postgres: Desk) -> AsyncIterator[Store]:
    store = open_store(postgres.address)
    yield store
    await store.close()


@pytest.fixture
async def other(postgres: Desk) -> AsyncIterator[Store]:
    """Another process's store over the same database."""
    store = open_store(postgres.address)
    yield store
    await store.close()


def put(word: str | None) -> Step:
    return Step(PUT, {"id": word})


async def words(driver: PostgresDriver) -> list[str]:
    return [row[0] for row in await driver.read_all(ALL, {})]


class TestIntake:
    async def test_many_events_are_few_commits(self, store: Store) -> None:
        await attached(store)
        before = store.metrics
        assert all(await asyncio.gather(*(rang(store, f"evt_{n}", NOW) for n in range(1000))))
        assert store.metrics.batches - before.batches == 1000
        assert store.metrics.commits - before.commits <= 5
        assert store.metrics.largest_group >= 500
        assert store.metrics.waiting == 0

    async def test_a_lone_event_does_not_wait_for_company(self, store: Store) -> None:
        for number in range(3):
            await rang(store, f"evt_{number}", NOW)
        assert store.metrics.commits == 3

    async def test_of_one_event_that_comes_often_at_once_one_is_new(
        self, store: Store, other: Store
    ) -> None:
        await attached(store)
        answers = await asyncio.gather(
            *(rang(each, f"evt_{n % 50}", NOW) for n in range(400) for each in (store, other))
        )
        assert answers.count(True) == 50
        assert len(await store.list_events(limit=1000)) == 50

    async def test_processes_that_ring_many_accounts_at_once_never_block_each_other(
        self, store: Store, other: Store
    ) -> None:
        names = [f"acct_{n}" for n in range(30)]
        for name in names:
            await attached(store, Owner(ADA.kind, name, Mode.TEST), name)
        forth = [rang(store, f"evt_a{n}_{name}", NOW, name) for n in range(20) for name in names]
        back = [
            rang(other, f"evt_b{n}_{name}", NOW, name) for n in range(20) for name in names[::-1]
        ]
        assert all(await asyncio.gather(*forth, *back))
        assert store.metrics.failures == other.metrics.failures == 0

    async def test_whose_account_it_is_decides_the_status(self, store: Store) -> None:
        gone = await attached(store, Owner(ADA.kind, "gone", Mode.TEST), "acct_gone")
        await store.mark_disconnected(gone, "deauthorized", NOW)
        await attached(store)
        await asyncio.gather(
            rang(store, "evt_ours", after(1)),
            rang(store, "evt_strange", after(1), "acct_strange"),
            rang(store, "evt_gone", after(1), "acct_gone"),
            rang(store, "evt_platform", after(1), None),
        )
        events = {event.id: event.status for event in await store.list_events()}
        assert events == {
            "evt_ours": EventStatus.PENDING,
            "evt_strange": EventStatus.UNMATCHED,
            "evt_gone": EventStatus.UNMATCHED,
            "evt_platform": EventStatus.UNMATCHED,
        }
        claims = await store.claim_due_accounts(Mode.TEST, 10, after(1), lease_seconds=60)
        assert [claim.account.owner for claim in claims] == [ADA]

    async def test_bells_of_a_group_count_as_one_after_the_other(
        self, store: Store, postgres: Desk
    ) -> None:
        account = await attached(store)
        postgres.run("UPDATE account_syncs SET due_at = NULL WHERE account_id = $1", account.id)
        await asyncio.gather(*(rang(store, f"evt_{n}", after(n)) for n in (5, 1, 9, 3)))
        [(first, last)] = postgres.run("SELECT due_at, rung_at FROM account_syncs")
        # The first of them is written alone: nothing else waited then.
        assert (last - first) == 8_000_000

    async def test_a_bell_that_rings_while_an_account_is_parted_with_makes_nothing_due(
        self, store: Store, other: Store
    ) -> None:
        for number in range(20):
            owner = Owner(ADA.kind, f"o{number}", Mode.TEST)
            account = await attached(store, owner, f"acct_{number}")
            await asyncio.gather(
                store.mark_disconnected(account, "deauthorized", after(1)),
                *(rang(other, f"evt_{number}_{n}", after(1), f"acct_{number}") for n in range(3)),
            )
        assert await store.claim_due_accounts(Mode.TEST, 100, after(5), lease_seconds=60) == ()
        open_events = await store.count_open_events()
        assert open_events.get(EventStatus.PENDING, 0) == 0

    async def test_a_value_that_does_not_fit_hurts_its_own_caller_alone(self, store: Store) -> None:
        first = asyncio.ensure_future(rang(store, "evt_first", NOW))
        await asyncio.sleep(0)
        answers = await asyncio.gather(
            rang(store, "evt_before", NOW),
            store.accept_event(
                "evt_odd",
                endpoint="connect",
                mode=Mode.TEST,
                type=7,  # type: ignore[arg-type] # that is the point
                stripe_account_id=None,
                created_at=NOW,
                received_at=NOW,
            ),
            rang(store, "evt_after", NOW),
            return_exceptions=True,
        )
        assert await first
        assert answers[0] is answers[2] is True
        assert isinstance(answers[1], StatementRefused)

    async def test_a_failure_reaches_everybody_who_waits(
        self, store: Store, postgres: Desk
    ) -> None:
        await rang(store, "evt_0", NOW)
        postgres.script("ALTER TABLE events RENAME TO events_away")
        try:
            answers = await asyncio.gather(
                *(rang(store, f"evt_{n}", NOW) for n in range(1, 20)), return_exceptions=True
            )
        finally:
            postgres.script("ALTER TABLE events_away RENAME TO events")
        assert {type(answer) for answer in answers} == {StoreUnavailable}
        assert len({id(answer) for answer in answers}) == 19
        assert await rang(store, "evt_1", NOW)

    async def test_too_much_waiting_is_refused_before_memory_grows(
        self, store: Store, postgres: Desk
    ) -> None:
        await rang(store, "evt_0", NOW)
        postgres.script("BEGIN; LOCK TABLE events")
        tasks = [
            asyncio.ensure_future(rang(store, f"evt_{n}", NOW, None))
            for n in range(1, MAX_WAITING + 1200)
        ]
        await asyncio.sleep(0.2)
        refused = {str(task.exception()) for task in tasks if task.done()}
        postgres.script("ROLLBACK")
        assert refused == {"the store is unavailable: backlog"}
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert answers.count(True) >= MAX_WAITING

    async def test_what_was_accepted_is_written_before_the_store_closes(
        self, store: Store, other: Store
    ) -> None:
        waiting = [asyncio.ensure_future(rang(store, f"evt_{n}", NOW)) for n in range(700)]
        await asyncio.sleep(0)
        await store.close()
        assert all(await asyncio.gather(*waiting))
        assert len(await other.list_events(limit=1000)) == 700

    async def test_a_caller_that_went_away_harms_nobody(self, store: Store) -> None:
        impatient = asyncio.ensure_future(rang(store, "evt_1", NOW))
        patient = asyncio.ensure_future(rang(store, "evt_2", NOW))
        await asyncio.sleep(0)
        impatient.cancel()
        assert await patient


class TestBatches:
    async def test_all_or_nothing(self, driver: PostgresDriver) -> None:
        assert await driver.write([put("a"), put("b")]) is not None
        with pytest.raises(StatementRefused):
            await driver.write([put("c"), put(None)])
        with pytest.raises(StoreUnavailable):
            await driver.write([put("d"), Step(BROKEN)])
        gone = Step(TAKE, {"id": "absent", "bio": "x"}, required=True)
        assert await driver.write([put("e"), gone]) is None
        assert await words(driver) == ["a", "b"]

    async def test_a_refusal_names_the_constraint_and_never_the_value(
        self, driver: PostgresDriver
    ) -> None:
        await driver.write([put("ada@example.com")])
        with pytest.raises(StatementRefused, match="pk_creators") as refused:
            await driver.write([put("ada@example.com")])
        assert "ada@" not in str(refused.value)

    async def test_who_loses_a_deadlock_is_tried_again(self, driver: PostgresDriver) -> None:
        await driver.write([put("a"), put("b")])
        pause = Step(HOLD, {"seconds": "0.3"})

        def batch(first: str, second: str) -> list[Step]:
            return [
                Step(TAKE, {"id": first, "bio": first}, required=True),
                pause,
                Step(TAKE, {"id": second, "bio": second}, required=True),
            ]

        answers = await asyncio.gather(driver.write(batch("a", "b")), driver.write(batch("b", "a")))
        assert None not in answers
        assert driver.metrics.retried >= 1
        assert driver.metrics.failures == 0

    async def test_a_cancelled_batch_leaves_no_half_behind(self, driver: PostgresDriver) -> None:
        slow = asyncio.ensure_future(driver.write([put("a"), Step(HOLD, {"seconds": "5"})]))
        await asyncio.sleep(0.2)
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        assert await driver.write([put("b"), put("c")]) is not None
        assert await words(driver) == ["b", "c"]

    async def test_nul_is_no_reason_to_fail(self, store: Store) -> None:
        strange = Owner(ADA.kind, "a\0b", Mode.TEST)
        assert await store.find_account(strange) is None
        account = await store.reserve_account(strange, NOW)
        assert await store.find_account(strange) == account


class TestTheLine:
    async def test_a_full_pool_is_waited_for_and_then_says_so(self, server: PostgresServer) -> None:
        driver = PostgresDriver(server, pool_size=1, acquire_seconds=0.2)
        slow = asyncio.ensure_future(driver.read_one(HOLD, {"seconds": "1"}))
        await asyncio.sleep(0.1)
        assert driver.metrics.pool_in_use == 1
        with pytest.raises(StoreUnavailable, match="backlog"):
            await driver.read_all(ALL, {})
        await slow
        assert await words(driver) == []
        assert driver.metrics.longest_wait_seconds >= 0.2
        await driver.close()

    async def test_nobody_there_is_told_at_once(self) -> None:
        nobody = PostgresServer(Secret(f"postgresql://me:{PASSWORD}@127.0.0.1:1/x"), "x")
        driver = PostgresDriver(nobody, pool_size=1)
        began = time.monotonic()
        for question in (driver.read_all(ALL, {}), driver.write([put("a")])):
            with pytest.raises(StoreUnavailable, match="unreachable") as away:
                await question
            assert PASSWORD not in f"{away.value!r} {away.value.__cause__!r}"
        assert time.monotonic() - began < 2
        await driver.close()

    async def test_connections_that_were_cut_are_replaced(
        self, store: Store, postgres: Desk
    ) -> None:
        await attached(store)
        for _ in range(3):
            postgres.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'aboard' AND datname = current_database()"
            )
            assert (await found(store)).stripe_account_id == "acct_ada"
        assert await rang(store, "evt_1", NOW)

    async def test_every_commit_is_flushed_whatever_the_servers_default(
        self, store: Store, postgres: Desk
    ) -> None:
        [(name,)] = postgres.run("SELECT current_database()")
        postgres.script(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        try:
            driver = store._driver  # noqa: SLF001 - what its connections are told is the point
            row = await driver.read_one(
                Statement("SELECT current_setting('synchronous_commit')", ()), {}
            )
        finally:
            postgres.script(f'ALTER DATABASE "{name}" RESET synchronous_commit')
        assert row == ("on",)

    async def test_a_closed_store_says_so(self, store: Store) -> None:
        await store.ping()
        await store.close()
        await store.close()
        for question in (store.ping(), rang(store, "evt_1", NOW), store.find_account(ADA)):
            with pytest.raises(StoreUnavailable, match="closed"):
                await question


async def test_a_rollback_that_is_broken_off_ends_its_connection() -> None:
    class Stuck:
        """A connection whose server says nothing any more."""

        is_ended = False

        async def execute(self, _sql: str) -> None:
            await asyncio.Event().wait()

        def terminate(self) -> None:
            self.is_ended = True

    stuck = Stuck()
    taking_back = asyncio.create_task(_take_back(stuck))
    await asyncio.sleep(0)
    taking_back.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking_back
    assert stuck.is_ended
