"""How is a server kept busy without the load becoming the bottleneck?

Closed loop: each of n keep-alive connections sends its next request when its answer is whole.
Requests are bytes made beforehand and answers are kept as bytes and judged afterwards, so that
the clock sees the server and little else. Where a server is expected to fail, `must_answer=False`
counts who was left without an answer instead of ending the run.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from benchmarks.contest import WrongAnswer

_PATIENCE_SECONDS = 30.0


class HungUp(WrongAnswer):
    """The connection ended before the answer was whole."""


@dataclass(frozen=True, slots=True)
class Request:
    """One whole HTTP/1.1 request, and who sends it."""

    caller: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What one caller was told: how long after the question, and how far into the run."""

    caller: int
    status: int
    head: bytes
    body: bytes
    seconds: float = 0.0
    at: float = 0.0


@dataclass(slots=True)
class Run:
    """A finished burst of load: the answers, and the seconds until the last of them."""

    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0.0
    unanswered: int = 0

    @property
    def rate(self) -> float:
        """Return answers per second."""
        return len(self.answers) / self.seconds

    def steady_rate(self, after: float, until: float) -> float:
        """Return answers per second between two points of the run, both in seconds.

        Where every answer takes its time, the first and the last moments say little.
        """
        return sum(after < answer.at <= until for answer in self.answers) / (until - after)

    def within(self, share: float) -> float:
        """Return within how many seconds this share of the answers came."""
        ordered = sorted(answer.seconds for answer in self.answers)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Connection(asyncio.Protocol):
    def __init__(self, requests: Iterator[Request], run: Run, began: float, until: float) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._run = run
        self._began = began
        self._until = until
        self._heard = b""
        self._caller = -1
        self._asked_at = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not registered as one
        self._send_next()

    def data_received(self, data: bytes) -> None:
        self._heard = self._heard + data if self._heard else data
        try:
            answer = parse(self._heard, self._caller, self._asked_at, self._began)
        except WrongAnswer as refusal:
            self._end(refusal)
            return
        if answer is None:
            return
        self._heard = b""
        self._run.answers.append(answer)
        self._send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(HungUp(f"the server hung up in the middle of an answer: {exc}"))

    def _send_next(self) -> None:
        assert self._transport is not None
        now = time.perf_counter()
        request = next(self._requests, None) if now < self._until else None
        if request is None:
            self._end(None)
            return
        self._caller, self._asked_at = request.caller, now
        self._transport.write(request.raw)

    def _end(self, refusal: WrongAnswer | None) -> None:
        if not self.done.done():
            if refusal is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(refusal)
        if self._transport is not None:
            self._transport.close()


def parse(heard: bytes, caller: int, asked_at: float = 0.0, began: float = 0.0) -> Answer | None:
    """Return the answer once it is whole.

    Raises:
        WrongAnswer: not an HTTP/1.1 answer with a length; we ask nobody for anything else.
    """
    end = heard.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = heard[:end].lower()
    if not head.startswith(b"http/1.1 "):
        raise WrongAnswer(f"not an HTTP/1.1 answer: {heard[:60]!r}")
    named = head.find(b"\r\ncontent-length:")
    if named < 0:
        raise WrongAnswer("an answer without a length")
    stop = head.find(b"\r\n", named + 2)
    length = int(head[named + 17 : stop if stop > 0 else None])
    start = end + 4
    if len(heard) < start + length:
        return None
    if len(heard) > start + length:
        raise WrongAnswer("more bytes than the answer's length says")
    now = time.perf_counter()
    return Answer(caller, int(head[9:12]), head, heard[start:], now - asked_at, now - began)


async def drive(
    port: int,
    requests: Iterator[Request],
    *,
    connections: int,
    seconds: float,
    patience_seconds: float = _PATIENCE_SECONDS,
    must_answer: bool = True,
) -> Run:
    """Keep `connections` busy for `seconds`, or until the requests end; return every answer.

    After that, answers are waited for as long as the patience lasts. With `must_answer` off,
    hang-ups and silence are counted as `unanswered`; what is not HTTP is refused all the same.

    Raises:
        WrongAnswer: an answer that is not HTTP, a hang-up, or nothing within the patience.
    """
    loop = asyncio.get_running_loop()
    run = Run()
    began = time.perf_counter()
    pairs: list[tuple[asyncio.Transport, _Connection]] = []
    for _ in range(connections):
        try:
            pair = await loop.create_connection(
                lambda: _Connection(requests, run, began, began + seconds), "127.0.0.1", port
            )
        except OSError:
            if must_answer:
                raise
            break  # the server went away while we were still coming
        pairs.append(pair)
    talks = [connection.done for _, connection in pairs]
    try:
        _, open_talks = await asyncio.wait(
            talks,
            timeout=seconds + patience_seconds,
            return_when=asyncio.FIRST_EXCEPTION if must_answer else asyncio.ALL_COMPLETED,
        )
        refusals = [refusal for talk in talks if talk.done() and (refusal := talk.exception())]
        for refusal in refusals:
            if must_answer or not isinstance(refusal, HungUp):
                raise refusal
        if open_talks and must_answer:
            raise WrongAnswer(f"no answer within {patience_seconds:.0f} seconds")
        run.unanswered = len(refusals) + len(open_talks) + connections - len(pairs)
    finally:
        for transport, connection in pairs:
            connection.done.cancel()  # whoever still waits is not to complain afterwards
            transport.close()
    run.seconds = time.perf_counter() - began
    return run
