"""Which figures are shown, under which names, and what does each mean?

The table behind `/metrics`, docs/operations.md and the alerts; a test holds the three together.

Source: docs/operations.md, metrics; Prometheus' documentation, "Metric and label naming".
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aboard.flows.meter import Gauge, Measure, Tally

PREFIX: Final = "aboard_"


class Kind(StrEnum):
    """How a figure moves."""

    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric. A counter's name ends in `_total`; seconds are told by the name."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    help: str


def _gauge(name: str, labels: tuple[str, ...], words: str) -> Figure:
    return Figure(PREFIX + name, Kind.GAUGE, labels, words)


def _counter(name: str, labels: tuple[str, ...], words: str) -> Figure:
    return Figure(f"{PREFIX}{name}_total", Kind.COUNTER, labels, words)


def _histogram(name: str, labels: tuple[str, ...], words: str) -> Figure:
    return Figure(PREFIX + name, Kind.HISTOGRAM, labels, words)


_MODE: Final = ("mode",)
_ENDPOINT: Final = ("mode", "endpoint")
_OUTCOME: Final = ("mode", "outcome")

MEASURES: Final = {
    Measure.EVENT_ACKNOWLEDGED: _histogram(
        "event_acknowledged_seconds",
        _ENDPOINT,
        "From the last byte of a webhook to the answer, when it is durable.",
    ),
    Measure.ACCOUNT_SYNCED: _histogram(
        "account_synced_seconds",
        _MODE,
        "From when an account became due, by an event or the schedule, to what was read.",
    ),
    Measure.DELIVERY_ANSWERED: _histogram(
        "delivery_answered_seconds", _OUTCOME, "How long a subscriber took to answer."
    ),
    Measure.GATEWAY_ANSWERED: _histogram(
        "gateway_answered_seconds",
        _OUTCOME,
        "How long a call through the gateway took, Stripe's part included.",
    ),
    Measure.REQUEST_ANSWERED: _histogram(
        "request_answered_seconds",
        ("route", "outcome"),
        "How long a request that is no webhook took; outcome is 2xx to 5xx, or none.",
    ),
    Measure.STRIPE_ANSWERED: _histogram(
        "stripe_answered_seconds",
        _OUTCOME,
        "How long Stripe took, retries included; done, refused, not_now or no_answer.",
    ),
}
TALLIES: Final = {
    Tally.EVENTS_REFUSED: _counter(
        "events_refused", ("endpoint", "reason"), "Webhooks that were refused."
    ),
    Tally.EVENTS_ACCEPTED: _counter(
        "events_accepted",
        ("mode", "endpoint", "outcome"),
        "Webhooks answered with 200, new or duplicate.",
    ),
    Tally.STRIPE_READS: _counter(
        "stripe_reads", _OUTCOME, "Workers' reads of accounts: read, gone, retry or given_up."
    ),
    Tally.DELIVERIES: _counter(
        "deliveries", _OUTCOME, "Attempts to tell a subscriber: delivered, retry or dead."
    ),
    Tally.GATEWAY_CALLS: _counter(
        "gateway_calls",
        _OUTCOME,
        "Calls through the gateway: answered, or why not; mode is none for strangers.",
    ),
}
GAUGES: Final = {
    Gauge.BREAKER_OPEN: _gauge(
        "breaker_open",
        _MODE,
        "1 while workers leave Stripe alone because it is away or refuses everybody.",
    ),
}
STORE: Final = {
    "commits": _counter("store_commits", (), "Commits of this process."),
    "batches": _counter("store_batches", (), "Writes in them; per commit: what grouping saves."),
    "failures": _counter("store_failures", (), "Writes that the database did not take."),
    "waiting": _gauge("store_waiting", (), "Writes that wait for a commit now."),
    "largest_group": _gauge("store_largest_group", (), "The most writes that shared a commit."),
    "retried": _counter("store_retried", (), "Writes run again after a conflict."),
    "pool_size": _gauge("store_pool_size", (), "Open connections to PostgreSQL."),
    "pool_in_use": _gauge("store_pool_in_use", (), "Those in use now."),
    "pool_waiting": _gauge("store_pool_waiting", (), "Those who wait for one now."),
    "wait_seconds": _counter(
        "store_wait_seconds", (), "Seconds spent waiting for a connection or the file's lock."
    ),
    "longest_wait_seconds": _gauge("store_longest_wait_seconds", (), "The longest such wait."),
}
JOURNAL: Final = _counter("journal", ("event",), "Log events of this process, by name.")

DATABASE_UP: Final = _gauge("database_up", (), "1 if the database answered this scrape.")
REDIS_UP: Final = _gauge("redis_up", (), "1 if Redis answered; absent without one.")
DRAINING: Final = _gauge("draining", (), "1 from when the process asks for no more requests.")
STRIPE_UP: Final = _gauge(
    "stripe_up", _MODE, "0 after several requests in a row without an answer; absent before any."
)
STRIPE_KEY_REFUSED: Final = _gauge(
    "stripe_key_refused", _MODE, "1 while Stripe does not know the secret key."
)
EVENTS_OPEN: Final = _gauge(
    "events_open", ("mode", "status"), "Events that are pending, unmatched or dead, up to 10,000."
)
OLDEST_EVENT: Final = _gauge(
    "oldest_event_seconds", _MODE, "How long the oldest pending event has waited."
)
ACCOUNTS_DUE: Final = _gauge(
    "accounts_due",
    _MODE,
    "Accounts to be read now, up to 10,000 that rang and 10,000 by the schedule.",
)
OLDEST_DUE: Final = _gauge(
    "oldest_due_account_seconds", _MODE, "How long the first of them has been due."
)
ACCOUNTS_LEASED: Final = _gauge("accounts_leased", _MODE, "Accounts that workers hold now.")
DELIVERIES_PENDING: Final = _gauge(
    "deliveries_pending", _MODE, "Deliveries to be made or tried again, of the first 10,000."
)
OLDEST_DELIVERY: Final = _gauge(
    "oldest_delivery_seconds", _MODE, "How long the first of them has been due."
)
DELIVERIES_DEAD: Final = _gauge(
    "deliveries_dead", _MODE, "Deliveries that were given up, of 10,000."
)
SUBSCRIBERS_DISABLED: Final = _gauge(
    "subscribers_disabled", _MODE, "Subscribers that are told nothing."
)
SILENCE: Final = _gauge(
    "endpoint_silence_seconds", _ENDPOINT, "Since an event last came; absent if none ever did."
)
EVENTS_MISSING: Final = _gauge(
    "events_missing", _MODE, "1 if accounts change and the Connect endpoint is silent about it."
)

FIGURES: Final[tuple[Figure, ...]] = (
    *MEASURES.values(),
    *TALLIES.values(),
    EVENTS_OPEN,
    OLDEST_EVENT,
    ACCOUNTS_DUE,
    OLDEST_DUE,
    ACCOUNTS_LEASED,
    DELIVERIES_PENDING,
    OLDEST_DELIVERY,
    DELIVERIES_DEAD,
    SUBSCRIBERS_DISABLED,
    SILENCE,
    EVENTS_MISSING,
    STRIPE_UP,
    STRIPE_KEY_REFUSED,
    *GAUGES.values(),
    DATABASE_UP,
    REDIS_UP,
    DRAINING,
    *STORE.values(),
    JOURNAL,
)
"""Everything that may be shown, beside the `process_` figures of the client library."""
