"""Which connection does a call take? One that is idle and young, else a new one, up to a bound.

Source: ADR-0029, the gateway; RFC 9112, section 9.3.1, retrying requests.
"""

import asyncio
from typing import Final

from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.gateway.upstream.address import Upstream
from aboard.gateway.upstream.connection import Connection

_IDLE_SECONDS: Final = 15.0


class Pool:
    """Connections to any number of upstreams; `close` ends them all."""

    def __init__(self, most: int) -> None:
        """Say how many connections there may be at the same time, over all upstreams."""
        self._room = asyncio.Semaphore(most)
        self._idle: dict[Upstream, list[Connection]] = {}

    async def take(self, upstream: Upstream, *, seconds: float, is_new: bool = False) -> Connection:
        """Return a connection that is ready for one request; give it back in any case.

        Raises:
            CallRefused: there is no way to the upstream, or none within so many seconds.
        """
        if self._room.locked():
            await self._wait_for_room(seconds)
        else:
            await self._room.acquire()  # at once
        try:
            connection = None if is_new else self._find_idle(upstream)
            if connection is None:
                connection = await _connect(upstream, seconds)
            connection.begin()
        except BaseException:
            # Whatever it was, also a caller who left meanwhile: the place is free for the next.
            self._room.release()
            raise
        return connection

    def give_back(self, upstream: Upstream, connection: Connection) -> None:
        """Keep a connection whose answer is whole; end any other."""
        self._room.release()
        if not connection.is_over:
            connection.abort()
        elif connection.is_usable:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.setdefault(upstream, []).append(connection)

    def close(self) -> None:
        """End every idle connection."""
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()

    async def _wait_for_room(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._room.acquire()
        except TimeoutError:
            raise CallRefused(RefusalCode.UPSTREAM_UNAVAILABLE, detail="Too many wait.") from None

    def _find_idle(self, upstream: Upstream) -> Connection | None:
        idle = self._idle.get(upstream)
        oldest = asyncio.get_running_loop().time() - _IDLE_SECONDS
        while idle:
            connection = idle.pop()
            if connection.is_usable and connection.idle_since >= oldest:
                return connection
            connection.close()
        return None


async def _connect(upstream: Upstream, seconds: float) -> Connection:
    loop = asyncio.get_running_loop()
    server_name = upstream.host if upstream.is_tls else None
    try:
        async with asyncio.timeout(seconds):
            _, connection = await loop.create_connection(
                Connection,
                upstream.host,
                upstream.port,
                ssl=upstream.trust,
                server_hostname=server_name,
            )
    except (OSError, TimeoutError):  # refused, unreachable, no such name, no trust, too slow
        raise CallRefused(RefusalCode.UPSTREAM_UNAVAILABLE) from None
    return connection
