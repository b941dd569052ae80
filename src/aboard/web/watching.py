"""How long does each answer take, and which trace does it belong to? The layer around all faces.

What is told of a request is its method, the template of its route, and the status: never the path
that came, because it holds ids, and sometimes a ticket.

Source: ADR-0026, operations; OpenTelemetry's semantic conventions, HTTP spans.
"""

import time
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any, Final

from aboard.flows.meter import Measure
from aboard.flows.platform import Platform
from aboard.flows.tracing import Attribute, Span, SpanKind
from aboard.web.exchange import find_exchange

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_NOWHERE: Final = "unmatched"
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_CARRIED: Final = b"traceparent"
_THEIR_FAULT: Final = 500


class Watched:
    """An application whose answers are measured, and traced where somebody wants traces.

    `bare` are the paths that no framework matches: each is its own template. What is below one
    of `unmeasured` is measured where it is answered.
    """

    def __init__(
        self,
        app: AsgiApp,
        platform: Platform,
        *,
        bare: Collection[str],
        unmeasured: tuple[str, ...],
    ) -> None:
        """Wrap the application that answers."""
        self._app, self._platform = app, platform
        self._bare, self._unmeasured = frozenset(bare), unmeasured

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; lifespan and others pass untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        tracer = self._platform.tracer
        is_measured = not _inner_path(scope).startswith(self._unmeasured)
        if not tracer.is_on and not is_measured:
            await self._app(scope, receive, send)
            return
        carried = _carried(scope) if tracer.is_on else None
        began = time.perf_counter()
        answer = _Answer(send)
        with tracer.span(SpanKind.REQUEST, carried) as span:
            try:
                await self._app(scope, receive, answer.send)
            finally:
                route = self._route_of(scope)
                if is_measured:
                    self._platform.meter.observe(
                        Measure.REQUEST_ANSWERED,
                        time.perf_counter() - began,
                        route=route,
                        outcome=answer.outcome,
                    )
                _say(span, scope, route, answer.status)

    def _route_of(self, scope: Scope) -> str:
        template: str | None = scope.get("path_template")
        if template is not None:
            return template
        inner = _inner_path(scope)
        return inner if inner in self._bare else _NOWHERE


class _Answer:
    """Sees the status of an answer that passes."""

    __slots__ = ("_send", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def send(self, message: Scope) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)

    @property
    def outcome(self) -> str:
        return f"{self.status // 100}xx" if self.status else "none"


def _say(span: Span, scope: Scope, route: str, status: int) -> None:
    method: str = scope["method"]
    span.say(Attribute.METHOD, method if method in _METHODS else "other")
    span.say(Attribute.ROUTE, route)
    exchange = find_exchange(scope)
    if exchange is not None:
        span.say(Attribute.REQUEST_ID, exchange.request_id)
    if status:
        span.say(Attribute.STATUS, status)
    if status >= _THEIR_FAULT:
        span.fail(str(status))


def _inner_path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _carried(scope: Scope) -> dict[str, str]:
    found = [value for name, value in scope["headers"] if name == _CARRIED]
    return {"traceparent": found[0].decode("latin-1")} if found else {}
