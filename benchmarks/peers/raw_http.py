"""A keep-alive connection of an upstream that costs next to nothing: requests, cut out of bytes."""

import asyncio
from typing import cast


class RawServer(asyncio.Protocol):
    """Calls `heard` for each request, in order; whoever inherits from it answers there."""

    def __init__(self) -> None:
        self._heard = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not registered as one

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while (end := self._heard.find(b"\r\n\r\n")) >= 0:
            head = self._heard[: end + 2]
            lowered = head.lower()
            named = lowered.find(b"\r\ncontent-length:")
            length = int(lowered[named + 17 :].split(b"\r\n", 1)[0]) if named >= 0 else 0
            if len(self._heard) < end + 4 + length:
                return
            body = self._heard[end + 4 : end + 4 + length]
            self._heard = self._heard[end + 4 + length :]
            assert self._transport is not None
            self.heard(self._transport, head, lowered, body)

    def heard(self, transport: asyncio.Transport, head: bytes, lowered: bytes, body: bytes) -> None:
        """Answer a request: its head with the last line's end, the same in lower case, its body."""
        raise NotImplementedError
