"""Does the official library's client list and call what is allowed, and is it refused the rest?"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aboard.core.lending.calls import ANSWERED, Via
from aboard.core.lending.catalogue import all_operations
from aboard.gateway.toolbox.protocol import describe_tool, tool_name
from tests.gateway.agents import (
    ALLOWED,
    MODES,
    NAMES,
    connected,
    content,
    every_tool,
    without_the_library,
)
from tests.gateway.gate import Gate


@pytest.mark.parametrize("mode", MODES)
async def test_the_list_is_exactly_what_is_allowed(gate: Gate, mode: str) -> None:
    token = await gate.caller(allow=ALLOWED)
    async with connected(gate, token, mode) as client:
        assert {tool.name for tool in await every_tool(client)} == NAMES
    assert await gate.rows() == []


async def test_a_long_list_comes_in_pages_and_whole(gate: Gate) -> None:
    token = await gate.caller()
    async with connected(gate, token) as client:
        tools = await every_tool(client)
        assert (await client.list_tools(cursor="nonsense")).tools == []
    assert len(tools) == 103
    assert {tool.name for tool in tools} == {
        tool_name(each) for each in all_operations() if each.id != "files.create"
    }


def test_every_name_is_one_that_clients_take() -> None:
    names = [tool_name(each) for each in all_operations()]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 64 and name.replace("_", "a").isalnum() for name in names)


def test_what_takes_something_away_is_marked() -> None:
    marked = {each.id: describe_tool(each.id).annotations for each in all_operations()}
    for operation_id in ("accounts.delete", "accounts.reject", "v2_core_accounts.close"):
        annotations = marked[operation_id]
        assert annotations is not None
        assert annotations.destructive_hint
        assert not annotations.read_only_hint
    read = marked["accounts.list"]
    assert read is not None
    assert read.read_only_hint
    assert not read.destructive_hint


@pytest.mark.parametrize("mode", MODES)
async def test_a_seller_is_onboarded_by_tools_alone(
    gate: Gate, stripe_sandbox_url: str, mode: str
) -> None:
    async with gate.towards(stripe_sandbox_url) as before_sandbox:
        token = await gate.caller(allow=ALLOWED)
        async with connected(before_sandbox, token, mode) as client:
            made = await client.call_tool("accounts_create", {"type": "express", "country": "DE"})
            assert not made.is_error
            account = json.loads(content(made))["data"]["id"]
            link = await client.call_tool(
                "account_links_create",
                {
                    "account": account,
                    "type": "account_onboarding",
                    "refresh_url": "http://localhost:4280/again",
                    "return_url": "http://localhost:4280/back",
                },
            )
            assert json.loads(content(link))["data"]["url"].startswith("http")
            read = await client.call_tool("accounts_retrieve", {"account": account})
            assert json.loads(content(read))["data"]["details_submitted"] is False
    assert sorted((row.via, row.outcome, row.operation or "") for row in await gate.rows()) == [
        (Via.MCP, ANSWERED, "account_links.create"),
        (Via.MCP, ANSWERED, "accounts.create"),
        (Via.MCP, ANSWERED, "accounts.retrieve"),
    ]


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("payouts_create", {"amount": 1, "currency": "eur"}, "operation_not_allowed"),
        ("accounts_delete", {"account": "acct_1"}, "operation_not_allowed"),
        ("no_such_tool", {}, "operation_unknown"),
        ("../whoami", {}, "operation_unknown"),
        ("files_create", {"file": "x", "purpose": "identity_document"}, "operation_not_allowed"),
        ("account_links_create", {"account": "acct_1"}, "argument_missing"),
        ("account_links_create", {"account": "acct_1", "type": "x"}, "argument_invalid"),
        ("accounts_retrieve", {"account": "../balance"}, "argument_invalid"),
        ("accounts_list", {"authorization": "Bearer x"}, "argument_unknown"),
    ],
)
async def test_what_is_not_allowed_is_refused_and_written_down(
    gate: Gate, tool: str, arguments: dict[str, object], code: str
) -> None:
    token = await gate.caller(allow=ALLOWED)
    async with connected(gate, token) as client:
        refused = await client.call_tool(tool, arguments)
    assert refused.is_error
    assert json.loads(content(refused))["error"]["code"] == code
    row = await gate.row()
    assert (row.via, row.outcome) == (Via.MCP, code)
    assert gate.recorder.heard == []


async def test_a_stranger_is_refused_before_mcp_is_spoken(gate: Gate) -> None:
    for token in (None, "aboard_test_" + "x" * 43):
        answered = await gate.ask(
            "POST /mcp", token, "Content-Type: application/json", body=b'{"jsonrpc": "2.0"}'
        )
        assert answered.status == 401
        assert answered.header("www-authenticate") is not None
    assert {row.via for row in await gate.rows()} == {Via.MCP}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff", b'{"jsonrpc": "2.0"}', b"[" * 100_000],
    ids=["nothing", "half", "list", "null", "bytes", "no method", "deep"],
)
async def test_what_is_no_message_is_told_so(gate: Gate, body: bytes) -> None:
    token = await gate.caller()
    answered = await gate.ask(
        "POST /mcp",
        token,
        "Content-Type: application/json",
        "Accept: application/json, text/event-stream",
        body=body,
    )
    assert 400 <= answered.status < 500
    assert json.loads(answered.body)["error"]
    assert answered.header("cache-control") == "no-store"


async def test_a_body_has_the_gateways_bounds_here_too(gate: Gate) -> None:
    token = await gate.caller()
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "' + b"x" * (1 << 20) + b'"}'
    answered = await gate.ask("POST /mcp", token, "Content-Type: application/json", body=body)
    assert (answered.status, answered.code) == (413, "body_too_large")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_there_is_no_stream_and_no_session(gate: Gate, method: str) -> None:
    token = await gate.caller()
    answered = await gate.ask(f"{method} /mcp", token, "Accept: text/event-stream")
    assert (answered.status, answered.code) == (405, "method_not_allowed")
    assert answered.header("allow") == "POST"
    assert await gate.rows() == []


def test_nobody_loads_the_library_who_does_not_speak_it() -> None:
    script = (
        "import sys, aboard, aboard.app, aboard.gateway, aboard.gateway.toolbox.speaking\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('mcp', 'mcp_types')])"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


def test_without_the_library_the_reason_is_told(tmp_path: Path) -> None:
    script = (
        "from aboard.core.lending.refusals import CallRefused\n"
        "from aboard.gateway.toolbox.speaking import load_protocol\n"
        "try:\n"
        "    load_protocol()\n"
        "except CallRefused as refused:\n"
        "    print(refused.code, refused.ruling.status, refused.ruling.message)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env=without_the_library(tmp_path),
    )
    assert done.stdout.startswith("mcp_not_installed 501")
    assert "aboard[mcp]" in done.stdout
