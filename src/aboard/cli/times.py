"""How does somebody at a keyboard say when? As a date, a point in time, or so long ago.

Source: docs/webhooks.md, when something was missed; RFC 3339.
"""

import re
from datetime import UTC, datetime, timedelta

from aboard.cli.exits import Exit, Refusal

_AGO = re.compile(r"([0-9]{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read_time(text: str, option: str, now: datetime) -> datetime:
    """Return a point in time, aware UTC: `2026-11-21`, `2026-11-21T09:00:00Z`, or `36h` for ago.

    Without a zone, UTC is meant.

    Raises:
        Refusal: it is none of these.
    """
    ago = _AGO.fullmatch(text)
    try:
        if ago:
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal(
            f"{option} is no point in time.",
            "Write it as 2026-11-21, as 2026-11-21T09:00:00Z, or as 36h or 3d for so long ago.",
            Exit.USAGE,
        ) from None


def read_time_or_none(text: str | None, option: str, now: datetime) -> datetime | None:
    """Return a point in time as `read_time` does, or None where none is given.

    Raises:
        Refusal: it is no point in time.
    """
    return None if text is None else read_time(text, option, now)
