"""How does one connect to PostgreSQL? With the same bounds and promises on every connection.

`synchronous_commit` is on whatever the server's default is: whoever is told that something was
written can rely on it. The bounds keep one stuck statement from taking a connection for ever.

Source: asyncpg's documentation, "API Reference"; ADR-0022, PostgreSQL.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final, TypeVar

import asyncpg

from aboard.core.database import PostgresServer
from aboard.store.postgres.faults import facts
from aboard.store.postgres.trust import find_trust

Connection = Any
"""asyncpg's own, which is a proxy when a pool gave it: it has no types to check."""

CONNECT_SECONDS: Final = 5.0
STATEMENT_SECONDS: Final = 10
LOCK_SECONDS: Final = 3
# A batch has no code between its steps: who idles in one was stopped, and must let go of its rows.
_IDLE_IN_BATCH_SECONDS: Final = 5
# The server gives up first and says why; this is for a server that says nothing any more.
COMMAND_SECONDS: Final = STATEMENT_SECONDS + 5.0
_CACHED_STATEMENTS: Final = 1024
_NAME: Final = "aboard"
# Said after connecting, not while: a pooler refuses what it does not know.
_BOUNDS: Final = (
    f"SET statement_timeout = '{STATEMENT_SECONDS}s';"
    f"SET lock_timeout = '{LOCK_SECONDS}s';"
    f"SET idle_in_transaction_session_timeout = '{_IDLE_IN_BATCH_SECONDS}s';"
    "SET synchronous_commit = on;"
    "SET default_transaction_isolation = 'read committed';"
    "SET jit = off;"
)

_T = TypeVar("_T")


def arguments(server: PostgresServer) -> dict[str, Any]:
    """Return what every connection is opened with, the address among it: never log this.

    Raises:
        StoreUnavailable: a file that the address names cannot be read.
    """
    trust = find_trust(server.address.reveal())
    return {
        "dsn": server.address.reveal(),
        **({} if trust is None else {"ssl": trust}),
        "timeout": CONNECT_SECONDS,
        "command_timeout": COMMAND_SECONDS,
        "statement_cache_size": _CACHED_STATEMENTS,
        "max_cached_statement_lifetime": 0,
        "server_settings": {"application_name": _NAME},
    }


async def set_bounds(connection: Connection) -> None:
    """Set our bounds on a connection that was just opened."""
    await connection.execute(_BOUNDS)


async def connect(server: PostgresServer) -> Connection:
    """Open one connection of one's own, with our bounds.

    Raises:
        StoreUnavailable: there is no answer, or it is a refusal.
    """
    with facts():
        connection = await asyncpg.connect(**arguments(server))
        try:
            await set_bounds(connection)
        except BaseException:
            # Also cancelled by a time-out: without its bounds nobody may have it, or own it.
            connection.terminate()
            raise
    return connection


def run_apart(work: Callable[[Connection], Awaitable[_T]], server: PostgresServer) -> _T:
    """Do something on one connection to its end, for callers who cannot wait for it otherwise.

    It runs in a thread of its own, so that it may be called where a loop runs already; that loop
    stands still meanwhile, which is right for a start and for nothing else.

    Raises:
        StoreUnavailable: there is no answer, or it is a refusal.
    """

    async def whole() -> _T:
        connection = await connect(server)
        try:
            return await work(connection)
        finally:
            with suppress(Exception):
                await connection.close(timeout=CONNECT_SECONDS)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, whole()).result()
