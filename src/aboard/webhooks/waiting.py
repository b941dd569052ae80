"""How much does the intake hold at once, and who gives way when too much comes in?

A request has a seat from the first byte that is read until it is answered. When the seats or the
bytes are used up, whoever has been sending for longest gives way, if that is long enough to look
like somebody who hangs; else the newcomer is turned away before anything of it is read.

Source: docs/webhooks.md, under pressure; ADR-0027, thin events on the same road.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from aboard.webhooks.wire import Message, Receive


class Crowded(Exception):
    """There is no seat; nothing was written, and the sender should ring again soon."""


class TooSlow(Exception):
    """The body did not come whole in time."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many requests and bytes are held at once in one process, and how slow a body may be."""

    requests: int = 2_000
    size: int = 64 << 20
    patience_seconds: float = 1.0
    """Who has been sending for less does not give way to others."""
    body_seconds: float = 10.0
    """Who is not done by then is cut off."""


DEFAULT_BOUNDS: Final = Bounds()


class WaitingRoom:
    """The requests that are being read, or wait for the commit."""

    def __init__(self, bounds: Bounds = DEFAULT_BOUNDS) -> None:
        """Begin empty."""
        self.bounds = bounds
        self.seated = 0
        """How many have a seat now."""
        self.held = 0
        """How many bytes of bodies are held now."""
        self._sending: dict[Seat, None] = {}  # in the order in which they began

    def seat(self, receive: Receive) -> "Seat":
        """Return a seat that is taken when the body is first read; leave it when answered."""
        return Seat(self, receive)

    def take(self, seat: "Seat") -> None:
        """Let somebody sit down.

        Raises:
            Crowded: there is no seat.
        """
        if self.seated >= self.bounds.requests:
            self._make_way(seat)
        self.seated += 1
        self._sending[seat] = None

    def hold(self, seat: "Seat", size: int) -> None:
        """Take so many more bytes.

        Raises:
            Crowded: there is no room for them.
        """
        while self.held + size > self.bounds.size:
            self._make_way(seat)
        self.held += size

    def settle(self, seat: "Seat") -> None:
        """Note that this body is whole: it only waits for the commit, and gives way to nobody."""
        self._sending.pop(seat, None)

    def free(self, seat: "Seat", size: int) -> None:
        """Give a seat back, and the bytes that it held."""
        self._sending.pop(seat, None)
        self.seated -= 1
        self.held -= size

    def _make_way(self, newcomer: "Seat") -> None:
        oldest = next(iter(self._sending), None)
        if oldest is None or oldest is newcomer:
            raise Crowded
        if oldest.seconds() < self.bounds.patience_seconds:
            raise Crowded
        oldest.give_way()


class Seat:
    """One request's place, and the way its body comes in."""

    __slots__ = (
        "_began",
        "_bound",
        "_held",
        "_is_taken",
        "_must_go",
        "_receive",
        "_room",
        "whole_at",
    )

    def __init__(self, room: WaitingRoom, receive: Receive) -> None:
        """Begin outside."""
        self._room = room
        self._receive = receive
        self._began = 0.0
        self._held = 0
        self._is_taken = False
        self._must_go = False
        self._bound: asyncio.Timeout | None = None
        self.whole_at: float | None = None
        """When the last byte came, by the event loop's clock; None while it has not."""

    async def receive(self) -> Message:
        """Return what comes next, as ASGI's `receive` does.

        Raises:
            Crowded: there is no room for it.
            TooSlow: it did not come in time.
        """
        loop = asyncio.get_running_loop()
        if not self._is_taken:
            self._began = loop.time()
            self._room.take(self)
            self._is_taken = True
        try:
            async with asyncio.timeout_at(self._began + self._room.bounds.body_seconds) as bound:
                self._bound = bound
                message = await self._receive()
        except TimeoutError:
            raise (Crowded if self._must_go else TooSlow) from None
        finally:
            self._bound = None
        if self._must_go:
            raise Crowded
        if message["type"] == "http.request":
            size = len(message.get("body", b""))
            self._room.hold(self, size)
            self._held += size
            if not message.get("more_body", False):
                self.whole_at = loop.time()
                self._room.settle(self)
        return message

    def seconds(self) -> float:
        """Return for how long it has been taken."""
        return asyncio.get_running_loop().time() - self._began

    def give_way(self) -> None:
        """Free the seat now; whoever sits there finds out as soon as they can."""
        self._must_go = True
        self.leave()
        if self._bound is not None:
            self._bound.reschedule(0.0)

    def leave(self) -> None:
        """Free the seat. Harmless when repeated, and when it was never taken."""
        if self._is_taken:
            self._is_taken = False
            self._room.free(self, self._held)
            self._held = 0
