"""How are the figures shown? In Prometheus' text format, from a registry of each application's own.

Source: ADR-0026, operations; Prometheus' documentation, "Exposition formats".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from aboard.flows.contact import Standing
from aboard.flows.figures import FigureBoard, Figures, ModeFigures
from aboard.flows.meter import BOUNDS_SECONDS, Spread
from aboard.flows.platform import Platform
from aboard.operations import catalogue
from aboard.operations.catalogue import Figure, Kind

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST.encode()
Labels = Mapping[str, str]
Sample = tuple[Figure, Labels, float]


class Exposition:
    """Shows the figures of one platform to whoever scrapes."""

    def __init__(self, platform: Platform, board: FigureBoard) -> None:
        """Show nothing yet."""
        self._platform, self._board = platform, board
        self._process = CollectorRegistry()
        ProcessCollector(registry=self._process)

    async def render(self) -> bytes:
        """Return all figures as text. What the store did not answer is left out."""
        figures = await self._board.read()
        shown = _Shown(tuple(_families(self._platform, figures)))
        return generate_latest(shown) + generate_latest(self._process)


class _Shown(Collector):
    """What the library renders: families that are ready."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _families(platform: Platform, figures: Figures) -> Iterator[Metric]:
    yield from _histograms(platform)
    values: dict[Figure, dict[tuple[str, ...], float]] = {}
    for figure, labels, value in (
        *_counted(platform),
        *_standing(platform, figures),
        *_stored(platform, figures),
    ):
        rows = values.setdefault(figure, {})
        key = _values(figure, labels)
        rows[key] = rows.get(key, 0.0) + value
    for figure, rows in values.items():
        kind = CounterMetricFamily if figure.kind is Kind.COUNTER else GaugeMetricFamily
        family = kind(figure.name, figure.help, labels=figure.labels)
        for key, value in rows.items():
            family.add_metric(key, value)
        yield family


def _histograms(platform: Platform) -> Iterator[Metric]:
    spreads: dict[Figure, dict[tuple[str, ...], list[Spread]]] = {}
    for measure, labels, spread in platform.meter.spreads():
        figure = catalogue.MEASURES[measure]
        key = _values(figure, dict(labels))
        spreads.setdefault(figure, {}).setdefault(key, []).append(spread)
    for figure, rows in spreads.items():
        family = HistogramMetricFamily(figure.name, figure.help, labels=figure.labels)
        for key, parts in rows.items():
            seconds = sum(part.total_seconds for part in parts)
            family.add_metric(key, list(_buckets(parts)), seconds)
        yield family


def _values(figure: Figure, labels: Labels) -> tuple[str, ...]:
    return tuple(labels.get(name, "") for name in figure.labels)


def _buckets(parts: Sequence[Spread]) -> Iterator[tuple[str, float]]:
    below = 0
    for number, bound in enumerate((*BOUNDS_SECONDS, None)):
        below += sum(part.buckets[number] for part in parts)
        yield "+Inf" if bound is None else str(bound), below


def _counted(platform: Platform) -> Iterator[Sample]:
    for tally, labels, number in platform.meter.counts():
        yield catalogue.TALLIES[tally], dict(labels), number
    for event, number in sorted(platform.journal.counts.items()):
        yield catalogue.JOURNAL, {"event": event}, number
    metrics = platform.store.metrics
    for name, figure in catalogue.STORE.items():
        value = getattr(metrics, name, None)  # one driver has figures that another has not
        if value is not None:
            yield figure, {}, float(value)


def _standing(platform: Platform, figures: Figures) -> Iterator[Sample]:
    yield catalogue.DATABASE_UP, {}, figures.is_database_up
    yield catalogue.DRAINING, {}, platform.draining.is_on
    if figures.are_limits_shared is not None:
        yield catalogue.REDIS_UP, {}, figures.are_limits_shared
    for gauge, labels, value in platform.meter.gauges():
        yield catalogue.GAUGES[gauge], dict(labels), value
    for mode, contact in platform.contacts.items():
        standing = contact.standing
        if standing is not Standing.UNKNOWN:
            named = {"mode": mode.value}
            yield catalogue.STRIPE_UP, named, standing is not Standing.AWAY
            yield catalogue.STRIPE_KEY_REFUSED, named, standing is Standing.KEY_REFUSED


def _stored(platform: Platform, figures: Figures) -> Iterator[Sample]:
    now = platform.clock()
    for mode, found in figures.modes.items():
        yield from _of_mode({"mode": mode.value}, found, now)


def _of_mode(mode: Labels, found: ModeFigures, now: datetime) -> Iterator[Sample]:
    for status, waiting in found.events.items():
        yield catalogue.EVENTS_OPEN, {**mode, "status": status.value}, waiting.count
    yield catalogue.OLDEST_EVENT, mode, _age(found.oldest_event_at, now)
    yield catalogue.ACCOUNTS_DUE, mode, found.due.count
    yield catalogue.OLDEST_DUE, mode, _age(found.due.first_at, now)
    yield catalogue.ACCOUNTS_LEASED, mode, found.leased.count
    yield catalogue.DELIVERIES_PENDING, mode, found.deliveries.count
    yield catalogue.OLDEST_DELIVERY, mode, _age(found.deliveries.first_at, now)
    yield catalogue.DELIVERIES_DEAD, mode, found.dead_deliveries
    yield catalogue.SUBSCRIBERS_DISABLED, mode, found.disabled_subscribers
    for endpoint, seen_at in found.seen.items():
        yield catalogue.SILENCE, {**mode, "endpoint": endpoint.value}, _age(seen_at, now)
    yield catalogue.EVENTS_MISSING, mode, found.are_events_missing(now)


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
