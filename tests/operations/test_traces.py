"""A trace leads from a request to what Stripe was asked, in a closed list of words."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from aboard.app import build_app
from aboard.core.errors import AboardError
from aboard.core.secret import Secret
from aboard.flows.contact import StripeWatch
from aboard.flows.correlation import TRACE_ID
from aboard.flows.otel import OtelTracer
from aboard.flows.sync import sync_due
from aboard.flows.tracing import Attribute, SpanKind, Tracer, plain
from aboard.stripe_api.client import Stripe
from aboard.stripe_api.in_process import AsgiClient
from tests.leaks import SecretsInPlay
from tests.operations.conftest import fetch
from tests.scene import API, KEY, Receive, Scene, Scope, Send
from tests.store.rows import attached

ABOVE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Traced:
    """A scene whose platform is traced, and what was traced."""

    def __init__(self, scene: Scene, exporter: InMemorySpanExporter) -> None:
        self.heard: list[bytes] = []
        """The names of all headers that Stripe was sent."""
        tracer = OtelTracer(SimpleSpanProcessor(exporter))
        platform = scene.platform

        async def overheard(scope: Scope, receive: Receive, send: Send) -> None:
            self.heard += [name.lower() for name, _ in scope["headers"]]
            await scene.road(scope, receive, send)

        stripe = {
            mode: Stripe(
                Secret(KEY),
                mode=mode,
                api_base=known.api_base,
                http_client=AsgiClient({API: overheard}),
                max_retries=0,
                watch=StripeWatch(mode, platform.contacts[mode], platform.meter, tracer),
            )
            for mode, known in platform.stripe.items()
        }
        self.platform = replace(platform, tracer=tracer, stripe=stripe)
        self.app = build_app(self.platform, scene.settings)
        self._exporter = exporter

    def spans(self) -> dict[str, ReadableSpan]:
        return {span.name: span for span in self._exporter.get_finished_spans()}


@pytest.fixture
def traced(scene: Scene, secrets_in_play: SecretsInPlay) -> Iterator[Traced]:
    """Look into every span at the end: no secret may be in any."""
    exporter = InMemorySpanExporter()
    seen = Traced(scene, exporter)
    yield seen
    spans = exporter.get_finished_spans()
    assert spans
    for span in spans:
        secrets_in_play.look(span.to_json(), where="trace")
        assert set(span.attributes or {}) <= {attribute.value for attribute in Attribute}
        assert not span.events, "an exception's text would be here"
    seen.platform.tracer.close()


async def test_a_request_is_told_by_its_route_and_its_id(traced: Traced) -> None:
    await fetch(traced.app, "/v1/connect/accounts/org_words?mode=test&state=words")
    [span] = traced.spans().values()
    assert span.name == "request GET /v1/connect/accounts/{organization_id}"
    told = dict(span.attributes or {})
    assert told.pop("aboard.request_id")
    assert told == {
        "http.request.method": "GET",
        "http.route": "/v1/connect/accounts/{organization_id}",
        "http.response.status_code": 401,
    }
    assert span.status.status_code is StatusCode.UNSET


async def test_a_stranger_can_put_no_words_into_a_trace(traced: Traced) -> None:
    await fetch(traced.app, "/connect/enter/sk_live_words/whsec_words", "SPAM")
    [span] = traced.spans().values()
    assert span.name == "request other unmatched"


async def test_a_trace_goes_on_where_the_caller_began_it(scene: Scene, traced: Traced) -> None:
    headers = [(b"traceparent", ABOVE.encode())]
    messages: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(message: object) -> None:
        messages.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/health/live",
        "query_string": b"",
        "headers": headers,
        "root_path": "",
    }
    await traced.app(scope, receive, send)
    [span] = traced.spans().values()
    assert span.context is not None
    assert span.parent is not None
    assert f"{span.context.trace_id:032x}" == ABOVE.split("-")[1]
    assert f"{span.parent.span_id:016x}" == ABOVE.split("-")[2]
    assert len(scene.road.calls) == 0


async def test_a_sync_holds_what_stripe_was_asked_and_its_request_id(
    scene: Scene, traced: Traced
) -> None:
    await attached(traced.platform.store, stripe_account_id="acct_words")
    scene.clock.advance(timedelta(seconds=1))
    await sync_due(traced.platform)
    spans = traced.spans()
    asked = spans["stripe GET /v1/accounts/{id}"]
    sync = spans["sync"]
    assert asked.parent is not None
    assert sync.context is not None
    assert asked.parent.span_id == sync.context.span_id
    told = dict(asked.attributes or {})
    assert re.fullmatch(r"req_\w+", str(told["stripe.request_id"]))
    assert told["aboard.mode"] == "test"


async def test_what_went_wrong_is_a_word_and_never_a_text(traced: Traced) -> None:
    class Leaking(Exception):
        """Says what it should not."""

    def fail() -> None:
        with traced.platform.tracer.span(SpanKind.DELIVERY):
            raise Leaking("sk_live_words")

    with suppress(Leaking):
        fail()
    [span] = traced.spans().values()
    assert dict(span.attributes or {}) == {"error.type": "Leaking"}
    assert span.status.description is None

    def refuse() -> None:
        with traced.platform.tracer.span(SpanKind.DELIVERY):
            raise AboardError

    with suppress(AboardError):
        refuse()


async def test_lines_and_subscribers_are_told_the_trace(traced: Traced) -> None:
    tracer = traced.platform.tracer
    assert tracer.carry() == {}
    with tracer.span(SpanKind.DELIVERY):
        carried = tracer.carry()
        assert TRACE_ID.get() == carried["traceparent"].split("-")[1]
    assert TRACE_ID.get() == ""
    assert set(carried) == {"traceparent"}


async def test_stripe_is_told_nothing_of_the_trace(traced: Traced) -> None:
    await attached(traced.platform.store, stripe_account_id="acct_words")
    await sync_due(traced.platform)
    assert b"authorization" in traced.heard
    assert b"traceparent" not in traced.heard


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("req_words", "req_words"),
        ("/v1/{id}", "/v1/{id}"),
        (200, 200),
        ("a b", "other"),
        ("https://shop.example/?x=1", "other"),
        ("x" * 129, "other"),
        ("", "other"),
    ],
)
def test_a_value_is_a_plain_word_or_told_as_other(value: str | int, told: str | int) -> None:
    assert plain(value) == told


def test_without_a_collector_nothing_is_loaded_and_nothing_fails() -> None:
    tracer = Tracer()
    with tracer.span(SpanKind.SYNC) as span:
        span.say(Attribute.MODE, "test")
        span.fail("words")
    assert tracer.carry() == {}
    code = (
        "import sys; import aboard.app, aboard.cli.serve;"
        "print([name for name in sys.modules if 'opentelemetry' in name or 'prometheus' in name])"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own program
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_traces_without_the_extra_are_refused_with_what_to_install() -> None:
    code = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "opentelemetry":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
from aboard.core.errors import SettingsRefused
from aboard.settings import load_settings
try:
    load_settings({"ABOARD_TRACES": "true"})
except SettingsRefused as refused:
    print([problem for problem in refused.problems if "ABOARD_TRACES" in problem])
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own program
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "needs the extra: install aboard[otel]" in done.stdout
