"""When is a silent endpoint a broken one? When accounts change and nobody rings.

Source: ADR-0026, operations; docs/operations.md, an endpoint is silent.
"""

from datetime import datetime, timedelta
from typing import Final

PATIENCE: Final = timedelta(minutes=10)
"""How far a change and the event that tells of it may be apart."""


def are_events_missing(
    last_seen_at: datetime | None, last_change_at: datetime | None, now: datetime
) -> bool:
    """Say whether an account changed without an event around that time, or since; aware UTC.

    A change is found by an event, by a person's question or by the schedule. Stripe sends an event
    for each, so a change that nobody rang for means that events do not arrive.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    >>> hours = timedelta(hours=1)
    >>> are_events_missing(noon - 5 * hours, noon - hours, noon)
    True
    >>> are_events_missing(noon - hours, noon - hours, noon)
    False
    >>> are_events_missing(noon - 5 * hours, None, noon)
    False
    """
    if last_change_at is None or now - last_change_at < PATIENCE:
        return False
    return last_seen_at is None or last_seen_at < last_change_at - PATIENCE
