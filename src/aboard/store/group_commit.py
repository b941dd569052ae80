"""How do many writers share one commit? One thread takes all that waits and commits it together.

Durability costs one flush of the disk for each commit, whatever the commit holds. What is asked
in one turn of the loop goes to the thread together, and while one flush is under way the next
batches queue up: so the groups grow with the load by themselves, and an idle store commits at
once. Each batch runs in its own savepoint: a failing one is taken back and
told to its own caller only.

Source: ADR-0008, SQLite first; SQLite's documentation, "Write-Ahead Logging".
"""

import asyncio
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread

from aboard.core.errors import StoreUnavailable
from aboard.store.driver import Batch, Done, Outcome, WriteMetrics

MAX_GROUP = 512
MAX_WAITING = 20_000

_Job = tuple[Batch, asyncio.Future[Outcome]]
_Answer = Outcome | Exception


class GroupCommitWriter:
    """The only one in this process that writes to a SQLite file."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Start the thread; `connect` is called here, so that its errors reach the caller."""
        self._connection = connect()
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._gathered: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
        self._is_closed = False
        self._commits = self._batches = self._failures = self._largest_group = 0
        self._lock_seconds = self._longest_lock_seconds = 0.0
        self._thread = Thread(target=self._run, name="aboard-store-writer", daemon=True)
        self._thread.start()

    @property
    def metrics(self) -> WriteMetrics:
        """Return the counts since the start."""
        return WriteMetrics(
            commits=self._commits,
            batches=self._batches,
            failures=self._failures,
            waiting=self._queue.qsize() + sum(map(len, tuple(self._gathered.values()))),
            largest_group=self._largest_group,
            wait_seconds=self._lock_seconds,
            longest_wait_seconds=self._longest_lock_seconds,
        )

    async def write(self, batch: Batch) -> Outcome:
        """Queue a batch and return when it is durable, or was taken back.

        A caller that is cancelled while it waits does not know whether its batch was written.

        Raises:
            StoreUnavailable: nothing was written: closed, too much is waiting, or the database
                does not take it.
        """
        if self._is_closed:
            raise StoreUnavailable("closed")
        loop = asyncio.get_running_loop()
        gathered = self._gathered.get(loop)
        if self._queue.qsize() + len(gathered or ()) >= MAX_WAITING:
            raise StoreUnavailable("backlog")
        if gathered is None:
            # Handed over one by one, each would wake the thread, and the two would fight for the
            # interpreter over groups of one.
            gathered = self._gathered[loop] = []
            loop.call_soon(self._hand_over, loop)
        future: asyncio.Future[Outcome] = loop.create_future()
        gathered.append((batch, future))
        return await future

    async def close(self) -> None:
        """Write what was accepted, then end the thread. Harmless when repeated."""
        if not self._is_closed:
            self._is_closed = True
            self._hand_over(asyncio.get_running_loop())
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        for job in self._gathered.pop(loop, ()):
            self._queue.put(job)
        if not self._thread.is_alive():  # another loop closed the store meanwhile
            self._refuse_the_late()

    def _run(self) -> None:
        is_open = True
        while is_open:
            group, is_open = self._take_group()
            if group:
                _tell(group, self._commit(group))
        self._connection.close()
        self._refuse_the_late()

    def _refuse_the_late(self) -> None:
        while not self._queue.empty():
            job = self._queue.get()
            if job is not None:
                _tell([job], [StoreUnavailable("closed")])

    def _take_group(self) -> tuple[list[_Job], bool]:
        job = self._queue.get()
        group: list[_Job] = []
        while job is not None:
            group.append(job)
            if len(group) == MAX_GROUP:
                return group, True
            try:
                job = self._queue.get_nowait()
            except Empty:
                return group, True
        return group, False

    def _commit(self, group: Sequence[_Job]) -> Sequence[_Answer]:
        connection = self._connection
        try:
            self._take_lock()
            answers = [self._run_batch(batch) for batch, _ in group]
            connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 -- whatever it is, those who wait must hear it
            _roll_back(connection)
            self._failures += len(group)
            return [_unavailable(error) for _ in group]
        self._commits += 1
        self._batches += len(group)
        self._largest_group = max(self._largest_group, len(group))
        return answers

    def _take_lock(self) -> None:
        began = time.monotonic()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        finally:
            waited = time.monotonic() - began
            self._lock_seconds += waited
            self._longest_lock_seconds = max(self._longest_lock_seconds, waited)

    def _run_batch(self, batch: Batch) -> _Answer:
        connection = self._connection
        connection.execute("SAVEPOINT batch")
        try:
            outcome = _run_steps(connection, batch)
        except Exception as error:
            if not connection.in_transaction:
                # SQLite itself gave up the whole group (disk full, input or output error).
                raise
            connection.execute("ROLLBACK TO batch")
            self._failures += 1
            answer: _Answer = translated(error)
        else:
            if outcome is None:
                connection.execute("ROLLBACK TO batch")
            answer = outcome
        connection.execute("RELEASE batch")
        return answer


def _run_steps(connection: sqlite3.Connection, batch: Batch) -> Outcome:
    done: list[Done] = []
    for step in batch:
        cursor = connection.execute(step.statement.sql, step.params)
        if cursor.description is None:
            result = Done(cursor.rowcount)
        else:
            rows = cursor.fetchall()
            result = Done(len(rows), rows)
        if step.required and result.count == 0:
            return None
        done.append(result)
    return tuple(done)


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


_CAUSES = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "input_output",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_CANTOPEN: "cannot_open",
    sqlite3.SQLITE_NOTADB: "not_a_database",
    sqlite3.SQLITE_CORRUPT: "corrupt",
}
_PRIMARY_CODE = 0xFF


def translated(error: Exception) -> Exception:
    """Return our own fact where SQLite could not answer, and any other error as it is.

    The texts of SQLite's errors name tables and columns, never values.
    """
    # Exactly these two: their subclasses are mistakes of the caller, not of the database.
    is_fault = type(error) in {sqlite3.OperationalError, sqlite3.DatabaseError}
    return _unavailable(error) if is_fault else error


def _unavailable(error: Exception) -> StoreUnavailable:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    cause = "error" if code is None else _CAUSES.get(code & _PRIMARY_CODE, "error")
    fault = StoreUnavailable(cause)
    fault.__cause__ = error
    return fault


def _tell(group: Sequence[_Job], answers: Sequence[_Answer]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Outcome], _Answer]]]
    by_loop = defaultdict(list)
    for (_, future), answer in zip(group, answers, strict=True):
        by_loop[future.get_loop()].append((future, answer))
    for loop, pairs in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve, pairs)
        except RuntimeError:
            # The loop was closed while its tasks waited: nobody is left to be told.
            continue


def _resolve(pairs: Sequence[tuple[asyncio.Future[Outcome], _Answer]]) -> None:
    for future, answer in pairs:
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
