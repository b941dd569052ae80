"""An upstream over a bare socket: it writes down every byte that reaches it, and answers as told.

Stripe's stand-in where the bytes themselves are the question. It shares no code with the gateway:
a parser of its own, which reads no more than it must.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

ACCOUNT = b'{"id":"acct_1","object":"account"}'


def answer(
    body: bytes = ACCOUNT, *, status: bytes = b"200 OK", headers: tuple[bytes, ...] = ()
) -> bytes:
    """Return a whole answer as Stripe would send it."""
    lines = [
        b"HTTP/1.1 " + status,
        b"Server: nginx",
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(body),
        b"Request-Id: req_recorded",
        *headers,
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@dataclass
class Heard:
    """One request as it came, byte for byte."""

    head: bytes
    body: bytes = b""
    is_whole: bool = False
    pieces: list[bytes] = field(default_factory=list)

    @property
    def line(self) -> bytes:
        return self.head.split(b"\r\n", 1)[0]

    def headers(self, name: bytes) -> list[bytes]:
        """Return the values of a header."""
        lines = (line.partition(b":") for line in self.head.split(b"\r\n")[1:])
        return [value.strip() for key, _, value in lines if key.lower() == name]


Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def holding() -> tuple[Act, asyncio.Event]:
    """Return who answers nothing, and what is set when whoever asked has hung up."""
    left = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()
        left.set()

    return hold, left


@dataclass
class Recorder:
    """What came, and what is answered: `script` first, one entry for each request, then `usual`.

    An entry is the bytes of an answer, or what to do with the connection. An entry of `early` is
    done when the head has come, before the body.
    """

    heard: list[Heard] = field(default_factory=list)
    script: deque[bytes | Act] = field(default_factory=deque)
    usual: bytes | Act = field(default_factory=answer)
    early: deque[Act] = field(default_factory=deque)
    everything: bytearray = field(default_factory=bytearray)
    connections: int = 0
    open_now: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    port: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def texts(self) -> Iterator[bytes]:
        """Yield heads and bodies, each by itself: side by side they could make up a word."""
        for heard in self.heard:
            yield heard.head
            yield heard.body

    def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self.serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open_now += 1
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            self.lost.set()
        finally:
            self.open_now -= 1
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return False
        heard = Heard(head.removesuffix(b"\r\n\r\n"))
        self.everything += head
        self.heard.append(heard)
        self.came.set()
        if self.early:
            await self.early.popleft()(reader, writer)
            return False
        await self._read_body(heard, reader)
        heard.is_whole = True
        act = self.script.popleft() if self.script else self.usual
        if not isinstance(act, bytes):
            await act(reader, writer)
            return False
        writer.write(act)
        await writer.drain()
        return True

    async def _read_body(self, heard: Heard, reader: asyncio.StreamReader) -> None:
        if heard.headers(b"transfer-encoding") == [b"chunked"]:
            while size := int((await reader.readline()).strip(), 16):
                self._keep(heard, await reader.readexactly(size))
                await reader.readexactly(2)
            await reader.readexactly(2)
            return
        left = int((heard.headers(b"content-length") or [b"0"])[0])
        while left:
            piece = await reader.read(min(left, 65536))
            if not piece:
                raise asyncio.IncompleteReadError(b"", left)
            left -= len(piece)
            self._keep(heard, piece)

    def _keep(self, heard: Heard, piece: bytes) -> None:
        self.everything += piece
        heard.body += piece
        heard.pieces.append(piece)


@asynccontextmanager
async def recording(trust: ssl.SSLContext | None = None) -> AsyncIterator[Recorder]:
    """Listen on a free port of this machine; with `trust`, show its certificate."""
    recorder = Recorder(scheme="http" if trust is None else "https")
    server = await asyncio.start_server(recorder.begin, "127.0.0.1", 0, ssl=trust)
    recorder.port = server.sockets[0].getsockname()[1]
    try:
        yield recorder
    finally:
        server.close()
        for task in tuple(recorder.tasks):
            task.cancel()
        await asyncio.gather(*recorder.tasks, return_exceptions=True)
        await server.wait_closed()
