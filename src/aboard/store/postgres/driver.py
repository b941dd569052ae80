"""How are questions and batches run on PostgreSQL? Bare, by asyncpg, from a pool.

One step is one round trip that commits by itself; several are one transaction at READ COMMITTED.
Whoever loses a deadlock is tried again: nothing of theirs was written.

Source: ADR-0022, PostgreSQL; asyncpg's documentation, "API Reference".
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final

from aboard.core.database import PostgresServer
from aboard.core.errors import StoreUnavailable
from aboard.store.driver import Batch, Done, Outcome, Row, Step, WriteMetrics
from aboard.store.postgres.connecting import Connection
from aboard.store.postgres.faults import CONFLICTS, code_of
from aboard.store.postgres.gathering import Gatherer
from aboard.store.postgres.listening import PostgresBell
from aboard.store.postgres.pool import ACQUIRE_SECONDS, Pool
from aboard.store.postgres.values import pause_seconds, values_of
from aboard.store.statements.compiler import DialectName, Params, Statement, Value

TRIES: Final = 6


class PostgresDriver:
    """A database on a PostgreSQL server as the store's database."""

    dialect = DialectName.POSTGRESQL

    def __init__(
        self,
        server: PostgresServer,
        *,
        pool_size: int,
        acquire_seconds: float = ACQUIRE_SECONDS,
    ) -> None:
        """Connect to nothing yet; the first question does, on its event loop."""
        self._pool = Pool(server, size=pool_size, acquire_seconds=acquire_seconds)
        # One for each kind of row: kinds that alternate would else cut each other's groups short.
        self._gatherers: dict[Statement, Gatherer] = {}
        self._bell = PostgresBell(server)
        self._is_closed = False
        self._commits = self._batches = self._failures = self._retried = 0

    @property
    def metrics(self) -> WriteMetrics:
        """Return what was written so far, and how the pool stands."""
        pool, gathered = self._pool, tuple(self._gatherers.values())
        largest = (each.largest_group for each in gathered)
        return WriteMetrics(
            commits=self._commits + sum(each.commits for each in gathered),
            batches=self._batches + sum(each.rows for each in gathered),
            failures=self._failures + sum(each.failures for each in gathered),
            waiting=sum(each.waiting for each in gathered),
            largest_group=max((int(self._commits > 0), *largest)),
            retried=self._retried + sum(each.retried for each in gathered),
            pool_size=pool.size,
            pool_in_use=pool.in_use,
            pool_waiting=pool.waiting,
            wait_seconds=pool.wait_seconds,
            longest_wait_seconds=pool.longest_wait_seconds,
        )

    async def read_one(self, statement: Statement, params: Params) -> Row | None:
        """Return the first row, or None.

        Raises:
            StoreUnavailable: the database gave no answer.
        """
        rows = await self.read_all(statement, params)
        return rows[0] if rows else None

    async def read_all(self, statement: Statement, params: Params) -> Sequence[Row]:
        """Return all rows.

        Raises:
            StoreUnavailable: the database gave no answer.
        """
        values = values_of(statement, params)
        try:
            return await self._read(statement, values)
        except StoreUnavailable as away:
            if away.cause != "unreachable" or self._pool.is_closed:
                raise
        # A connection that broke while it was idle: reading again is safe, and may go well.
        return await self._read(statement, values)

    async def _read(self, statement: Statement, values: Sequence[Value]) -> Sequence[Row]:
        async with self._pool.connection() as connection:
            return [tuple(row) for row in await connection.fetch(statement.sql, *values)]

    async def write(self, batch: Batch) -> Outcome:
        """Run all steps or none, in one durable commit.

        A caller that is cancelled, or told that the server is unreachable, does not know whether
        the batch was written.

        Raises:
            StoreUnavailable: the database does not take it.
            StatementRefused: a value, or a constraint of the schema.
        """
        outcome = await self._tried_again(batch)
        if outcome is not None and any(
            step.statement.rings and done.count for step, done in zip(batch, outcome, strict=True)
        ):
            self._bell.ring()
        return outcome

    async def _tried_again(self, batch: Batch) -> Outcome:
        for attempt in range(1, TRIES + 1):
            try:
                async with self._pool.connection() as connection:
                    outcome = await _run(connection, batch)
            except StoreUnavailable as away:
                if attempt == TRIES or code_of(away.__cause__) not in CONFLICTS:
                    self._failures += 1
                    raise
            except Exception:
                self._failures += 1
                raise
            else:
                self._commits += 1
                self._batches += 1
                return outcome
            self._retried += 1
            await asyncio.sleep(pause_seconds(attempt))
        raise AssertionError  # the last attempt returned or raised

    async def write_row(self, alone: Batch, group: Statement | None, row: Params) -> bool:
        """Write one row in one commit with whatever else waits; say whether it was new.

        Raises:
            StoreUnavailable: the database does not take it.
            StatementRefused: a value.
        """
        if group is None:
            return await self.write(alone) is not None
        if self._is_closed:
            raise StoreUnavailable("closed")
        gatherer = self._gatherers.get(group)
        if gatherer is None:
            gatherer = self._gatherers[group] = Gatherer(self._pool, group)
        is_new, has_rung = await gatherer.write(row)
        if has_rung:
            self._bell.ring()
        return is_new

    async def wait_for_ring(self, timeout_seconds: float, since: int | None) -> int:
        """Wait for a ring of any process; without a connection for one of this process."""
        return await self._bell.wait(timeout_seconds, since)

    async def close(self) -> None:
        """Finish what was accepted, then let go of the server. Harmless when repeated."""
        self._is_closed = True
        for gatherer in tuple(self._gatherers.values()):
            await gatherer.close()
        await self._bell.close()
        await self._pool.close()


async def _run(connection: Connection, batch: Batch) -> Outcome:
    if len(batch) == 1:
        done = await _run_step(connection, batch[0])
        return None if batch[0].required and not done.count else (done,)
    await connection.execute("BEGIN")
    try:
        outcome = await _run_steps(connection, batch)
        await connection.execute("ROLLBACK" if outcome is None else "COMMIT")
    except Exception:
        await _take_back(connection)
        raise
    except BaseException:
        # Cancelled in the middle: nobody knows how far it came, so the connection ends with it.
        _drop(connection)
        raise
    return outcome


async def _take_back(connection: Connection) -> None:
    """Roll back, or give the connection up, also when broken off: none goes back half-way."""
    is_back = False
    try:
        with suppress(Exception):  # what went wrong first is what is told
            await connection.execute("ROLLBACK")
            is_back = True
    finally:
        if not is_back:
            # The server takes it back as soon as the connection is gone.
            _drop(connection)


async def _run_steps(connection: Connection, batch: Batch) -> Outcome:
    steps: list[Done] = []
    for step in batch:
        done = await _run_step(connection, step)
        if step.required and not done.count:
            return None
        steps.append(done)
    return tuple(steps)


async def _run_step(connection: Connection, step: Step) -> Done:
    sql, values = step.statement.sql, values_of(step.statement, step.params)
    if _answers_with_rows(sql):
        rows = [tuple(row) for row in await connection.fetch(sql, *values)]
        return Done(len(rows), rows)
    # "UPDATE 3", "INSERT 0 1"
    status = await connection.execute(sql, *values)
    count = status.rpartition(" ")[2]
    return Done(int(count) if count.isdigit() else 0)


def _drop(connection: Connection) -> None:
    with suppress(Exception):
        connection.terminate()


@lru_cache(maxsize=1024)
def _answers_with_rows(sql: str) -> bool:
    return sql.lstrip().startswith(("SELECT", "WITH")) or " RETURNING " in sql
