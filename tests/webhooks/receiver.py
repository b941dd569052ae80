"""A platform's receiver of what it is told, which can be made to misbehave in every usual way."""

import asyncio
import ssl
import struct
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

import msgspec
from standardwebhooks import Webhook

from aboard.core.secret import Secret

_TAKEN_IN = frozenset({"200", "202", "204", "endless", "slow"})
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it came, and how it was answered."""

    path: str
    headers: dict[str, str]
    body: bytes
    mood: str

    @property
    def event_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        said: dict[str, Any] = msgspec.json.decode(self.body)
        return said

    def is_signed(self, secret: Secret) -> bool:
        """Say whether one of the signatures is what the official library makes by this secret."""
        sent_at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        expected = Webhook(secret.reveal()).sign(self.event_id, sent_at, self.body.decode())
        return expected in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """Answers by path, one mood after the other, the last one for ever.

    A number is a status, with `retry-after` behind a slash; `hang` never answers, `reset` breaks
    the connection, `garbage` speaks no HTTP, `endless` never ends the body, `half` breaks off in
    the head, `slow` takes a quarter of a second, `redirect` leads to another path. `first_` before
    one of these means once for each event; then it is taken in.
    """

    url: str = ""
    moods: dict[str, list[str]] = field(default_factory=lambda: defaultdict(lambda: ["204"]))
    heard: list[Heard] = field(default_factory=list)
    hanging: Counter[str] = field(default_factory=Counter)
    most_hanging: Counter[str] = field(default_factory=Counter)
    met: set[tuple[str, str]] = field(default_factory=set)

    def at(self, path: str) -> list[Heard]:
        return [each for each in self.heard if each.path == path]

    def accepted(self, path: str) -> list[Heard]:
        return [
            each for each in self.at(path) if each.mood in {"200", "202", "204", "slow", "endless"}
        ]

    async def until(self, holds: Callable[[], bool], seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - what is heard gives no sign of its own
                await asyncio.sleep(0.01)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        pairs = (line.partition(": ") for line in head[1:] if line)
        headers = {name.lower(): value for name, _, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
        moods = self.moods[path]
        mood = moods.pop(0) if len(moods) > 1 else moods[0]
        if mood.startswith("first_"):
            met = (path, headers["webhook-id"])
            mood = "204" if met in self.met else mood.removeprefix("first_")
            self.met.add(met)
        self.heard.append(Heard(path, headers, body, mood))
        return await self._answer(path, mood, reader, writer)

    async def _answer(
        self, path: str, mood: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        if mood == "hang":
            self.hanging[path] += 1
            self.most_hanging[path] = max(self.most_hanging[path], self.hanging[path])
            try:
                await reader.read(1)  # until who waits for the answer is tired of it
            finally:
                self.hanging[path] -= 1
            return False
        if mood == "reset":
            writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, _RESET)
            writer.transport.abort()
            return False
        if mood == "slow":
            await asyncio.sleep(0.25)
        status, _, wait = mood.partition("/")
        words = {
            "garbage": b"go away\r\n\r\n",
            "half": b"HTTP/1.1 200 OK\r\nContent-",
            "slow": b"HTTP/1.1 204 No Content\r\n\r\n",
            "endless": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "redirect": b"HTTP/1.1 307 There\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
        }
        after = f"Retry-After: {wait}\r\n" if wait else ""
        plain = f"HTTP/1.1 {status} Words\r\n{after}Content-Length: 0\r\n\r\n".encode()
        writer.write(words.get(mood, plain))
        await writer.drain()
        while mood == "endless":
            writer.write(b"1000\r\n" + b"." * 4096 + b"\r\n")
            await writer.drain()
        return mood not in {"garbage", "half"}


@asynccontextmanager
async def receiving(certificate: Path | None = None) -> AsyncIterator[Receiver]:
    """Listen on a free port of this machine for the length of the block, perhaps by TLS."""
    trust = None
    if certificate is not None:
        trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        trust.load_cert_chain(certificate)
    receiver = Receiver()
    tasks: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(receiver.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=trust)
    scheme = "http" if trust is None else "https"
    receiver.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield receiver
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
