"""Does a tool call go up as Stripe takes it, come back whole, and leave one row?"""

import asyncio
import json
from urllib.parse import parse_qsl

import pytest

from aboard.core.lending.callers import CallLimits
from aboard.core.lending.calls import ANSWERED, Via
from aboard.core.lending.refusals import RefusalCode
from tests.gateway.gate import MARKER, Gate
from tests.gateway.recording import answer, holding
from tests.gateway.speaking import Answered, request, say

LINK = {"account": "acct_1", "type": "account_onboarding"}
JSON = "Content-Type: application/json"


async def call(gate: Gate, tool: str, token: str | None, arguments: object) -> Answered:
    body = json.dumps({"args": arguments}).encode()
    return await gate.ask(f"POST /tools/{tool}", token, JSON, body=body)


async def test_a_call_is_sent_as_a_form_and_told_with_its_row(gate: Gate) -> None:
    token = await gate.caller()
    answered = await call(
        gate,
        "account_links/create",
        token,
        {**LINK, "expand": ["a"], "idempotency_key": "once", "stripe_account": "acct_9"},
    )
    (heard,) = gate.recorder.heard
    assert heard.line == b"POST /v1/account_links HTTP/1.1"
    assert heard.headers(b"authorization") == [f"Bearer {MARKER}".encode()]
    assert heard.headers(b"idempotency-key") == [b"once"]
    assert heard.headers(b"stripe-account") == [b"acct_9"]
    assert heard.headers(b"stripe-version") == [b"2026-10-28.endive"]
    assert parse_qsl(heard.body.decode()) == [
        ("account", "acct_1"),
        ("expand[0]", "a"),
        ("type", "account_onboarding"),
    ]
    row = await gate.row()
    assert (row.via, row.outcome, row.operation) == (Via.TOOLS, ANSWERED, "account_links.create")
    assert (row.status, row.upstream_status, row.account) == (200, 200, "acct_9")
    content = json.loads(answered.body)
    assert content["data"] == {"id": "acct_1", "object": "account"}
    meta = content["meta"]
    assert (meta["status"], meta["stripeRequestId"]) == (200, "req_recorded")
    assert meta["requestId"] == row.id == answered.header("aboard-request-id")
    assert answered.header("cache-control") == "no-store"
    assert answered.header("request-id") == "req_recorded"


async def test_a_caller_who_hangs_up_ends_the_call_at_stripe(gate: Gate) -> None:
    token = await gate.caller()
    hold, left = holding()
    gate.recorder.script.append(hold)
    _, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    body = json.dumps({"args": LINK}).encode()
    writer.write(request("POST /tools/account_links/create", token, JSON, body=body))
    await gate.recorder.came.wait()
    await asyncio.sleep(0.1)
    writer.transport.abort()
    await asyncio.wait_for(left.wait(), 0.7)  # long before the first byte would be missed
    row = await gate.row_soon()
    assert (row.via, row.outcome) == (Via.TOOLS, RefusalCode.CALLER_GONE)


async def test_a_read_has_its_arguments_in_path_and_query(gate: Gate) -> None:
    token = await gate.caller()
    await call(gate, "persons/list", token, {"account": "acct_1", "limit": 2})
    assert gate.recorder.heard[0].line == b"GET /v1/accounts/acct_1/persons?limit=2 HTTP/1.1"
    assert gate.recorder.heard[0].body == b""


async def test_the_second_generation_is_sent_as_json(gate: Gate) -> None:
    token = await gate.caller()
    arguments = {"id": "acct_1", "display_name": "Zoë", "metadata": {"a": None}}
    await call(gate, "v2_core_accounts/update", token, arguments)
    (heard,) = gate.recorder.heard
    assert heard.line == b"POST /v2/core/accounts/acct_1 HTTP/1.1"
    assert heard.headers(b"content-type") == [b"application/json"]
    assert json.loads(heard.body) == {"display_name": "Zoë", "metadata": {"a": None}}


async def test_stripes_error_keeps_its_status_and_its_words(gate: Gate) -> None:
    token = await gate.caller()
    error = b'{"error": {"type": "invalid_request_error", "message": "No such account"}}'
    gate.recorder.usual = answer(
        error, status=b"404 Not Found", headers=(b"Stripe-Should-Retry: false",)
    )
    answered = await call(gate, "accounts/retrieve", token, {"account": "acct_2"})
    assert answered.status == 404
    content = json.loads(answered.body)
    assert content["data"] == json.loads(error)
    assert content["meta"]["status"] == 404
    assert answered.header("stripe-should-retry") == "false"
    row = await gate.row()
    assert (row.outcome, row.status, row.upstream_status) == (ANSWERED, 404, 404)


async def test_numbers_come_back_as_stripe_wrote_them(gate: Gate) -> None:
    token = await gate.caller()
    body = b'{"a":1.10,"b":12345678901234567890123,"c":"\\u00e9"}'
    gate.recorder.usual = answer(body)
    answered = await call(gate, "balance/retrieve", token, {})
    assert b'"data":' + body in answered.body


async def test_what_is_no_json_comes_back_as_text(gate: Gate) -> None:
    token = await gate.caller()
    gate.recorder.usual = answer(b"<html>\xff busy</html>", status=b"503 Busy")
    answered = await call(gate, "balance/retrieve", token, {})
    assert answered.status == 503
    assert json.loads(answered.body)["data"] == "<html>\ufffd busy</html>"


