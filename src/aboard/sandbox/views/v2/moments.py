"""How does v2 write a point in time?

Source: Stripe's API reference, v2: RFC 3339 with milliseconds, in UTC.
"""

from datetime import UTC, datetime


def moment(unix_seconds: int) -> str:
    """Return a point in time as text: `2026-11-21T09:00:00.000Z`."""
    at = datetime.fromtimestamp(unix_seconds, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"
