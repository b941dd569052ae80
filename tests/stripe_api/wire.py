"""The transports that misbehave: a server on loopback that sends exactly the bytes it is told."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.stripe_api.client import Stripe
from aboard.stripe_api.transport import AiohttpTransport

KEY = Secret("sk_test_aboard_demo")

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    """One request as it stood on the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Wire:
    """What the server was asked, and what it will do next; the last behaviour repeats."""

    address: str = ""
    requests: list[Request] = field(default_factory=list)
    behaviours: list[bytes | Behaviour] = field(default_factory=list)
    most_connections: int = 0
    open_connections: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def will(self, *behaviours: bytes | Behaviour) -> None:
        self.behaviours = list(behaviours)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_connections += 1
        self.most_connections = max(self.most_connections, self.open_connections)
        try:
            while request := await _read_request(reader):
                self.requests.append(request)
                self.asked.set()
                first = self.behaviours[0]
                behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else first
                if isinstance(behaviour, bytes):
                    writer.write(behaviour)
                    await writer.drain()
                else:
                    await behaviour(writer)
                if writer.is_closing():
                    break
        except ConnectionError:
            pass  # the client gave up first, as it may
        finally:
            self.open_connections -= 1
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, target, headers, body)


@asynccontextmanager
async def listening() -> AsyncIterator[Wire]:
    """Run a wire on a free port of loopback."""
    wire = Wire()
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()


def answer(status: int, body: object = None, **headers: str) -> bytes:
    """Write a whole answer; a body that is not bytes becomes JSON. `a_b="c"` is `a-b: c`."""
    content = body if isinstance(body, bytes) else json.dumps(body, indent=2).encode()
    lines = [f"HTTP/1.1 {status} Words", f"content-length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def error(**detail: str) -> dict[str, Any]:
    """Write Stripe's error envelope."""
    return {"error": {"type": "invalid_request_error", **detail}}


async def hang(_writer: asyncio.StreamWriter) -> None:
    """Take the request and never answer."""
    await asyncio.sleep(30)


async def close(writer: asyncio.StreamWriter) -> None:
    """Take the request and close."""
    writer.close()


async def reset(writer: asyncio.StreamWriter) -> None:
    """Take the request and tear the connection down."""
    writer.transport.abort()


async def half(writer: asyncio.StreamWriter) -> None:
    """Promise more than is sent."""
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"id": "acct_')
    await writer.drain()
    writer.close()


async def half_then_hang(writer: asyncio.StreamWriter) -> None:
    """Start an answer and never end it."""
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"id": "acct_')
    await writer.drain()
    await asyncio.sleep(30)


async def nonsense(writer: asyncio.StreamWriter) -> None:
    """Speak something that is not HTTP."""
    writer.write(b"220 mail.example ESMTP ready\r\n\r\n")
    await writer.drain()
    writer.close()


class ImpatientTransport(AiohttpTransport):
    """Our transport, except that it notes the pauses between tries and skips them."""

    def __init__(self, *, timeout_seconds: float = 5.0, max_connections: int = 100) -> None:
        super().__init__(timeout_seconds=timeout_seconds, max_connections=max_connections)
        self.pauses: list[float] = []

    async def sleep_async(self, secs: float) -> None:
        self.pauses.append(secs)


@asynccontextmanager
async def connected(
    address: str, *, timeout_seconds: float = 5.0, max_retries: int = 2
) -> AsyncIterator[Stripe]:
    """Open our client on an address, without pauses between tries."""
    transport = ImpatientTransport(timeout_seconds=timeout_seconds)
    try:
        yield Stripe(
            KEY, mode=Mode.TEST, api_base=address, http_client=transport, max_retries=max_retries
        )
    finally:
        await transport.close_async()