@pytest.mark.parametrize(
    ("body", "status", "code", "param"),
    [
        (b"", 400, "body_malformed", None),
        (b"{", 400, "body_malformed", None),
        (b"[]", 400, "body_malformed", None),
        (b"null", 400, "body_malformed", None),
        (b"\xff", 400, "body_malformed", None),
        (b'{"args": {"a": NaN}}', 400, "body_malformed", None),
        (b'{"args": ' + b"[" * 100_000, 400, "body_malformed", None),
        (b'{"args": {"a": ' + b"9" * 5000 + b"}}", 400, "body_malformed", None),
        (b'{"args": {}, "args": {}}', 400, "body_malformed", None),
        (b'{"args": {"account": "a", "account": "b"}}', 400, "body_malformed", None),
        (b"{}", 400, "argument_missing", "args"),
        (b'{"args": {}, "stream": true}', 400, "argument_unknown", None),
        (b'{"args": []}', 400, "argument_invalid", "args"),
        (b'{"args": null}', 400, "argument_invalid", "args"),
        (b'{"args": {}}', 400, "argument_missing", "account"),
        (b'{"args": {"account": "acct_1", "type": 1}}', 400, "argument_invalid", "type"),
        (b'{"args": {"account": "\\ud800", "type": "x"}}', 400, "argument_invalid", "account"),
        (b'{"args": {"x": 1}}', 400, "argument_unknown", "x"),
        (b'{"args": ' + b" " * (1 << 20) + b"{}}", 413, "body_too_large", None),
    ],
)
async def test_what_does_not_fit_is_refused_before_any_network(
    gate: Gate, body: bytes, status: int, code: str, param: str | None
) -> None:
    token = await gate.caller()
    answered = await gate.ask("POST /tools/account_links/create", token, JSON, body=body)
    assert (answered.status, answered.code) == (status, code)
    assert answered.error.get("param") == param
    row = await gate.row()
    assert (row.via, row.outcome, row.status) == (Via.TOOLS, code, status)
    assert row.operation == "account_links.create"
    assert gate.recorder.heard == []


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "text/plain", ""])
async def test_a_tool_takes_json_alone(gate: Gate, media_type: str) -> None:
    token = await gate.caller()
    answered = await gate.ask(
        "POST /tools/balance/retrieve", token, f"Content-Type: {media_type}", body=b'{"args": {}}'
    )
    assert (answered.status, answered.code) == (415, "media_type_refused")


async def test_what_is_not_allowed_is_refused_before_its_arguments_are_read(gate: Gate) -> None:
    token = await gate.caller(allow=("accounts:read",))
    answered = await call(gate, "account_links/create", token, {"nonsense": True})
    assert (answered.status, answered.code) == (403, "operation_not_allowed")
    assert "account_links:create" in answered.error["message"]
    assert (await gate.row()).outcome == "operation_not_allowed"
    assert gate.recorder.heard == []


async def test_owners_hold_for_tools_as_for_the_proxy(gate: Gate) -> None:
    await gate.connect("ada", "acct_ada")
    await gate.connect("bob", "acct_bob")
    token = await gate.caller(owners=("creator:ada",))
    assert (await call(gate, "accounts/retrieve", token, {"account": "acct_ada"})).status == 200
    for tool, arguments in (
        ("accounts/retrieve", {"account": "acct_bob"}),
        ("account_links/create", {**LINK, "account": "acct_bob"}),
        ("account_links/create", {**LINK, "account": "acct_ada", "stripe_account": "acct_bob"}),
        ("accounts/list", {}),
        ("v2_core_account_links/create", {"account": "acct_bob", "use_case": {
            "type": "account_onboarding"}}),
    ):  # fmt: skip
        answered = await call(gate, tool, token, arguments)
        assert (answered.status, answered.code) == (403, "owner_not_allowed"), tool
    assert len(gate.recorder.heard) == 1


async def test_limits_hold_and_say_when_to_come_back(gate: Gate) -> None:
    token = await gate.caller(limits=CallLimits(per_second=None, per_day=1))
    assert (await call(gate, "balance/retrieve", token, {})).status == 200
    answered = await call(gate, "balance/retrieve", token, {})
    assert (answered.status, answered.code) == (429, "daily_budget_spent")
    assert sorted(row.outcome for row in await gate.rows()) == [ANSWERED, "daily_budget_spent"]


async def test_a_token_in_an_argument_never_goes_up(gate: Gate) -> None:
    token = await gate.caller()
    answered = await call(gate, "accounts/create", token, {"metadata": {"note": token}})
    assert (answered.status, answered.code) == (400, "token_misplaced")
    assert gate.recorder.heard == []


async def test_an_answer_that_breaks_off_is_not_told_as_one(gate: Gate) -> None:
    token = await gate.caller()

    async def break_off(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer()[:-5])
        await writer.drain()

    gate.recorder.usual = break_off
    answered = await call(gate, "balance/retrieve", token, {})
    assert (answered.status, answered.code) == (502, "upstream_broken_off")
    row = await gate.row()
    assert row.outcome == "upstream_broken_off"


async def test_no_answer_at_all_is_told_in_stripes_form(gate: Gate) -> None:
    token = await gate.caller()

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    gate.recorder.usual = hang_up
    answered = await call(gate, "accounts/create", token, {})
    assert answered.status == 502
    assert answered.code.startswith("upstream_")
    assert (await gate.row()).outcome == answered.code


async def test_a_slow_body_is_not_waited_for(gate: Gate) -> None:
    token = await gate.caller()
    whole = request("POST /tools/balance/retrieve", token, JSON, body=b'{"args": {}}')
    answered = await say(gate.port, whole[:-4])
    assert answered.code in {"body_too_slow", "body_broken_off"}
    assert gate.recorder.heard == []
