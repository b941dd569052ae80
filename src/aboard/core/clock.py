"""What time is it? Answered by a parameter, so that time can stand still in a test.

Source: ADR-0001, rooms.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Return now as aware UTC."""


def utc_now() -> datetime:
    """Return now as aware UTC, from the machine's clock."""
    return datetime.now(UTC)
