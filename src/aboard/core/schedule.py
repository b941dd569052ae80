"""When is an account read again: after a good read, after a failed one, and when never?

Source: ADR-0006, events are doorbells; ADR-0023, the worker.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aboard.core.account import Snapshot
from aboard.core.readiness import Readiness, assess_snapshot

_SETTLED = frozenset({Readiness.COMPLETE, Readiness.ENABLED, Readiness.REJECTED})
# Stripe's own clock decides what is past due: shortly after the deadline it has.
_AFTER_DEADLINE = timedelta(seconds=5)
_SPREAD_AFTER_DEADLINE = timedelta(seconds=55)
_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class SyncSchedule:
    """How long accounts rest, and how failed reads are tried again.

    `pending` is the rest of accounts of which news is expected, `ready` that of all others. A
    lease is how long one worker holds an account: longer than any read takes. An account whose
    reads go on failing is given up: after `give_up_attempts` where no retry will mend it, and
    otherwise only after `give_up_after` as well.
    """

    pending: timedelta = timedelta(minutes=15)
    ready: timedelta = timedelta(hours=24)
    first_retry: timedelta = timedelta(seconds=2)
    longest_retry: timedelta = timedelta(minutes=15)
    lease: timedelta = timedelta(seconds=120)
    give_up_attempts: int = 5
    give_up_after: timedelta = timedelta(hours=24)

    def rest_after(self, readiness: Readiness) -> timedelta:
        """Return how long to rest after a read that gave this readiness."""
        return self.ready if readiness in _SETTLED else self.pending

    def next_after(self, snapshot: Snapshot, now: datetime, *, chance: float) -> datetime:
        """Return when to read the account again: when it has rested, or right after a deadline.

        `chance`, from 0 to 1, spreads it: accounts made together are not read together for ever.

        >>> from datetime import UTC, datetime
        >>> noon, day = datetime(2026, 11, 21, 12, tzinfo=UTC), SyncSchedule()
        >>> started = Snapshot("acct_1", False, False, details_submitted=False)
        >>> str(day.next_after(started, noon, chance=0.5) - noon)
        '0:15:00'
        """
        rest = self.rest_after(assess_snapshot(snapshot).readiness)
        rested_at = now + rest * (0.8 + 0.4 * chance)
        deadlines = (
            snapshot.requirements.current_deadline,
            snapshot.future_requirements.current_deadline,
        )
        due = (
            deadline + _AFTER_DEADLINE + _SPREAD_AFTER_DEADLINE * chance
            for deadline in deadlines
            if deadline is not None and deadline + _AFTER_DEADLINE > now
        )
        return min([rested_at, *due])

    def retry_wait(self, failures: int, *, chance: float) -> timedelta:
        """Return how long to wait after so many failures before this one, spread by `chance`.

        >>> [str(SyncSchedule().retry_wait(n, chance=1.0)) for n in (0, 1, 5, 99)]
        ['0:00:02', '0:00:04', '0:01:04', '0:15:00']
        """
        doubled = self.first_retry * (1 << min(failures, _MOST_DOUBLINGS))
        longest = min(doubled, self.longest_retry)
        return longest * (0.5 + 0.5 * chance)
