"""One request up and its answer down, both in pieces and at the same time.

Every wait has an end: for the way up, for the first byte of the answer, between two bytes, for
the whole. A call that nobody waits for any more is ended at Stripe's side, too.

Source: RFC 9112, section 9.3.1, retrying requests; ADR-0029, the gateway.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.gateway.bodies import Body
from aboard.gateway.bounds import Patience
from aboard.gateway.upstream import Answer, Pool, Upstream
from aboard.gateway.upstream.connection import Connection

_WATCH_AFTER_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes up before the body. `is_repeatable`: twice at Stripe is as good as once."""

    upstream: Upstream
    head: bytes
    is_chunked: bool
    is_repeatable: bool


class Exchange:
    """One request and its answer. Begin with `ask`, read with `pieces`, `close` in any case."""

    def __init__(self, pool: Pool, outgoing: Outgoing, body: Body, patience: Patience) -> None:
        """Take what to send and by which road; nothing is opened yet."""
        self._pool, self._outgoing, self._body = pool, outgoing, body
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._connection: Connection | None = None
        self._pump: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._watch_later: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_sent = False
        self._ends_at = self._loop.time() + patience.whole

    async def ask(self) -> Answer:
        """Send the request and wait for the head of the answer.

        An idle connection that Stripe closed at this very moment is replaced once, where asking
        twice does no harm.

        Raises:
            CallRefused: there is no answer, or the body cannot be taken.
        """
        first = await self._body.first()
        is_new = False
        while True:
            connection = await self._pool.take(
                self._outgoing.upstream, seconds=self._patience.connect, is_new=is_new
            )
            self._connection = connection
            self._begin(connection, first)
            try:
                return await connection.read_head()
            except CallRefused as refusal:
                if is_new or not self._may_repeat(connection, refusal):
                    raise
                self._give_back()
                is_new = True

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body of the answer as it comes.

        Raises:
            CallRefused: it broke off, or took too long.
        """
        connection = self._connection
        if connection is None:
            return
        while True:
            if not connection.is_over:
                self._arm(self._patience.between_bytes)
            piece = await connection.read_piece()
            if piece is None:
                return
            yield piece

    @property
    def is_over(self) -> bool:
        """Say whether the answer has come as a whole; some of it may still have to be read."""
        return self._connection is not None and self._connection.is_over

    def close(self) -> None:
        """Let go of everything; an exchange that is not over is broken off."""
        for handle in (self._timer, self._watch_later):
            if handle is not None:
                handle.cancel()
        for task in (self._pump, self._watch):
            if task is not None:
                task.cancel()
        self._give_back()

    def _give_back(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            if not self._is_sent:
                connection.abort()
            self._pool.give_back(self._outgoing.upstream, connection)

    def _begin(self, connection: Connection, first: bytes) -> None:
        if self._outgoing.is_chunked:
            connection.write(self._outgoing.head + _chunk(first, is_last=self._body.is_whole))
        else:
            connection.write(self._outgoing.head + first)
        if self._body.is_whole:
            self._sent()
        else:
            self._pump = asyncio.create_task(self._send_rest(connection))

    def _sent(self) -> None:
        self._is_sent = True
        self._arm(self._patience.first_byte)
        if self._watch_later is None:
            self._watch_later = self._loop.call_later(_WATCH_AFTER_SECONDS, self._start_watch)

    async def _send_rest(self, connection: Connection) -> None:
        try:
            while not self._body.is_whole:
                piece = await self._body.next()
                if self._outgoing.is_chunked:
                    piece = _chunk(piece, is_last=self._body.is_whole)
                if piece:
                    connection.write(piece)
                    async with asyncio.timeout(self._patience.between_bytes):
                        await connection.drained()
        except CallRefused as refusal:
            connection.abort(refusal.code)
        except TimeoutError:
            connection.abort(RefusalCode.UPSTREAM_TIMEOUT)
        else:
            self._sent()

    def _start_watch(self) -> None:
        self._watch = asyncio.create_task(self._end_with_caller())

    async def _end_with_caller(self) -> None:
        await self._body.until_gone()
        if self._connection is not None and not self._connection.is_over:
            self._connection.abort(RefusalCode.CALLER_GONE)

    def _arm(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        at = min(self._loop.time() + seconds, self._ends_at)
        self._timer = self._loop.call_at(at, self._give_up)

    def _give_up(self) -> None:
        if self._connection is not None and not self._connection.is_over:
            self._connection.abort(RefusalCode.UPSTREAM_TIMEOUT)

    def _may_repeat(self, connection: Connection, refusal: CallRefused) -> bool:
        return (
            refusal.code is RefusalCode.UPSTREAM_BROKEN_OFF
            and self._is_sent
            and self._pump is None
            and not connection.is_fresh
            and not connection.has_answered
            and self._outgoing.is_repeatable
        )


def _chunk(piece: bytes, *, is_last: bool) -> bytes:
    end = b"0\r\n\r\n" if is_last else b""
    return b"%x\r\n%b\r\n%b" % (len(piece), piece, end) if piece else end
