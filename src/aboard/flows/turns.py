"""When may the next request to Stripe be sent? One turn at a time, so many a second.

For long work that an operator starts: what waits for a turn leaves room for sellers and workers.

Source: ADR-0024, what was missed is asked for, and what is old is forgotten.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aboard.core.owner import Mode

Turns = Callable[[Mode], Awaitable[None]]
"""Waits until one more request may be sent in this mode."""


class SteadyTurns:
    """So many turns a second and mode, evenly spread, counted by this process alone."""

    def __init__(self, per_second: float) -> None:
        """Take how many; the first turn is free."""
        self._step = 1 / per_second
        self._free_at: dict[Mode, float] = {}

    async def __call__(self, mode: Mode) -> None:
        """Wait for the next turn, by the monotonic clock."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._free_at.get(mode, now))
        self._free_at[mode] = at + self._step
        if at > now:
            await asyncio.sleep(at - now)
