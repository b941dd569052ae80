"""Is Stripe worth asking right now? A breaker for each mode, in the memory of one process.

Closed: everybody asks. When the reads of several accounts in a row fail in a way that is not the
accounts' own, it opens: nobody asks until a pause is over, then one account is read to find out.
The pauses grow until that one gets an answer, which closes it.

Source: ADR-0023, the worker.
"""

import random
from datetime import datetime, timedelta

THRESHOLD = 5
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(seconds=60)


class Breaker:
    """What one process knows of Stripe in one mode."""

    def __init__(self) -> None:
        """Begin closed."""
        self._failed: set[str] = set()
        self._pause = FIRST_PAUSE
        self._probe_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        """Say whether Stripe answers, as far as we know."""
        return self._probe_at is None

    def allowance(self, wanted: int, now: datetime) -> int:
        """Return how many of so many accounts may be read now: all, one to find out, or none."""
        if self._probe_at is None:
            return wanted
        return min(1, wanted) if now >= self._probe_at else 0

    def pause_seconds(self, now: datetime) -> float:
        """Return for how many seconds nobody asks."""
        if self._probe_at is None:
            return 0.0
        return max(0.0, (self._probe_at - now).total_seconds())

    def note_answer(self) -> bool:
        """Note that Stripe answered; say whether that closed the breaker."""
        was_open = not self.is_closed
        self._failed.clear()
        self._pause, self._probe_at = FIRST_PAUSE, None
        return was_open

    def note_failure(
        self,
        account_id: str,
        now: datetime,
        *,
        is_certain: bool = False,
        at_least: timedelta = timedelta(0),
    ) -> bool:
        """Note a failure that is not the account's own; say whether that opened the breaker.

        Failures of one account alone never open it, unless `is_certain` that they are
        everybody's. `at_least` is how long Stripe asked to be left alone.
        """
        if self._probe_at is not None:
            # Reads that were under way when it opened say nothing new.
            if now >= self._probe_at:
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
                self._rest(now, at_least)
            return False
        self._failed.add(account_id)
        if len(self._failed) < THRESHOLD and not is_certain:
            return False
        self._rest(now, at_least)
        return True

    def _rest(self, now: datetime, at_least: timedelta) -> None:
        # Spread, so that several processes do not all find out at the same moment.
        pause = self._pause * random.uniform(0.8, 1.0)  # noqa: S311 -- spreads load
        self._probe_at = now + max(pause, at_least)
