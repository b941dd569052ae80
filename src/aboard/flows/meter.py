"""How long does it take, how often does it happen, how do things stand? Closed lists, in memory.

Durations are kept in buckets, so that what is kept does not grow. Only the modes, endpoints, route
templates and words of our own are labels: never an id.

Source: docs/operations.md, metrics.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

BOUNDS_SECONDS = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
    30.0,
    60.0,
    300.0,
    900.0,
    3600.0,
)
LABELS = frozenset({"endpoint", "mode", "outcome", "reason", "route"})

Labels = tuple[tuple[str, str], ...]


class Measure(StrEnum):
    """Every duration that is kept, in seconds."""

    EVENT_ACKNOWLEDGED = "event_acknowledged_seconds"
    """From an event's last byte to the answer; `endpoint`, `mode`."""
    ACCOUNT_SYNCED = "account_synced_seconds"
    """From when an account became due, by an event or the schedule, to what was read; `mode`."""
    DELIVERY_ANSWERED = "delivery_answered_seconds"
    """How long a subscriber took to answer; `mode`, `outcome`."""
    GATEWAY_ANSWERED = "gateway_answered_seconds"
    """How long a call through the gateway took, Stripe's part included; `mode`, `outcome`."""
    REQUEST_ANSWERED = "request_answered_seconds"
    """How long the service took to answer a request that is no webhook; `route`, `outcome`."""
    STRIPE_ANSWERED = "stripe_answered_seconds"
    """How long Stripe took, retries included; `mode`, `outcome`: done, refused, not_now or
    no_answer."""


class Tally(StrEnum):
    """Everything that is counted here; the journal's events are counted by the journal."""

    EVENTS_REFUSED = "events_refused"
    """Refused webhooks; `endpoint`, `reason`."""
    EVENTS_ACCEPTED = "events_accepted"
    """Webhooks answered with 200; `endpoint`, `mode`, `outcome`: new or duplicate."""
    STRIPE_READS = "stripe_reads"
    """Reads of accounts by workers; `mode`, `outcome`: read, gone, retry or given_up."""
    DELIVERIES = "deliveries"
    """Attempts to tell a subscriber; `mode`, `outcome`: delivered, retry or dead."""
    GATEWAY_CALLS = "gateway_calls"
    """Calls through the gateway; `mode`, `outcome`: answered, or why they were refused."""


class Gauge(StrEnum):
    """Everything that has a value right now."""

    BREAKER_OPEN = "breaker_open"
    """1 while workers leave Stripe alone because it is away or refuses everybody; `mode`."""


@dataclass(slots=True)
class Spread:
    """How a duration is spread: how many fell under each bound, the sum in seconds, the count."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_SECONDS) + 1))
    total_seconds: float = 0.0
    count: int = 0


class Meter:
    """Measures and counters of one process."""

    def __init__(self) -> None:
        """Start with nothing measured."""
        self._spreads: dict[tuple[Measure, Labels], Spread] = {}
        self._counts: Counter[tuple[Tally, Labels]] = Counter()
        self._values: dict[tuple[Gauge, Labels], float] = {}

    def observe(self, measure: Measure, seconds: float, **labels: str) -> None:
        """Keep one duration.

        Raises:
            ValueError: a label outside the closed list; a mistake in the calling code.
        """
        key = (measure, _checked(labels))
        spread = self._spreads.get(key)
        if spread is None:
            spread = self._spreads[key] = Spread()
        spread.buckets[bisect_left(BOUNDS_SECONDS, seconds)] += 1
        spread.total_seconds += seconds
        spread.count += 1

    def count(self, tally: Tally, number: int = 1, **labels: str) -> None:
        """Count something.

        Raises:
            ValueError: a label outside the closed list; a mistake in the calling code.
        """
        self._counts[(tally, _checked(labels))] += number

    def set_gauge(self, gauge: Gauge, value: float, **labels: str) -> None:
        """Say what a value is from now on.

        Raises:
            ValueError: a label outside the closed list; a mistake in the calling code.
        """
        self._values[(gauge, _checked(labels))] = value

    def spreads(self) -> Iterator[tuple[Measure, Labels, Spread]]:
        """Yield every duration that was observed."""
        for (measure, labels), spread in self._spreads.items():
            yield measure, labels, spread

    def counts(self) -> Iterator[tuple[Tally, Labels, int]]:
        """Yield everything that was counted."""
        for (tally, labels), number in self._counts.items():
            yield tally, labels, number

    def gauges(self) -> Iterator[tuple[Gauge, Labels, float]]:
        """Yield every value that was ever set."""
        for (gauge, labels), value in self._values.items():
            yield gauge, labels, value


def _checked(labels: dict[str, str]) -> Labels:
    if not labels.keys() <= LABELS:
        raise ValueError(f"not a label of the meter: {sorted(labels.keys() - LABELS)}")
    return tuple(sorted(labels.items()))
