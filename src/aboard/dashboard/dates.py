"""How is a point in time written for a reader? In their language, in a named zone.

A formatter of our own: five languages, one form. The month's name and the order of the parts are
words of each language.

Source: Unicode CLDR's long dates for en-GB, pt-PT, es, de and fr.
"""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aboard.dashboard.words import words_in

UTC_NAME = "UTC"


def written(at: datetime, language: str, zone_name: str = UTC_NAME) -> str:
    """Return a point in time (aware) as date, time to the minute and zone.

    >>> from datetime import UTC
    >>> written(datetime(2026, 12, 1, 9, 5, tzinfo=UTC), "en", "Europe/Lisbon")
    '1 December 2026, 09:05 (Europe/Lisbon)'
    >>> written(datetime(2026, 12, 1, 9, 5, tzinfo=UTC), "fr")
    '1er décembre 2026 à 09:05 (UTC)'
    """
    words = words_in(language)["date"]
    zone, shown = _zone(zone_name)
    local = at.astimezone(zone)
    text: str = words["pattern"].format(
        day=words["first"] if local.day == 1 else local.day,
        month=words["months"][local.month - 1],
        year=local.year,
        time=f"{local:%H:%M}",
        zone=shown,
    )
    return text


def _zone(name: str) -> tuple[ZoneInfo, str]:
    """Return the zone and its name; UTC where the system does not know it."""
    try:
        return ZoneInfo(name), name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(UTC_NAME), UTC_NAME
