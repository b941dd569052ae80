"""The meter keeps how long things took and how often they happened; ids are no labels of it."""

import pytest

from aboard.flows.meter import BOUNDS_SECONDS, Measure, Meter, Tally


def test_a_duration_falls_under_the_first_bound_that_holds_it() -> None:
    meter = Meter()
    for seconds in (0.0, 0.001, 0.0011, 4000.0):
        meter.observe(Measure.EVENT_ACKNOWLEDGED, seconds, mode="test", endpoint="connect")
    [(measure, labels, spread)] = list(meter.spreads())
    assert (measure, labels) == (
        Measure.EVENT_ACKNOWLEDGED,
        (("endpoint", "connect"), ("mode", "test")),
    )
    assert spread.buckets == [2, 1, *[0] * (len(BOUNDS_SECONDS) - 2), 1]
    assert spread.count == 4
    assert spread.total_seconds == pytest.approx(4000.0021)


def test_what_happened_is_counted_apart_by_its_labels() -> None:
    meter = Meter()
    meter.count(Tally.EVENTS_ACCEPTED, mode="test", outcome="new")
    meter.count(Tally.EVENTS_ACCEPTED, 2, outcome="new", mode="test")
    meter.count(Tally.EVENTS_ACCEPTED, mode="live", outcome="new")
    counted = {labels: number for _, labels, number in meter.counts()}
    assert counted == {
        (("mode", "test"), ("outcome", "new")): 3,
        (("mode", "live"), ("outcome", "new")): 1,
    }


def test_no_other_label_is_taken() -> None:
    with pytest.raises(ValueError, match="owner"):
        Meter().count(Tally.STRIPE_READS, owner="creator_1")
    with pytest.raises(ValueError, match="account"):
        Meter().observe(Measure.ACCOUNT_SYNCED, 1.0, account="acct_1")
