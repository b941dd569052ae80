"""When accounts are read again, and what workers may ask of Stripe."""

from datetime import timedelta

import pytest

from aboard.core.errors import SettingsRefused
from aboard.core.owner import Mode
from aboard.core.schedule import SyncSchedule
from aboard.flows.platform import READS_PER_SECOND
from tests.settings.test_settings import load


def test_what_holds_without_a_word() -> None:
    settings = load()
    assert settings.schedule == SyncSchedule()
    assert settings.reads_per_second == READS_PER_SECOND


def test_all_of_it_can_be_said() -> None:
    settings = load(
        SYNC_TEST_PER_SECOND="20",
        SYNC_LIVE_PER_SECOND="400",
        SYNC_PENDING_EVERY_SECONDS="60",
        SYNC_READY_EVERY_SECONDS="604800",
        SYNC_FIRST_RETRY_SECONDS="1",
        SYNC_LONGEST_RETRY_SECONDS="60",
        SYNC_LEASE_SECONDS="300",
        SYNC_GIVE_UP_ATTEMPTS="9",
        SYNC_GIVE_UP_HOURS="48",
    )
    assert settings.reads_per_second == {Mode.TEST: 20, Mode.LIVE: 400}
    assert settings.schedule == SyncSchedule(
        pending=timedelta(minutes=1),
        ready=timedelta(days=7),
        first_retry=timedelta(seconds=1),
        longest_retry=timedelta(minutes=1),
        lease=timedelta(minutes=5),
        give_up_attempts=9,
        give_up_after=timedelta(days=2),
    )


def test_no_lease_ends_while_stripe_may_still_answer() -> None:
    schedule = load(STRIPE_TIMEOUT_SECONDS="100", SYNC_LEASE_SECONDS="10").schedule
    assert schedule.lease == timedelta(seconds=200)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SYNC_TEST_PER_SECOND", "0"),
        ("SYNC_LIVE_PER_SECOND", "many"),
        ("SYNC_PENDING_EVERY_SECONDS", "5"),
        ("SYNC_READY_EVERY_SECONDS", "1"),
        ("SYNC_LONGEST_RETRY_SECONDS", "1"),
        ("SYNC_GIVE_UP_ATTEMPTS", "0"),
        ("SYNC_GIVE_UP_HOURS", "-1"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=f"ABOARD_{name}"):
        load(**{name: value})
