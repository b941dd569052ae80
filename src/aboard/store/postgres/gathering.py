"""How do many writers share one commit on PostgreSQL? What waits here becomes one statement.

While one group is on its way, the next rows queue up; so the groups grow with the load by
themselves, and an idle process writes at once: one round trip and one flush for each group.

A group's statement takes a column of values for each of its places, and answers with one row for
each row that was new: its number, beginning with 1, and how many bells were rung.

Source: ADR-0022, PostgreSQL.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from aboard.core.errors import StoreUnavailable
from aboard.store.postgres.faults import CONFLICTS, StatementRefused, code_of
from aboard.store.postgres.pool import Pool
from aboard.store.postgres.values import pause_seconds, values_of
from aboard.store.statements.compiler import Params, Statement, Value

MAX_GROUP: Final = 512
MAX_WAITING: Final = 20_000
TRIES: Final = 6

_Answer = tuple[bool, bool]


class _Row:
    """One row that waits, and who waits for it."""

    __slots__ = ("future", "values")

    def __init__(self, values: Sequence[Value]) -> None:
        self.values = values
        self.future: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()


class Gatherer:
    """The rows of one kind, of one process, that wait to be written together."""

    def __init__(self, pool: Pool, statement: Statement) -> None:
        """Begin with none; this statement writes a group of them."""
        self._pool = pool
        self._statement = statement
        self._rows: deque[_Row] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._is_closed = False
        self.commits = self.rows = self.failures = self.largest_group = self.retried = 0

    @property
    def waiting(self) -> int:
        """Return how many rows wait for their group to begin."""
        return len(self._rows)

    async def write(self, row: Params) -> _Answer:
        """Write a row with its neighbours; say whether it was new, and whether a bell rang.

        A caller that is cancelled while it waits does not know whether its row was written.

        Raises:
            StoreUnavailable: closed, too much is waiting, or the database does not take it.
            StatementRefused: a value.
        """
        if self._is_closed:
            raise StoreUnavailable("closed")
        if len(self._rows) >= MAX_WAITING:
            raise StoreUnavailable("backlog")
        waiting = _Row(values_of(self._statement, row))
        self._rows.append(waiting)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), name="aboard-store-gatherer")
        return await waiting.future

    async def close(self) -> None:
        """Write what was accepted, and take no more. Harmless when repeated."""
        self._is_closed = True
        if self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write_all(self) -> None:
        while self._rows:
            group = self._take_group()
            try:
                await self._write_group(group)
            except BaseException:
                # Cancelled from outside, with its loop: nobody may wait for ever.
                for row in (*group, *self._rows):
                    if not row.future.done():
                        row.future.cancel()
                self._rows.clear()
                raise

    def _take_group(self) -> list[_Row]:
        return [self._rows.popleft() for _ in range(min(len(self._rows), MAX_GROUP))]

    async def _write_group(self, group: Sequence[_Row]) -> None:
        try:
            found = await self._tried_again(group)
        except StatementRefused as refused:
            if len(group) == 1:
                self.failures += 1
                _fail(group, refused)
                return
            # One row does not fit; its neighbours must not pay for it.
            for row in group:
                await self._write_group([row])
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear it
            self.failures += len(group)
            _fail(group, error)
        else:
            self.commits += 1
            self.rows += len(group)
            self.largest_group = max(self.largest_group, len(group))
            for number, row in enumerate(group, 1):
                if not row.future.done():
                    row.future.set_result((number in found, bool(found.get(number))))

    async def _tried_again(self, group: Sequence[_Row]) -> dict[int, int]:
        columns = [list(column) for column in zip(*(row.values for row in group), strict=True)]
        for attempt in range(1, TRIES + 1):
            try:
                async with self._pool.connection() as connection:
                    rows = await connection.fetch(self._statement.sql, *columns)
            except StoreUnavailable as away:
                if attempt == TRIES or code_of(away.__cause__) not in CONFLICTS:
                    raise
            else:
                return dict(rows)
            self.retried += 1
            await asyncio.sleep(pause_seconds(attempt))
        raise AssertionError  # the last attempt returned or raised


def _fail(group: Sequence[_Row], error: Exception) -> None:
    for row in group:
        if row.future.done():
            continue
        # Each its own: whoever raises an exception writes into it.
        own = StoreUnavailable(error.cause) if isinstance(error, StoreUnavailable) else error
        own.__cause__ = error.__cause__
        row.future.set_exception(own)
