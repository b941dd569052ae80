"""So many calls a window, per caller and operation.

The window is fixed and starts with the first call. Counts live in memory, one budget for each
process. The library's own memory starts a thread every few milliseconds to forget what has ended,
and walks over all callers in it; ours forgets while it counts.

Source: docs/api/creators.md, limits.
"""

import math
import time
from dataclasses import dataclass
from typing import Protocol

from limits import RateLimitItemPerSecond
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from aboard.core.errors import TooManyRequests

_SWEEP_AT = 1024


class _Windows(Storage):
    """Counts by key, for one event loop. Windows that ended go whenever their number doubled."""

    STORAGE_SCHEME = None
    base_exceptions = ()

    def __init__(self) -> None:
        super().__init__()
        self._windows: dict[str, tuple[float, int]] = {}
        self._sweep_at = _SWEEP_AT

    @property
    def size(self) -> int:
        """Return how many windows are remembered."""
        return len(self._windows)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and return the count of the window that is open now; `expiry` in seconds."""
        now = time.time()
        ends_at, count = self._windows.get(key, (0.0, 0))
        if ends_at <= now:
            if len(self._windows) >= self._sweep_at:
                self._sweep(now)
            ends_at, count = now + expiry, 0
        self._windows[key] = (ends_at, count + amount)
        return count + amount

    def give_back(self, key: str, limit: int) -> None:
        """Take one call off the open window; what was refused above the limit never counted."""
        ends_at, count = self._windows.get(key, (0.0, 0))
        if count:
            self._windows[key] = (ends_at, min(count, limit) - 1)

    def get(self, key: str) -> int:
        """Return the count of the window that is open now."""
        ends_at, count = self._windows.get(key, (0.0, 0))
        return count if ends_at > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since 1970."""
        return self._windows.get(key, (time.time(), 0))[0]

    def check(self) -> bool:
        """Say that memory is there."""
        return True

    def reset(self) -> int:
        """Forget everything; return how many windows there were."""
        count = len(self._windows)
        self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget one window."""
        self._windows.pop(key, None)

    def _sweep(self, now: float) -> None:
        ended = [key for key, (ends_at, _) in self._windows.items() if ends_at <= now]
        for key in ended:
            del self._windows[key]
        self._sweep_at = max(_SWEEP_AT, 2 * len(self._windows))


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a window. `reset_seconds` counts whole seconds from now."""

    limit: int
    remaining: int
    reset_seconds: int


class Limits(Protocol):
    """Whoever counts calls."""

    async def take(
        self, caller: str, operation: str, *, limit: int, window_seconds: int
    ) -> Allowance:
        """Use one call of the window and return what is left.

        Raises:
            TooManyRequests: the window is used up.
        """
        ...

    async def give_back(
        self, caller: str, operation: str, *, limit: int, window_seconds: int
    ) -> None:
        """Undo one `take` that was allowed, in the window that is open now; never fails."""
        ...

    async def are_shared(self) -> bool | None:
        """Say whether all processes are counted together now; None where nobody wants that."""
        ...

    async def close(self) -> None:
        """Let go of what is held open."""
        ...


class MemoryLimits(Limits):
    """The counters of one process."""

    def __init__(self) -> None:
        """Start with empty windows."""
        self._windows = _Windows()
        self._limiter = FixedWindowRateLimiter(self._windows)
        self._items: dict[tuple[int, int], RateLimitItemPerSecond] = {}

    @property
    def size(self) -> int:
        """Return how many windows are remembered, open ones and ended ones."""
        return self._windows.size

    async def take(
        self, caller: str, operation: str, *, limit: int, window_seconds: int
    ) -> Allowance:
        """Use one call of the window and return what is left; it never waits.

        Raises:
            TooManyRequests: the window is used up.
        """
        item = self._item(limit, window_seconds)
        is_allowed = self._limiter.hit(item, caller, operation)
        stats = self._limiter.get_window_stats(item, caller, operation)
        reset_seconds = max(1, math.ceil(stats.reset_time - time.time()))
        if not is_allowed:
            raise TooManyRequests(reset_seconds)
        return Allowance(limit, stats.remaining, reset_seconds)

    async def give_back(
        self, caller: str, operation: str, *, limit: int, window_seconds: int
    ) -> None:
        """Undo one `take` that was allowed, in the window that is open now; never waits."""
        item = self._item(limit, window_seconds)
        self._windows.give_back(item.key_for(caller, operation), limit)

    async def are_shared(self) -> bool | None:
        """Say that nobody wants to be counted with others."""
        return None

    async def close(self) -> None:
        """Do nothing: memory is not held open."""

    def _item(self, limit: int, window_seconds: int) -> RateLimitItemPerSecond:
        item = self._items.get((limit, window_seconds))
        if item is None:
            item = RateLimitItemPerSecond(limit, window_seconds)
            self._items[(limit, window_seconds)] = item
        return item
