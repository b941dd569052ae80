"""Has somebody made work while I rested? Whoever waits for the bell is woken, others poll.

A ring says "look", not what for. One that came before anybody waited is remembered by its number.

Source: ADR-0022, PostgreSQL; docs/webhooks.md, what happens next.
"""

import asyncio
from contextlib import suppress


class Bell:
    """The bell of one process. Rung from any thread, waited for on any event loop."""

    def __init__(self) -> None:
        """Begin without a ring."""
        self.count = 0
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def ring(self) -> None:
        """Wake everybody who waits in this process."""
        self.count += 1
        for loop, woken in tuple(self._waiting):
            with suppress(RuntimeError):  # a loop that was closed while its tasks waited
                loop.call_soon_threadsafe(woken.set)

    async def wait(self, timeout_seconds: float, since: int | None) -> int:
        """Return the number of rings so far, at the next one or after the time-out.

        With `since`, a number from before, a ring that came after it counts at once.
        """
        woken = asyncio.Event()
        place = (asyncio.get_running_loop(), woken)
        self._waiting.add(place)
        try:
            # Looked at only now: a ring from another thread between the two would be lost.
            if since is None or self.count == since:
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), timeout_seconds)
        finally:
            self._waiting.discard(place)
        return self.count
