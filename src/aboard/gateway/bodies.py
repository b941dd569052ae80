"""How does a body come in? In pieces, counted, watched, and never waited for without end.

Source: docs/gateway/index.md, bounds; ADR-0029, the gateway.
"""

import asyncio
from contextlib import suppress
from typing import Final

from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.gateway.bounds import Patience
from aboard.gateway.heads import Heads
from aboard.gateway.masking import TokenGuard
from aboard.gateway.wire import FAULT, Receive, Scope

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
MULTIPART: Final = "multipart/form-data"


class Body:
    """One request's body. `size` counts what came, `is_whole` says that nothing is to come."""

    def __init__(
        self, scope: Scope, receive: Receive, heads: Heads, limit: int, patience: Patience
    ) -> None:
        """Take how much it may be and how long it may take.

        Raises:
            CallRefused: more is announced than may come.
        """
        if heads.length is not None and heads.length > limit:
            raise CallRefused(RefusalCode.BODY_TOO_LARGE, detail=f"At most {limit} bytes.")
        self._scope, self._receive = scope, receive
        self._limit, self._patience = limit, patience
        self._guard = TokenGuard(is_form=heads.media_type == FORM)
        self._ends_at: float | None = None
        self._first: bytes | None = None
        self.size = 0
        self.is_whole = not heads.has_body

    async def first(self) -> bytes:
        """Return the first piece; where no body was announced, nothing, without waiting."""
        if self._first is None:
            self._first = b"" if self.is_whole else await self.next()
        return self._first

    async def next(self) -> bytes:
        """Return the next piece that may go up; it may be empty.

        Raises:
            CallRefused: too large, too slow, broken off, wrongly framed, or with a caller token.
        """
        if self.is_whole:
            return b""
        loop = asyncio.get_running_loop()
        if self._ends_at is None:
            self._ends_at = loop.time() + self._patience.body
        try:
            async with asyncio.timeout_at(min(loop.time() + self._patience.caller, self._ends_at)):
                message = await self._receive()
        except TimeoutError:
            raise CallRefused(RefusalCode.BODY_TOO_SLOW) from None
        if message["type"] != "http.request":
            raise CallRefused(RefusalCode.BODY_BROKEN_OFF)
        if (fault := self._scope.get(FAULT)) is not None:
            raise CallRefused(fault)
        piece: bytes = message.get("body", b"")
        self.size += len(piece)
        if self.size > self._limit:
            raise CallRefused(RefusalCode.BODY_TOO_LARGE, detail=f"At most {self._limit} bytes.")
        self.is_whole = not message.get("more_body", False)
        return self._guard.feed(piece, is_last=self.is_whole)

    async def read_all(self) -> bytes:
        """Return the whole body, which `first` then gives at once.

        Raises:
            CallRefused: as `next` does.
        """
        pieces = bytearray(await self.first())
        while not self.is_whole:
            pieces += await self.next()
        self._first = bytes(pieces)
        return self._first

    async def until_gone(self) -> None:
        """Wait until the caller hangs up; only once the body is whole."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def spill(receive: Receive, *, most: int, seconds: float) -> None:
    """Read what still comes, for a moment, and throw it away."""
    spilled = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while spilled < most:
                message = await receive()
                spilled += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
