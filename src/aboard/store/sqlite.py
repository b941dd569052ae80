"""How does the store speak to SQLite? One connection that reads inline, one thread that writes.

A point read takes less time than handing it to a thread would, so it runs on the event loop; in
WAL mode a reader never waits for the writer. `synchronous=FULL` makes every commit durable before
anybody is told.

Source: ADR-0008, SQLite first; SQLite's documentation, "Write-Ahead Logging".
"""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from aboard.core.errors import StoreUnavailable
from aboard.store.bell import Bell
from aboard.store.driver import Batch, Outcome, Row, WriteMetrics
from aboard.store.group_commit import GroupCommitWriter, translated
from aboard.store.statements.compiler import DialectName, Params, Statement

BUSY_SECONDS = 10.0
_CACHED_STATEMENTS = 256
# With the default of 2 MiB a read of one among a million accounts takes a quarter longer.
_CACHE_KIB = 64 * 1024


def connect(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open the file with the settings that every connection of ours has.

    Raises:
        StoreUnavailable: the file cannot be opened or is no database.
    """
    try:
        connection = sqlite3.connect(
            path,
            timeout=busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_CACHED_STATEMENTS,
        )
    except sqlite3.OperationalError as error:
        raise translated(error) from error
    try:
        _use_wal(connection, busy_seconds)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size={-_CACHE_KIB}")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise translated(error) from error
    return connection


def _use_wal(connection: sqlite3.Connection, busy_seconds: float) -> None:
    # SQLite does not wait by itself while another process is switching the same file.
    give_up_at = time.monotonic() + busy_seconds
    while True:
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")
            return
        if time.monotonic() > give_up_at:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        time.sleep(0.01)


class SqliteDriver:
    """A SQLite file as the store's database."""

    dialect = DialectName.SQLITE

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open both connections and start the writer.

        Raises:
            StoreUnavailable: the file cannot be opened or is no database.
        """
        self._reader = connect(path, busy_seconds=busy_seconds)
        self._reader.execute("PRAGMA query_only=ON")
        self._writer = GroupCommitWriter(lambda: connect(path, busy_seconds=busy_seconds))
        self._bell = Bell()
        self._is_closed = False

    @property
    def metrics(self) -> WriteMetrics:
        """Return what was written so far."""
        return self._writer.metrics

    async def read_one(self, statement: Statement, params: Params) -> Row | None:
        """Return the first row, or None, without leaving the event loop.

        Raises:
            StoreUnavailable: the database gave no answer.
        """
        rows = self._read(statement, params)
        return rows[0] if rows else None

    async def read_all(self, statement: Statement, params: Params) -> Sequence[Row]:
        """Return all rows without leaving the event loop.

        Raises:
            StoreUnavailable: the database gave no answer.
        """
        return self._read(statement, params)

    def _read(self, statement: Statement, params: Params) -> list[Row]:
        try:
            return self._reader.execute(statement.sql, params).fetchall()
        except sqlite3.ProgrammingError as error:
            if self._is_closed:
                raise StoreUnavailable("closed") from error
            raise
        except sqlite3.DatabaseError as error:
            raise translated(error) from error

    async def write(self, batch: Batch) -> Outcome:
        """Run all steps or none, in one durable commit with whatever else waits.

        Raises:
            StoreUnavailable: nothing was written.
        """
        outcome = await self._writer.write(batch)
        if outcome is not None and any(
            step.statement.rings and done.count for step, done in zip(batch, outcome, strict=True)
        ):
            self._bell.ring()
        return outcome

    async def write_row(self, alone: Batch, group: Statement | None, row: Params) -> bool:  # noqa: ARG002 - one writer groups whole batches
        """Write one row by its batch; say whether every required step found its own.

        Raises:
            StoreUnavailable: nothing was written.
        """
        return await self.write(alone) is not None

    async def wait_for_ring(self, timeout_seconds: float, since: int | None) -> int:
        """Wait for a ring of this process; of another's nothing is heard, the time counts."""
        return await self._bell.wait(timeout_seconds, since)

    async def close(self) -> None:
        """Finish what was accepted, then close both connections. Harmless when repeated."""
        await self._writer.close()
        self._is_closed = True
        self._reader.close()
