"""One connection to Stripe: a request out, an answer in, both in pieces, one after the other.

The parser is httptools', which is strict about framing. What it does not understand is garbage,
what ends too early is broken off, and a connection on which anything went wrong is never used
again.

Source: RFC 9112, sections 6 and 9; ADR-0029, the gateway.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final, cast

import httptools

from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.gateway.wire import Header

_MOST_HEAD_BYTES: Final = 128 * 1024
_MOST_INTERIM: Final = 8
_HIGH_WATER: Final = 256 * 1024
_INTERIM: Final = range(100, 200)
_FINAL: Final = range(200, 600)
_SWITCHING: Final = 101


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of Stripe's answer. Names are as they came."""

    status: int
    headers: tuple[Header, ...]


class Connection(asyncio.Protocol):
    """Speaks with one upstream. `is_fresh` until its first answer has come."""

    def __init__(self) -> None:
        """Begin unconnected."""
        self.is_fresh = True
        self.idle_since = 0.0
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._fault: RefusalCode | None = None
        self._is_lost = False
        self._is_writable = True
        self._readers: asyncio.Future[None] | None = None
        self._writers: asyncio.Future[None] | None = None
        self._reset()

    def _reset(self) -> None:
        self._is_asked = False
        self._is_over = False
        self._is_framed = False
        self._is_reading = True
        self._has_answered = False
        self._answer: Answer | None = None
        self._headers: list[Header] = []
        self._head_bytes = 0
        self._interim = 0
        self._pieces: deque[bytes] = deque()
        self._waiting_bytes = 0

    @property
    def is_usable(self) -> bool:
        """Say whether another request may go out on it."""
        return not self._is_lost and self._fault is None and self._transport is not None

    @property
    def has_answered(self) -> bool:
        """Say whether anything of an answer to this request has come."""
        return self._has_answered

    @property
    def is_over(self) -> bool:
        """Say whether the answer is whole."""
        return self._is_over

    # -- what the exchange does ------------------------------------------------------------

    def begin(self) -> None:
        """Make ready for one request."""
        self._reset()
        self._is_asked = True
        self._parser = httptools.HttpResponseParser(self)

    def write(self, data: bytes) -> None:
        """Send bytes; `drained` says when there is room for more."""
        if self._transport is not None and not self._is_lost:
            self._transport.write(data)

    async def drained(self) -> None:
        """Wait until there is room, or until it makes no sense any more."""
        while not self._is_writable and not self._is_lost:
            self._writers = self._loop.create_future()
            await self._writers

    async def read_head(self) -> Answer:
        """Wait for the head of the answer.

        Raises:
            CallRefused: the answer is garbage, or the connection broke off.
        """
        while self._answer is None:
            self._raise_fault()
            await self._wait()
        return self._answer

    async def read_piece(self) -> bytes | None:
        """Wait for the next piece of the body; None when it is over.

        Raises:
            CallRefused: the rest is garbage, or broke off.
        """
        while not self._pieces:
            if self._is_over:
                return None
            self._raise_fault()
            await self._wait()
        if len(self._pieces) == 1:
            piece = self._pieces.popleft()
        else:
            piece = b"".join(self._pieces)
            self._pieces.clear()
        self._waiting_bytes = 0
        if not self._is_reading and self._transport is not None and not self._is_lost:
            self._is_reading = True
            self._transport.resume_reading()
        return piece

    def abort(self, code: RefusalCode | None = None) -> None:
        """End it at once; whoever waits is told this code."""
        self._fail(code or RefusalCode.UPSTREAM_BROKEN_OFF)

    # -- what the transport says -----------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read what came; what nobody asked for ends the connection."""
        if self._parser is None or not self._is_asked:
            self._fail(RefusalCode.UPSTREAM_GARBAGE)
            return
        self._has_answered = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(RefusalCode.UPSTREAM_GARBAGE)

    def eof_received(self) -> None:
        """Take the end of the stream for the end of a body that has no other."""
        self._end_of_stream()

    def connection_lost(self, _error: Exception | None) -> None:
        """Tell whoever waits."""
        self._is_lost = True
        self._end_of_stream()
        self._wake()

    def pause_writing(self) -> None:
        """Remember that there is no room."""
        self._is_writable = False

    def resume_writing(self) -> None:
        """Wake whoever waits for room."""
        self._is_writable = True
        self._wake()

    # -- what the parser says --------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Begin an answer; a second one was never asked for."""
        if self._is_over:
            self._fail(RefusalCode.UPSTREAM_GARBAGE)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header of the answer's head; trailers are not passed on."""
        if self._answer is not None:
            return
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > _MOST_HEAD_BYTES:
            self._fail(RefusalCode.UPSTREAM_GARBAGE)
            return
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Keep the head, unless it is an interim one."""
        parser = self._parser
        if parser is None or self._fault is not None:
            return
        status = parser.get_status_code()
        if status in _INTERIM:
            self._interim += 1
            self._headers = []
            if status == _SWITCHING or self._interim > _MOST_INTERIM:
                self._fail(RefusalCode.UPSTREAM_GARBAGE)
            return
        if status not in _FINAL:
            self._fail(RefusalCode.UPSTREAM_GARBAGE)
            return
        names = {name.lower() for name, _ in self._headers}
        self._is_framed = not names.isdisjoint({b"content-length", b"transfer-encoding"})
        self._answer = Answer(status, tuple(self._headers))
        self._wake()

    def on_body(self, body: bytes) -> None:
        """Keep a piece; read no more while too much waits."""
        self._pieces.append(body)
        self._waiting_bytes += len(body)
        if self._waiting_bytes > _HIGH_WATER and self._is_reading and self._transport is not None:
            self._is_reading = False
            self._transport.pause_reading()
        self._wake()

    def on_message_complete(self) -> None:
        """End the answer, unless it was an interim one."""
        if self._answer is None:
            return
        self._is_over = True
        self._is_asked = False
        self.is_fresh = False
        if self._parser is not None and not self._parser.should_keep_alive():
            self.close()
        self._wake()

    def close(self) -> None:
        """Say goodbye; what has been written still goes out."""
        self._is_lost = True
        if self._transport is not None:
            self._transport.close()

    # -- inside -----------------------------------------------------------------------------

    def _end_of_stream(self) -> None:
        if self._answer is not None and not self._is_framed and self._fault is None:
            self._is_over = True
        if not self._is_over:
            self._fault = self._fault or RefusalCode.UPSTREAM_BROKEN_OFF
        self._is_lost = True
        self._wake()

    def _fail(self, code: RefusalCode) -> None:
        self._fault = self._fault or code
        self._is_lost = True
        if self._transport is not None:
            self._transport.abort()
        self._wake()

    def _raise_fault(self) -> None:
        if self._fault is not None:
            raise CallRefused(self._fault)

    async def _wait(self) -> None:
        self._readers = self._loop.create_future()
        await self._readers

    def _wake(self) -> None:
        for waiting in (self._readers, self._writers):
            if waiting is not None and not waiting.done():
                waiting.set_result(None)
