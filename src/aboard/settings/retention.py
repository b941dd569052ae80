"""For how long is kept what nobody needs any more?

Source: docs/self-hosting.md, what is kept and for how long.
"""

from datetime import timedelta

from aboard.settings.sources import Sources
from aboard.settings.values import Kept

FEWEST_DAYS = 30
_MOST_DAYS = 36_500


def read_retention(given: Sources) -> Kept:
    """Read for how long events, announcements, the audit and calls are kept; None: for ever."""
    return Kept(
        events=_days(given, "KEEP_EVENTS_DAYS", FEWEST_DAYS),
        announcements=_days(given, "KEEP_ANNOUNCEMENTS_DAYS", 1),
        audit=_days(given, "KEEP_AUDIT_DAYS", FEWEST_DAYS),
        gateway_calls=_days(given, "KEEP_GATEWAY_CALLS_DAYS", 1),
    )


def _days(given: Sources, name: str, fewest: int) -> timedelta | None:
    days = given.number(name, 0, _MOST_DAYS)
    if 0 < days < fewest:
        given.problem(name, f"must be 0, for ever, or at least {fewest}")
    return timedelta(days=days) if days else None
