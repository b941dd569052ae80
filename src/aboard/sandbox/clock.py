"""What time is it in the sandbox? Real time until somebody moves or stops it.

Links expire, reviews end, deadlines pass and webhooks are tried again by this clock alone.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """A clock that runs with the machine's, can be moved, and can be stopped."""

    __slots__ = ("_frozen_at", "_listeners", "_offset_seconds")

    def __init__(self, at: datetime | None = None) -> None:
        """Run with the machine's clock, or stand still at `at` (aware)."""
        self._offset_seconds = 0.0
        self._frozen_at: float | None = None if at is None else at.timestamp()
        self._listeners: list[Callable[[], None]] = []

    def unix(self) -> int:
        """Return now in whole unix seconds."""
        return int(self.exact())

    def exact(self) -> float:
        """Return now in unix seconds with a fraction."""
        if self._frozen_at is not None:
            return self._frozen_at
        return time.time() + self._offset_seconds

    def now(self) -> datetime:
        """Return now as aware UTC."""
        return datetime.fromtimestamp(self.exact(), UTC)

    @property
    def is_frozen(self) -> bool:
        """Say whether the clock stands still."""
        return self._frozen_at is not None

    def freeze(self) -> None:
        """Stop the clock where it is."""
        self._frozen_at = self.exact()

    def unfreeze(self) -> None:
        """Let a stopped clock run on from where it stands."""
        if self._frozen_at is not None:
            self._offset_seconds = self._frozen_at - time.time()
            self._frozen_at = None
            self._tell()

    def advance(self, seconds: float) -> None:
        """Move the clock by so many seconds; a frozen clock stays frozen, later."""
        if self._frozen_at is not None:
            self._frozen_at += seconds
        else:
            self._offset_seconds += seconds
        self._tell()

    def set(self, at: datetime) -> None:
        """Move the clock to a point in time (aware); it stands or runs as before."""
        self.advance(at.timestamp() - self.exact())

    def reset(self) -> None:
        """Run with the machine's clock again."""
        self._offset_seconds = 0.0
        self._frozen_at = None
        self._tell()

    @property
    def state(self) -> tuple[float, float | None]:
        """Return how many seconds it is ahead, and where it stands still (unix) if it does."""
        return self._offset_seconds, self._frozen_at

    def restore(self, offset_seconds: float, frozen_at: float | None) -> None:
        """Be as a clock whose `state` this was."""
        self._offset_seconds = offset_seconds
        self._frozen_at = frozen_at
        self._tell()

    def when_moved(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every move."""
        self._listeners.append(listener)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
