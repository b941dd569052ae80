"""What was read a moment ago, for those who ask again? Bounded in time and in number.

Source: ADR-0029, the gateway: a revocation is seen by every process within a second.
"""

import time
from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Answers by key, each good for so many seconds from when it was asked for."""

    def __init__(self, *, seconds: float, most: int) -> None:
        """Remember nothing yet."""
        self._seconds = seconds
        self._most = most
        self._kept: OrderedDict[Key, tuple[float, Value]] = OrderedDict()

    def find(self, key: Key) -> Value | None:
        """Return what is still good, or nothing."""
        found = self._kept.get(key)
        if found is None:
            return None
        asked_at, value = found
        if time.monotonic() - asked_at < self._seconds:
            return value
        del self._kept[key]
        return None

    def keep(self, key: Key, value: Value, *, asked_at: float) -> None:
        """Remember an answer from when it was asked for, by the monotonic clock in seconds.

        Beyond the bound the oldest answer is forgotten.
        """
        self._kept.pop(key, None)
        self._kept[key] = (asked_at, value)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def __len__(self) -> int:
        """Return how many answers are kept, good ones and ended ones."""
        return len(self._kept)
