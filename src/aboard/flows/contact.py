"""How does Stripe answer this process, by what was heard last? Remembered, never asked for.

Each request to Stripe is seen here on its way: for the health, for the meter, and for a trace.

Source: ADR-0026, operations; docs/operations.md, health.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

from aboard.core.owner import Mode
from aboard.flows.meter import Measure, Meter
from aboard.flows.tracing import Attribute, Span, SpanKind, Tracer

_FAILURES_THAT_COUNT: Final = 3
_KEY_REFUSED: Final = 401
_NOT_NOW: Final = 429
_THEIR_FAULT: Final = 500
_REFUSED: Final = 400


class Standing(StrEnum):
    """What is known of Stripe in one mode."""

    UNKNOWN = "unknown"
    """Nobody has asked since the process started."""
    ANSWERING = "answering"
    AWAY = "away"
    """Several requests in a row had no answer, or "not now"."""
    KEY_REFUSED = "key_refused"
    """Stripe does not know the secret key."""


class Contact:
    """What this process heard of Stripe in one mode; times by the monotonic clock."""

    __slots__ = ("_failures", "_heard_at", "_is_key_refused", "_now")

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Start without having heard anything."""
        self._now = now
        self._failures = 0
        self._heard_at: float | None = None
        self._is_key_refused = False

    def heard(self, status: int) -> None:
        """Remember an answer."""
        if status == _NOT_NOW or status >= _THEIR_FAULT:
            self.missed()
            return
        self._failures = 0
        self._heard_at = self._now()
        self._is_key_refused = status == _KEY_REFUSED

    def missed(self) -> None:
        """Remember that nothing usable came."""
        self._failures += 1

    @property
    def standing(self) -> Standing:
        """Say how it stands, in one word."""
        if self._failures >= _FAILURES_THAT_COUNT:
            return Standing.AWAY
        if self._heard_at is None:
            return Standing.UNKNOWN
        return Standing.KEY_REFUSED if self._is_key_refused else Standing.ANSWERING

    @property
    def silence_seconds(self) -> float | None:
        """Return how long ago Stripe last answered; None if it never did."""
        return None if self._heard_at is None else self._now() - self._heard_at


class StripeWatch:
    """Sees the requests of one mode."""

    __slots__ = ("_contact", "_meter", "_mode", "_tracer")

    def __init__(self, mode: Mode, contact: Contact, meter: Meter, tracer: Tracer) -> None:
        """Tell the contact, the meter and the tracer."""
        self._mode, self._contact, self._meter, self._tracer = mode, contact, meter, tracer

    def asking(self, method: str, route: str) -> "_Asked":
        """Begin to watch one request."""
        span = self._tracer.span(SpanKind.STRIPE)
        return _Asked(self._mode, self._contact, self._meter, span, (method, route))


class _Asked:
    """One request on its way, in a span of its own."""

    __slots__ = ("_began_at", "_contact", "_meter", "_mode", "_route", "_span")

    def __init__(
        self, mode: Mode, contact: Contact, meter: Meter, span: Span, route: tuple[str, str]
    ) -> None:
        self._mode, self._contact, self._meter, self._span = mode, contact, meter, span
        self._route = route
        self._began_at = time.perf_counter()

    def __enter__(self) -> Self:
        self._span.__enter__()
        method, route = self._route
        self._span.say(Attribute.METHOD, method.upper())
        self._span.say(Attribute.ROUTE, route)
        self._span.say(Attribute.MODE, self._mode.value)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._span.__exit__(kind, error, trace)

    def answered(self, status: int, request_id: str | None) -> None:
        """Keep what Stripe said."""
        self._contact.heard(status)
        self._span.say(Attribute.STATUS, status)
        if request_id is not None:
            self._span.say(Attribute.STRIPE_REQUEST_ID, request_id)
        if status == _NOT_NOW or status >= _THEIR_FAULT:
            self._observe("not_now")
        else:
            self._observe("refused" if status >= _REFUSED else "done")

    def unanswered(self, cause: str) -> None:
        """Keep that nothing came."""
        self._contact.missed()
        self._span.fail(cause)
        self._observe("no_answer")

    def _observe(self, outcome: str) -> None:
        seconds = time.perf_counter() - self._began_at
        self._meter.observe(
            Measure.STRIPE_ANSWERED, seconds, mode=self._mode.value, outcome=outcome
        )
