"""Does the sandbox keep its countenance, whatever is thrown at it?"""

import asyncio
import json
from urllib.parse import quote_plus

import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboard.sandbox import Sandbox
from aboard.sandbox.call import Route
from aboard.sandbox.routes import all_routes
from tests.sandbox.conftest import KEY, Answer, Wire
from tests.sandbox.test_shapes import problems

ROUNDS = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
KNOWN = sorted({name for route in all_routes() for name in route.params.kinds})
INNER = ["", "0", "1", "-1", "first_name", "dob", "day", "front", "requested", "gte", "\x00", "ü"]
VALUES = ["", "true", "false", "0", "1", "-1", "9" * 30, "express", "custom", "company", "US", "*"]
SECRETS = (KEY.encode(), b"Traceback")

name = st.one_of(st.sampled_from(KNOWN), st.text(max_size=8))
part = st.one_of(st.sampled_from(INNER), st.text(max_size=6))
value = st.one_of(st.sampled_from(VALUES), st.text(max_size=20))
field = st.tuples(name, st.lists(part, max_size=4), value)
form = st.lists(field, max_size=8)
segment = st.one_of(
    st.sampled_from(["v1", "accounts", "account", "events", "login_links", "account_links"]),
    st.sampled_from(["_sandbox", "clock", "links", "deliveries", "resend", "..", "%00", "acct_1"]),
    st.text(max_size=6),
)
header = st.text(st.characters(max_codepoint=255), max_size=40)
method = st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS", "BREW"])


def encode(fields: list[tuple[str, list[str], str]]) -> bytes:
    return "&".join(
        quote_plus(first + "".join(f"[{each}]" for each in parts), errors="replace")
        + "="
        + quote_plus(text, errors="replace")
        for first, parts, text in fields
    ).encode()


def check(answer: Answer) -> None:
    assert answer.status < 500, (answer.status, answer.body)
    if answer.status >= 400 and isinstance(answer.json["error"], str):  # OAuth's own envelope
        assert answer.json["error_description"]
    elif answer.status >= 400:
        assert answer.error["type"] in {"invalid_request_error", "idempotency_error"}
        assert answer.error["message"]
    for secret in SECRETS:
        assert secret not in answer.body


def send(wire: Wire, *args: str | bytes, **headers: str) -> Answer:
    verb, path, *rest = args
    assert isinstance(verb, str)
    assert isinstance(path, str)
    return asyncio.run(wire.send(verb, path, *rest, **headers))


def a_world() -> tuple[Wire, str]:
    wire = Wire(Sandbox(seed=1))
    made = send(wire, "POST", "/v1/accounts", "type=express&business_type=individual")
    account_id = made.json["id"]
    assert isinstance(account_id, str)
    return wire, account_id


@ROUNDS
@given(route=st.sampled_from(all_routes()), fields=form)
def test_any_form_to_any_operation(route: object, fields: list[tuple[str, list[str], str]]) -> None:
    wire, account_id = a_world()
    operation = next(each for each in all_routes() if each is route)
    path = operation.template.replace("{account}", account_id)
    if operation.method == "POST":
        check(send(wire, "POST", path, encode(fields)))
    else:
        check(send(wire, operation.method, f"{path}?{encode(fields).decode()}"))
    if operation.method != "DELETE":
        seen = send(wire, "GET", f"/v1/accounts/{account_id}")
        assert seen.status == 200, seen.body
        assert list(problems(stripe.Account, seen.json, "account")) == []
        due = seen.json["requirements"]
        assert set(due["past_due"]) <= set(due["currently_due"]) <= set(due["eventually_due"])


SECOND = [route for route in all_routes() if route.template.startswith("/v2/")]
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), value),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(name | part, inner, max_size=4),
    max_leaves=10,
)
GOOD = {
    "name": "a",
    "type": "webhook_endpoint",
    "event_payload": "thin",
    "enabled_events": ["*"],
    "webhook_endpoint": {"url": "http://localhost/hook"},
}


@ROUNDS
@given(
    route=st.sampled_from(SECOND),
    body=JSON | st.dictionaries(st.sampled_from([*GOOD, "include", "metadata"]), JSON, max_size=3),
    query=form,
    is_whole=st.booleans(),
)
def test_any_json_to_the_second_generation(
    route: Route, body: object, query: list[tuple[str, list[str], str]], *, is_whole: bool
) -> None:
    wire = Wire(Sandbox(seed=1))
    headers = {"content_type": "application/json", "stripe_version": "2026-10-28.endive"}
    path = "/v2/core/event_destinations"
    made = send(wire, "POST", path, json.dumps(GOOD), **headers).json
    path = route.template.replace("{id}", made["id"])
    if route.method == "POST":
        whole = {**GOOD, **body} if is_whole and isinstance(body, dict) else body
        check(send(wire, "POST", path, json.dumps(whole), **headers))
    else:
        check(send(wire, route.method, f"{path}?{encode(query).decode()}", **headers))


@ROUNDS
@given(method=method, segments=st.lists(segment, max_size=6), body=st.binary(max_size=60))
def test_any_path(method: str, segments: list[str], body: bytes) -> None:
    wire, _ = a_world()
    path = "/" + "/".join(segments)
    if path.startswith(("/setup/", "/express/", "/hosted/")):
        return
    answer = send(wire, method, path.replace("?", ""), body)
    if method == "HEAD":
        assert (answer.body, answer.status < 500) == (b"", True)
    else:
        check(answer)


@ROUNDS
@given(body=st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    wire, _ = a_world()
    check(send(wire, "POST", "/v1/accounts", body))


@ROUNDS
@given(
    authorization=header,
    stripe_account=header,
    stripe_version=header,
    idempotency_key=header,
    content_type=header,
)
def test_any_headers(**headers: str) -> None:
    wire, _ = a_world()
    check(send(wire, "POST", "/v1/accounts", b"type=express", **headers))


@ROUNDS
@given(account=st.text(max_size=30), kind=st.text(max_size=20), url=st.text(max_size=60))
def test_any_link(account: str, kind: str, url: str) -> None:
    wire, account_id = a_world()
    fields: list[tuple[str, list[str], str]] = [
        ("account", [], account or account_id),
        ("type", [], kind if kind.startswith("a") else "account_onboarding"),
        ("refresh_url", [], url),
        ("return_url", [], f"http://localhost/{url}"),
    ]
    check(send(wire, "POST", "/v1/account_links", encode(fields)))
