"""Many writers share one commit; a failing batch is its own caller's affair."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from aboard.store import Store, StoreUnavailable, open_store
from aboard.store.driver import Batch, Step
from aboard.store.group_commit import MAX_WAITING
from aboard.store.sqlite import SqliteDriver
from aboard.store.statements.compiler import Statement
from tests.store.rows import ADA, NOW, attached, found, onboarding_of, rang

PUT = Statement("INSERT INTO notes (word) VALUES (:word)", ("word",))
PUT_ONCE = Statement("INSERT INTO notes (word) VALUES (:word) ON CONFLICT DO NOTHING", ("word",))
REMOVE = Statement("DELETE FROM notes WHERE word = :word", ("word",))
ALL = Statement("SELECT word FROM notes ORDER BY word", ())
BROKEN = Statement("INSERT INTO nowhere VALUES (1)", ())


@pytest.fixture
async def driver(tmp_path: Path) -> AsyncIterator[SqliteDriver]:
    driver = SqliteDriver(with_notes(tmp_path / "notes.db"))
    yield driver
    await driver.close()


def with_notes(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (word TEXT PRIMARY KEY NOT NULL)")
    return path


def put(word: str | None) -> Step:
    return Step(PUT, {"word": word})


async def words(driver: SqliteDriver) -> list[str]:
    return [row[0] for row in await driver.read_all(ALL, {})]


@contextmanager
def held_by_another(path: Path) -> Iterator[sqlite3.Connection]:
    """Hold the write lock of the file, as a second process would."""
    with closing(
        sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    ) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


async def as_one_group(driver: SqliteDriver, path: Path, *batches: Batch) -> list[Any]:
    """Write batches in one commit: they queue up behind a first one that the lock holds back."""
    with held_by_another(path) as other:
        first = asyncio.ensure_future(driver.write([]))
        await asyncio.sleep(0)
        while driver.metrics.waiting:  # noqa: ASYNC110 -- a thread takes it, and tells no loop
            await asyncio.sleep(0.001)
        rest = [asyncio.ensure_future(driver.write(batch)) for batch in batches]
        for _ in range(2):  # they ask in one turn, and are handed over in the next
            await asyncio.sleep(0)
        other.execute("COMMIT")
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


class TestGrouping:
    async def test_many_writers_share_few_commits(self, store: Store) -> None:
        await attached(store)
        before = store.metrics
        answers = await asyncio.gather(*(rang(store, f"evt_{n}", NOW) for n in range(1000)))
        assert all(answers)
        commits = store.metrics.commits - before.commits
        assert store.metrics.batches - before.batches == 1000
        assert commits <= 20
        assert store.metrics.largest_group >= 50
        assert store.metrics.waiting == 0

    async def test_what_is_asked_in_one_turn_is_one_commit(self, driver: SqliteDriver) -> None:
        async def work_and_write(word: str) -> None:
            ends_at = time.perf_counter() + 0.002
            while time.perf_counter() < ends_at:
                pass
            await _write(driver, [put(word)])

        before = driver.metrics.commits
        for turn in range(5):
            await asyncio.gather(*(work_and_write(f"{turn}.{n}") for n in range(20)))
        assert driver.metrics.commits - before <= 10

    async def test_a_lone_writer_does_not_wait_for_company(self, store: Store) -> None:
        before = store.metrics.commits
        for number in range(3):
            await rang(store, f"evt_{number}", NOW)
        assert store.metrics.commits - before == 3

    async def test_what_was_told_is_on_the_disk_for_everybody(
        self, driver: SqliteDriver, tmp_path: Path
    ) -> None:
        await driver.write([put("a")])
        with closing(sqlite3.connect(tmp_path / "notes.db")) as elsewhere:
            assert elsewhere.execute("SELECT word FROM notes").fetchall() == [("a",)]
        assert await words(driver) == ["a"]

    async def test_every_commit_is_flushed(self, driver: SqliteDriver) -> None:
        full = 2
        [answer] = await driver.write([Step(Statement("PRAGMA synchronous", ()))]) or ()
        assert answer.rows == [(full,)]
        [answer] = await driver.write([Step(Statement("PRAGMA journal_mode", ()))]) or ()
        assert answer.rows == [("wal",)]
        [answer] = await driver.write([Step(Statement("PRAGMA foreign_keys", ()))]) or ()
        assert answer.rows == [(1,)]

    async def test_tasks_of_several_loops_are_all_told(self, driver: SqliteDriver) -> None:
        def elsewhere(word: str) -> None:
            asyncio.run(_write(driver, [put(word)]))

        await asyncio.gather(*(asyncio.to_thread(elsewhere, f"w{n}") for n in range(4)))
        assert await words(driver) == ["w0", "w1", "w2", "w3"]


async def _write(driver: SqliteDriver, batch: Batch) -> None:
    assert await driver.write(batch) is not None


class TestNeighbours:
    async def test_a_failing_batch_is_taken_back_whole_and_alone(
        self, driver: SqliteDriver, tmp_path: Path
    ) -> None:
        answers = await as_one_group(
            driver,
            tmp_path / "notes.db",
            [put("before")],
            [put("mine"), put(None)],
            [put("mine too"), Step(BROKEN)],
            [put("after")],
        )
        assert isinstance(answers[1], sqlite3.IntegrityError)
        assert isinstance(answers[2], StoreUnavailable)
        assert await words(driver) == ["after", "before"]
        assert driver.metrics.failures == 2
        assert driver.metrics.largest_group >= 4

    async def test_when_sqlite_gives_up_the_group_nobody_is_told_otherwise(
        self, driver: SqliteDriver, tmp_path: Path
    ) -> None:
        give_up = Statement("INSERT OR ROLLBACK INTO notes VALUES (NULL)", ())
        answers = await as_one_group(
            driver, tmp_path / "notes.db", [put("a")], [Step(give_up)], [put("b")]
        )
        assert [type(answer) for answer in answers] == [StoreUnavailable] * 3
        assert await words(driver) == []
        await driver.write([put("later")])
        assert await words(driver) == ["later"]

    async def test_a_required_step_that_finds_nothing_takes_its_batch_back(
        self, driver: SqliteDriver, tmp_path: Path
    ) -> None:
        answers = await as_one_group(
            driver,
            tmp_path / "notes.db",
            [put("kept")],
            [put("gone"), Step(REMOVE, {"word": "absent"}, required=True)],
            [put("stays"), Step(REMOVE, {"word": "absent"})],
        )
        assert answers[1] is None
        assert answers[2] is not None
        assert [done.count for done in answers[2]] == [1, 0]
        assert await words(driver) == ["kept", "stays"]

    async def test_a_neighbours_row_counts_as_there(self, driver: SqliteDriver) -> None:
        claims = await asyncio.gather(
            *(driver.write([Step(PUT_ONCE, {"word": "x"}, required=True)]) for _ in range(10))
        )
        assert [claim is not None for claim in claims].count(True) == 1

    async def test_a_caller_that_went_away_harms_nobody(self, driver: SqliteDriver) -> None:
        impatient = asyncio.ensure_future(driver.write([put("a")]))
        patient = asyncio.ensure_future(driver.write([put("b")]))
        await asyncio.sleep(0)
        impatient.cancel()
        assert await patient is not None
        assert "b" in await words(driver)

    async def test_a_missing_value_is_the_callers_own_mistake(self, driver: SqliteDriver) -> None:
        with pytest.raises(sqlite3.ProgrammingError):
            await driver.write([Step(PUT, {})])
        await driver.write([put("a")])
        assert await words(driver) == ["a"]


class TestTheLock:
    async def test_a_second_process_is_waited_for(
        self, driver: SqliteDriver, tmp_path: Path
    ) -> None:
        with held_by_another(tmp_path / "notes.db") as other:
            other.execute("INSERT INTO notes VALUES ('theirs')")
            release = threading.Timer(0.2, lambda: other.execute("COMMIT"))
            release.start()
            began = time.monotonic()
            await driver.write([put("ours")])
            assert time.monotonic() - began > 0.1
            release.join()
        assert await words(driver) == ["ours", "theirs"]

    async def test_a_batch_that_reads_first_sees_what_the_other_wrote(
        self, driver: SqliteDriver, tmp_path: Path
    ) -> None:
        with held_by_another(tmp_path / "notes.db") as other:
            other.execute("INSERT INTO notes VALUES ('theirs')")
            release = threading.Timer(0.2, lambda: other.execute("COMMIT"))
            release.start()
            outcome = await driver.write([Step(ALL), put("ours")])
            release.join()
        assert outcome is not None
        assert outcome[0].rows == [("theirs",)]
        assert await words(driver) == ["ours", "theirs"]

    async def test_reading_never_waits_for_a_writer(
        self, driver: SqliteDriver, tmp_path: Path
    ) -> None:
        await driver.write([put("a")])
        with held_by_another(tmp_path / "notes.db") as other:
            other.execute("DELETE FROM notes")
            assert await words(driver) == ["a"]

    async def test_a_lock_that_is_never_released_is_a_clear_fact(self, tmp_path: Path) -> None:
        path = with_notes(tmp_path / "held.db")
        driver = SqliteDriver(path, busy_seconds=0.2)
        with held_by_another(path):
            answers = await asyncio.gather(
                driver.write([put("a")]), driver.write([put("b")]), return_exceptions=True
            )
        assert [str(answer) for answer in answers] == ["the store is unavailable: busy"] * 2
        assert answers[0] is not answers[1]
        assert await words(driver) == []
        await driver.write([put("later")])
        assert await words(driver) == ["later"]
        await driver.close()


class TestClosing:
    async def test_what_was_accepted_is_written_first(self, sqlite_file: Path) -> None:
        store = open_store(str(sqlite_file))
        await attached(store)
        waiting = [asyncio.ensure_future(rang(store, f"evt_{n}", NOW)) for n in range(700)]
        await asyncio.sleep(0)
        await store.close()
        assert all(await asyncio.gather(*waiting))
        again = open_store(str(sqlite_file))
        assert len(await again.list_events(limit=1000)) == 700
        await again.close()

    async def test_a_closed_store_says_so(self, sqlite_file: Path) -> None:
        store = open_store(str(sqlite_file))
        await store.ping()
        await store.close()
        await store.close()
        for question in (store.ping(), rang(store, "evt_1", NOW), store.find_account(ADA)):
            with pytest.raises(StoreUnavailable, match="closed"):
                await question

    async def test_a_closed_store_leaves_one_file(self, sqlite_file: Path) -> None:
        store = open_store(str(sqlite_file))
        await attached(store)
        await store.close()
        assert [path.name for path in sqlite_file.parent.iterdir()] == [sqlite_file.name]

    async def test_two_stores_on_one_file_see_each_others_writes(self, sqlite_file: Path) -> None:
        service, worker = open_store(str(sqlite_file)), open_store(str(sqlite_file))
        account = await attached(service)
        assert await found(worker) == account
        writes = [onboarding_of(service, account, f"onb_s{n}") for n in range(50)]
        writes += [onboarding_of(worker, account, f"onb_w{n}") for n in range(50)]
        await asyncio.gather(*writes)
        assert len(await service.list_onboardings(account.id, limit=200)) == 100
        await service.close()
        await worker.close()


async def test_too_much_waiting_is_refused_before_memory_grows(
    driver: SqliteDriver, tmp_path: Path
) -> None:
    with held_by_another(tmp_path / "notes.db"):
        tasks = [
            asyncio.ensure_future(driver.write([put(f"{n}")])) for n in range(MAX_WAITING + 600)
        ]
        await asyncio.sleep(0.05)
        refused = [task for task in tasks if task.done()]
        causes = {str(task.exception()) for task in refused}
        assert 0 < len(refused) <= 600
        assert causes == {"the store is unavailable: backlog"}
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("content", [b"this is no database at all, and rather long" * 99])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable, match="not_a_database"):
        open_store(str(path))
    assert path.read_bytes() == content
