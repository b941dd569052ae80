"""Who gets a connection, and for how long does one wait? A bounded pool that says when it is full.

Connections are opened when they are needed and replaced when they broke, so that a server that
was away is found again by the next who asks.

Source: asyncpg's documentation, "Connection Pools"; ADR-0022, PostgreSQL.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from typing import Any, Final

import asyncpg

from aboard.core.database import PostgresServer
from aboard.core.errors import StoreUnavailable
from aboard.store.postgres.connecting import (
    Connection,
    arguments,
    set_bounds,
)
from aboard.store.postgres.faults import facts

ACQUIRE_SECONDS: Final = 5.0
MAX_WAITING: Final = 1_000
_FOR_EVER: Final = 1 << 62
_CLOSE_SECONDS: Final = 10.0


class Pool:
    """The connections of one process to one server."""

    def __init__(
        self, server: PostgresServer, *, size: int, acquire_seconds: float = ACQUIRE_SECONDS
    ) -> None:
        """Connect to nothing yet."""
        self._server, self._acquire_seconds = server, acquire_seconds
        self.size = size
        self._pool: Any = None
        self.is_closed = False
        self.in_use = self.waiting = 0
        self.wait_seconds = self.longest_wait_seconds = 0.0

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection; errors inside come out translated.

        Raises:
            StoreUnavailable: none can be had in time, or the server gave no answer.
            StatementRefused: the server refused a value.
        """
        connection = await self._acquire()
        self.in_use += 1
        try:
            with self._facts():
                yield connection
        finally:
            self.in_use -= 1
            with suppress(Exception):  # a broken connection is replaced, not complained about
                await self._pool.release(connection)

    async def _acquire(self) -> Connection:
        if self.is_closed:
            raise StoreUnavailable("closed")
        if self.waiting >= MAX_WAITING:
            raise StoreUnavailable("backlog")
        began = time.monotonic()
        self.waiting += 1
        try:
            with self._facts():
                pool = await self._opened()
                return await pool.acquire(timeout=self._acquire_seconds)
        except StoreUnavailable as away:
            if isinstance(away.__cause__, TimeoutError) and self.in_use >= self.size:
                raise StoreUnavailable("backlog") from None
            raise
        finally:
            self.waiting -= 1
            waited = time.monotonic() - began
            self.wait_seconds += waited
            self.longest_wait_seconds = max(self.longest_wait_seconds, waited)

    async def _opened(self) -> Any:  # noqa: ANN401 - asyncpg has no types
        if self._pool is None:
            # Made on the loop that asks first; without a first connection nothing is awaited.
            self._pool = asyncpg.create_pool(
                **arguments(self._server),
                min_size=0,
                max_size=self.size,
                max_queries=_FOR_EVER,
                init=set_bounds,
                # We leave nothing behind on a connection: asking the server to forget costs as
                # much as a read.
                reset=_nothing,
            )
            await self._pool
        return self._pool

    def _facts(self) -> AbstractContextManager[None]:
        return facts(is_closed=lambda: self.is_closed)

    async def close(self) -> None:
        """Let go of every connection, after what runs on them has ended. Harmless when repeated."""
        self.is_closed = True
        if self._pool is not None:
            try:
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._pool.close()
            except Exception:  # noqa: BLE001 - whoever is away cannot be told good-bye
                self._pool.terminate()


async def _nothing(_connection: Connection) -> None:
    return
