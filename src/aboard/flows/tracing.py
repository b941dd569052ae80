"""What may a trace say? A closed list of spans and of attributes, whoever writes them down.

What stands here writes nothing down: without a collector, tracing costs one call. The tracer that
speaks OpenTelemetry is in `aboard.flows.otel`, and is loaded only where it is wanted.

Source: ADR-0026, operations; OpenTelemetry's semantic conventions, HTTP spans.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./{}:-]{1,128}\Z")
_OTHER: Final = "other"


class SpanKind(StrEnum):
    """Every piece of work that is traced."""

    REQUEST = "request"
    """One HTTP request of the service."""
    STRIPE = "stripe"
    """One request to Stripe, with its retries."""
    SYNC = "sync"
    """One account, read and remembered."""
    DELIVERY = "delivery"
    """One attempt to tell a subscriber."""


class Attribute(StrEnum):
    """Every word that a span may say of itself."""

    ENDPOINT = "aboard.endpoint"
    ERROR = "error.type"
    METHOD = "http.request.method"
    MODE = "aboard.mode"
    OUTCOME = "aboard.outcome"
    READINESS = "aboard.readiness"
    REQUEST_ID = "aboard.request_id"
    ROUTE = "http.route"
    STATUS = "http.response.status_code"
    STRIPE_REQUEST_ID = "stripe.request_id"


class Span:
    """One piece of work, for as long as its block runs. This one is written down by nobody."""

    __slots__ = ()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End; what was raised goes on."""

    def say(self, attribute: Attribute, value: str | int) -> None:
        """Say one thing of it."""

    def fail(self, cause: str) -> None:
        """Say that it went wrong, by a stable word."""


class Tracer:
    """Begins spans. This one writes nothing down."""

    __slots__ = ()

    is_on: bool = False

    def span(self, kind: SpanKind, carried: Mapping[str, str] | None = None) -> Span:  # noqa: ARG002 - for those who write
        """Return a span below the one that is open here, or below what was `carried` in."""
        return _NOTHING

    def carry(self) -> Mapping[str, str]:
        """Return the headers that let a subscriber go on with the trace: `traceparent`, or none.

        Never for Stripe.
        """
        return {}

    def close(self) -> None:
        """Send what is left, for a bounded time."""


_NOTHING: Final = Span()


def plain(value: str | int) -> str | int:
    """Return a value as it may be told: a number, or a word without anything odd in it.

    >>> plain("/v1/accounts/{id}"), plain("https://shop.example/?code=words")
    ('/v1/accounts/{id}', 'other')
    """
    if isinstance(value, int):
        return int(value)
    return value if _PLAIN.match(value) else _OTHER
