"""A caller over a bare socket: it says exactly these bytes, and reads an answer or the end."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    @property
    def error(self) -> Mapping[str, str]:
        found: Mapping[str, str] = msgspec.json.decode(self.body)["error"]
        return found

    @property
    def code(self) -> str:
        return self.error["code"]

    def header(self, name: str) -> str | None:
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.decode().lower() == name:
                return value.strip().decode("latin-1")
        return None


def request(
    line: str,
    token: str | None,
    *headers: str,
    body: bytes = b"",
    host: str | None = "127.0.0.1",
) -> bytes:
    """Return a plain request; a body has its length said."""
    lines = [f"{line} HTTP/1.1"]
    if host is not None:
        lines.append(f"Host: {host}")
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    lines += headers
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


async def read_answer(reader: asyncio.StreamReader) -> Answered:
    """Read one answer; a status of 0 where the connection ended without one."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).removesuffix(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return Answered(0, b"", b"")
    status = int(head.split(b" ", 2)[1])
    if status == 100:
        return await read_answer(reader)
    there = Answered(status, head, b"")
    body = b""
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        if there.header("transfer-encoding") == "chunked":
            while size := int((await reader.readline()).strip() or b"0", 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readexactly(2)
        else:
            body = await reader.readexactly(int(there.header("content-length") or 0))
    return Answered(status, head, body)


async def say(port: int, data: bytes, *, seconds: float = 10.0) -> Answered:
    """Say something on a connection of its own, and return the first answer."""
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            with suppress(ConnectionError):
                writer.write(data)
                await writer.drain()
            return await read_answer(reader)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
