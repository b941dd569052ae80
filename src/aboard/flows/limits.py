"""So many calls a window, per caller and operation.

The window is fixed and starts with the first call. Counts live in memory: one node, one budget.

Source: docs/api/creators.md, limits.
"""

import math
import time
from dataclasses import dataclass

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from aboard.core.errors import TooManyRequests


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a window. `reset_seconds` counts whole seconds from now."""

    limit: int
    remaining: int
    reset_seconds: int


class Limits:
    """The counters of one process."""

    def __init__(self) -> None:
        """Start with empty windows."""
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._items: dict[tuple[int, int], RateLimitItemPerSecond] = {}

    def take(self, caller: str, operation: str, *, limit: int, window_seconds: int) -> Allowance:
        """Use one call of the window and return what is left.

        Raises:
            TooManyRequests: the window is used up; nothing was taken.
        """
        item = self._items.get((limit, window_seconds))
        if item is None:
            item = RateLimitItemPerSecond(limit, window_seconds)
            self._items[(limit, window_seconds)] = item
        is_allowed = self._limiter.hit(item, caller, operation)
        stats = self._limiter.get_window_stats(item, caller, operation)
        reset_seconds = max(1, math.ceil(stats.reset_time - time.time()))
        if not is_allowed:
            raise TooManyRequests(reset_seconds)
        return Allowance(limit, stats.remaining, reset_seconds)
