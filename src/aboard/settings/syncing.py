"""When are accounts read again, and how much may workers ask of Stripe?

Source: docs/webhooks.md, what happens next; ADR-0023, the worker.
"""

from collections.abc import Mapping
from datetime import timedelta

from aboard.core.owner import Mode
from aboard.core.schedule import SyncSchedule
from aboard.settings.sources import Sources

_DAY = 86_400
_MOST_PER_SECOND = 1_000_000


def read_schedule(given: Sources, stripe_timeout: timedelta) -> SyncSchedule:
    """Read when accounts are read again; what makes no sense is noted as a problem."""
    # Begun when half of the lease is over at the latest, a read must end before the lease does.
    lease = max(given.seconds("SYNC_LEASE_SECONDS", 10, 3600), 2 * stripe_timeout)
    first = given.seconds("SYNC_FIRST_RETRY_SECONDS", 1, 3600)
    longest = given.seconds("SYNC_LONGEST_RETRY_SECONDS", 1, _DAY)
    if longest < first:
        given.problem(
            "SYNC_LONGEST_RETRY_SECONDS", "must not be less than ABOARD_SYNC_FIRST_RETRY_SECONDS"
        )
    return SyncSchedule(
        pending=given.seconds("SYNC_PENDING_EVERY_SECONDS", 60, 7 * _DAY),
        ready=given.seconds("SYNC_READY_EVERY_SECONDS", 300, 90 * _DAY),
        first_retry=first,
        longest_retry=longest,
        lease=lease,
        give_up_attempts=given.number("SYNC_GIVE_UP_ATTEMPTS", 1, 100),
        give_up_after=timedelta(hours=given.number("SYNC_GIVE_UP_HOURS", 1, 720)),
    )


def read_rates(given: Sources) -> Mapping[Mode, int]:
    """Read what the workers of all processes may ask of Stripe together in a second."""
    return {
        mode: given.number(f"SYNC_{mode.name}_PER_SECOND", 1, _MOST_PER_SECOND) for mode in Mode
    }
