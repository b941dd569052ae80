"""How does a trace reach a collector? By OpenTelemetry's SDK, over HTTP, as its variables say.

Loaded only where traces are switched on: it needs the extra `otel`. Exceptions are told by their
type, because a text may hold what must stay shut.

Source: ADR-0026, operations; OpenTelemetry's documentation, "SDK environment variables" and
"OTLP exporter"; W3C, "Trace Context".
"""

import os
from collections.abc import Mapping
from contextvars import Token
from types import TracebackType
from typing import Final, Self

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from aboard.flows.correlation import TRACE_ID
from aboard.flows.tracing import Attribute, Span, SpanKind, Tracer, plain

_LAST_MILLISECONDS: Final = 3000
_KINDS: Final = {
    SpanKind.REQUEST: trace.SpanKind.SERVER,
    SpanKind.STRIPE: trace.SpanKind.CLIENT,
    SpanKind.SYNC: trace.SpanKind.INTERNAL,
    SpanKind.DELIVERY: trace.SpanKind.PRODUCER,
}
_PROPAGATOR: Final = TraceContextTextMapPropagator()


class OtelTracer(Tracer):
    """Writes spans down for a processor, which sends them to a collector."""

    __slots__ = ("_provider", "_tracer")

    is_on = True

    def __init__(self, processor: SpanProcessor) -> None:
        """Keep the provider to ourselves: none is set for the whole process."""
        # The name that the environment gives wins, by the SDK's own rules.
        named = "OTEL_SERVICE_NAME" in os.environ or "service.name" in os.environ.get(
            "OTEL_RESOURCE_ATTRIBUTES", ""
        )
        resource = Resource.create({} if named else {SERVICE_NAME: "aboard"})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("aboard")

    def span(self, kind: SpanKind, carried: Mapping[str, str] | None = None) -> Span:
        """Return a span below the one that is open here, or below what was `carried` in."""
        above = None if not carried else _PROPAGATOR.extract(carried, contexts.Context())
        return _OtelSpan(self._tracer, kind, above)

    def carry(self) -> Mapping[str, str]:
        """Return `traceparent` of the span that is open here."""
        headers: dict[str, str] = {}
        _PROPAGATOR.inject(headers)
        return {name: value for name, value in headers.items() if name == "traceparent"}

    def close(self) -> None:
        """Send what is left, for three seconds at most."""
        self._provider.force_flush(_LAST_MILLISECONDS)
        self._provider.shutdown()


class _OtelSpan(Span):
    """One span, open between `__enter__` and `__exit__`."""

    __slots__ = ("_above", "_inner", "_kind", "_method", "_outer", "_route", "_token", "_tracer")

    def __init__(
        self, tracer: trace.Tracer, kind: SpanKind, above: contexts.Context | None
    ) -> None:
        self._tracer, self._kind, self._above = tracer, kind, above
        self._method = self._route = ""
        self._inner: trace.Span = trace.INVALID_SPAN
        self._outer: Token[contexts.Context] | None = None
        self._token: Token[str] | None = None

    def __enter__(self) -> Self:
        self._inner = self._tracer.start_span(
            self._kind.value,
            context=self._above,
            kind=_KINDS[self._kind],
            record_exception=False,
            set_status_on_exception=False,
        )
        self._outer = contexts.attach(trace.set_span_in_context(self._inner, self._above))
        trace_id = self._inner.get_span_context().trace_id
        self._token = TRACE_ID.set(trace.format_trace_id(trace_id))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.fail(getattr(error, "code", kind.__name__))
        if self._route:
            self._inner.update_name(f"{self._kind} {self._method} {self._route}")
        self._inner.end()
        if self._token is not None:
            TRACE_ID.reset(self._token)
        if self._outer is not None:
            contexts.detach(self._outer)

    def say(self, attribute: Attribute, value: str | int) -> None:
        told = plain(value)
        self._inner.set_attribute(Attribute(attribute).value, told)
        if attribute is Attribute.METHOD:
            self._method = str(told)
        elif attribute is Attribute.ROUTE:
            self._route = str(told)

    def fail(self, cause: str) -> None:
        self.say(Attribute.ERROR, str(cause))
        self._inner.set_status(trace.StatusCode.ERROR)


def open_tracer() -> Tracer:
    """Return a tracer that sends in the background, where the `OTEL_*` variables say."""
    return OtelTracer(BatchSpanProcessor(OTLPSpanExporter()))
