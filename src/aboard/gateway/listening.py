"""What does the gateway's own listener add to uvicorn? Strictness about what the parser refuses.

uvicorn answers such requests by itself. Here they are handed over as a request without a path
and with the code of the refusal, so that they are answered in Stripe's form and leave a row. The
target is kept as it came, trailers never become headers, and a head has to come in time.

Source: ADR-0029, the gateway; RFC 9112, sections 3.2, 6.5 and 7.1.2.
"""

import asyncio
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from aboard.core.lending.refusals import RefusalCode
from aboard.gateway.heads import MAX_HEAD_BYTES
from aboard.gateway.wire import FAULT, HANG_UP, TARGET

HEAD_SECONDS: Final = 15.0
_FRAMING: Final = ("Content-Length", "Transfer-Encoding", "chunk", "Chunk")
_HEADER: Final = ("header", "Header", "whitespace", "start line")


class StrictProtocol(HttpToolsProtocol):
    """Keeps what uvicorn would lose: the target as it came, and what is a header and what not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own
        """Begin, and never log a request's line, whatever any logger is set to."""
        super().__init__(*args, **kwargs)
        self.access_log = False

    def on_headers_complete(self) -> None:
        """Begin the request with its own target and with headers alone."""
        scope: dict[str, Any] = self.scope  # type: ignore[assignment] # ours holds more
        scope[TARGET] = self.url
        scope[HANG_UP] = self.transport.abort
        if not _is_path(self.url):
            self.url = b"/"
        super().on_headers_complete()
        self.headers = []  # what follows a body is no header, and this list would grow by it


class GatewayProtocol(StrictProtocol):
    """Hands over what the parser refuses, instead of answering it here."""

    head_seconds = HEAD_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own
        """Begin with a whole connection."""
        super().__init__(*args, **kwargs)
        self._is_broken = False
        self._is_in_head = False
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Wait for a first request, but not for ever."""
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(self.head_seconds, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_head_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came; after a refusal nothing of this connection is read any more."""
        if self._is_broken:
            return
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._is_broken = True  # whatever follows is no HTTP; the request itself is refused
            if (reading := self._find_cycle()) is not None:
                reading.keep_alive = False
        except httptools.HttpParserInvalidURLError:
            self._refuse(RefusalCode.TARGET_REFUSED)
        except httptools.HttpParserError as error:
            self._refuse(_code_of(str(error)))
        else:
            self._watch_head(len(data))

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._is_in_head = True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        """End a head."""
        self._is_in_head = False
        self._stop_head_timer()
        super().on_headers_complete()

    def _watch_head(self, size: int) -> None:
        if not self._is_in_head:
            return
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(RefusalCode.HEADER_REFUSED)
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self._is_in_head:
            self._refuse(RefusalCode.REQUEST_TOO_SLOW)
        elif self._find_cycle() is None:
            self.transport.close()  # it never said a word

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, code: RefusalCode) -> None:
        """Tell the request that is being read, or make one that can only be refused."""
        self._is_broken = True
        self._stop_head_timer()
        reading = self._find_cycle()
        if not self._is_in_head and reading is not None and reading.more_body:
            scope: dict[str, Any] = reading.scope  # type: ignore[assignment] # ours holds more
            scope[FAULT] = code
            reading.keep_alive = reading.more_body = False
            reading.message_event.set()
            if reading.response_complete:
                self.transport.close()
            return
        super().on_message_begin()
        self._hand_over(code)

    def _find_cycle(self) -> RequestResponseCycle | None:
        return self.cycle  # uvicorn's types forget that there is none before the first request

    def _hand_over(self, code: RefusalCode) -> None:
        wanted: dict[str, Any] = self.scope  # type: ignore[assignment] # ours holds more
        wanted.update(method="OTHER", path="/", raw_path=b"/", query_string=b"")
        wanted[FAULT] = code
        wanted[HANG_UP] = self.transport.abort
        before = self._find_cycle()
        self.cycle = RequestResponseCycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=False,
            on_response=self.on_response_complete,
        )
        self.cycle.more_body = False
        self.cycle.message_event.set()
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.pipeline.appendleft((self.cycle, self.app))


def _is_path(target: bytes) -> bool:
    if not target.startswith(b"/"):
        return False
    try:
        return httptools.parse_url(target).path is not None
    except httptools.HttpParserInvalidURLError:
        return False


def _code_of(problem: str) -> RefusalCode:
    """Return the code for what the parser says; it has words and no codes."""
    if any(word in problem for word in _FRAMING):
        return RefusalCode.FRAMING_REFUSED
    if any(word in problem for word in _HEADER):
        return RefusalCode.HEADER_REFUSED
    return RefusalCode.REQUEST_MALFORMED
