"""Does the load see each answer as it was sent, and does it refuse what is not one?"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count

import pytest

from benchmarks.contest import WrongAnswer
from benchmarks.load import Request, drive, parse

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[int]:
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def echo_path(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each request with its path, in two pieces, until the caller has enough."""
    while line := await reader.readline():
        await reader.readuntil(b"\r\n\r\n")
        path = line.split()[1]
        head = b"HTTP/1.1 207 Multi-Status\r\nContent-LENGTH: %d\r\nX-Two: 2\r\n\r\n" % len(path)
        writer.write(head + path[:2])
        await writer.drain()
        await asyncio.sleep(0)
        writer.write(path[2:])
    writer.close()


def request(number: int) -> Request:
    return Request(number, b"GET /for/%d HTTP/1.1\r\nHost: x\r\n\r\n" % number)


async def test_every_answer_is_kept_with_the_caller_it_was_for() -> None:
    async with listening(echo_path) as port:
        run = await drive(port, map(request, range(200)), connections=8, seconds=10)
    assert sorted(answer.caller for answer in run.answers) == list(range(200))
    for answer in run.answers:
        assert answer.status == 207
        assert answer.body == b"/for/%d" % answer.caller
        assert b"\r\nx-two: 2" in answer.head
    assert run.rate == pytest.approx(200 / run.seconds)


async def test_the_load_ends_when_its_time_is_over() -> None:
    async with listening(echo_path) as port:
        run = await drive(port, map(request, count()), connections=2, seconds=0.1)
    assert 0.1 <= run.seconds < 2
    assert len(run.answers) > 2


async def test_a_hang_up_in_the_middle_is_a_wrong_answer() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        writer.close()

    async with listening(hang_up) as port:
        with pytest.raises(WrongAnswer, match="hung up"):
            await drive(port, map(request, count()), connections=1, seconds=5)


@pytest.mark.parametrize(
    ("heard", "reason"),
    [
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "not an HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "without a length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", "more bytes"),
    ],
)
def test_what_is_not_one_whole_answer_is_refused(heard: bytes, reason: str) -> None:
    with pytest.raises(WrongAnswer, match=reason):
        parse(heard, caller=0)


@pytest.mark.parametrize(
    "heard", [b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na"]
)
def test_an_answer_that_is_not_whole_yet_is_waited_for(heard: bytes) -> None:
    assert parse(heard, caller=0) is None
