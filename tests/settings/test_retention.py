"""How long rows are kept: for ever, or long enough to know a late event as a repeated one."""

from datetime import timedelta

import pytest

from aboard.core.errors import SettingsRefused
from aboard.settings.values import Kept
from tests.settings.test_settings import load


def test_what_holds_without_a_word() -> None:
    assert load().kept == Kept(timedelta(days=90), timedelta(days=90), None, timedelta(days=90))


def test_nothing_is_for_ever_and_so_is_zero() -> None:
    names = ("EVENTS", "ANNOUNCEMENTS", "AUDIT", "GATEWAY_CALLS")
    kept = load(**{f"KEEP_{name}_DAYS": "0" for name in names}).kept
    assert kept == Kept(None, None, None, None)
    given = dict(zip(names, ("30", "1", "365", "1"), strict=True))
    kept = load(**{f"KEEP_{name}_DAYS": days for name, days in given.items()}).kept
    assert kept == Kept(*(timedelta(days=int(days)) for days in given.values()))


@pytest.mark.parametrize("name", ["KEEP_EVENTS_DAYS", "KEEP_AUDIT_DAYS"])
@pytest.mark.parametrize("days", ["1", "29"])
def test_too_short_a_time_is_refused(name: str, days: str) -> None:
    with pytest.raises(SettingsRefused, match=f"ABOARD_{name}: must be 0, for ever, or at least"):
        load(**{name: days})


@pytest.mark.parametrize("days", ["-1", "x", "36501"])
def test_what_is_no_number_of_days_is_refused(days: str) -> None:
    with pytest.raises(SettingsRefused, match="ABOARD_KEEP_ANNOUNCEMENTS_DAYS"):
        load(KEEP_ANNOUNCEMENTS_DAYS=days)
