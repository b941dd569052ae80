"""Are the tools that a caller may use listed, found, described, and nothing else written down?"""

import json
from typing import Any
from urllib.parse import quote

import pytest

from aboard.cli import servers
from aboard.core.lending.calls import Via
from aboard.core.owner import Mode
from aboard.gateway import Gateway
from aboard.gateway.listening import GatewayProtocol
from tests.gateway.gate import QUICK, Gate
from tests.gateway.speaking import Answered, request, say

READS = ("accounts:read", "account_links:create")


def told(answered: Answered) -> Any:  # noqa: ANN401 - whatever JSON was told
    return json.loads(answered.body)


def ids(answered: Answered) -> set[str]:
    return {f"{tool['namespace']}.{tool['operation']}" for tool in told(answered)["tools"]}


async def test_a_stranger_is_shown_nothing(gate: Gate) -> None:
    for line in ("GET /tools", "GET /tools/search?q=x", "POST /tools/balance/retrieve"):
        answered = await gate.ask(line, None)
        assert (answered.status, answered.code) == (401, "caller_missing")
    assert {(row.via, row.outcome) for row in await gate.rows()} == {(Via.TOOLS, "caller_missing")}


async def test_the_list_is_what_may_be_called(gate: Gate) -> None:
    token = await gate.caller(allow=READS)
    assert ids(await gate.ask("GET /tools", token)) == {
        "accounts.list",
        "accounts.retrieve",
        "accounts.retrieve_current",
        "account_links.create",
    }
    assert await gate.rows() == []


async def test_everything_is_told_with_a_mark_when_asked_for(gate: Gate) -> None:
    token = await gate.caller(allow=READS)
    tools = told(await gate.ask("GET /tools?all=1", token))["tools"]
    assert len(tools) == 104
    assert sum(tool["isAllowed"] for tool in tools) == 4
    (link,) = (tool for tool in tools if tool["namespace"] == "account_links")
    assert link == {
        "namespace": "account_links",
        "operation": "create",
        "summary": "Make an account link",
        "method": "POST",
        "path": "/v1/account_links",
        "generation": "v1",
        "grant": "account_links:create",
        "isWrite": True,
        "isAllowed": True,
    }


async def test_a_file_is_no_tool_even_for_who_may_upload(gate: Gate) -> None:
    token = await gate.caller()
    assert "files.create" not in ids(await gate.ask("GET /tools", token))
    body = b'{"args": {"file": "x", "purpose": "identity_document"}}'
    answered = await gate.ask(
        "POST /tools/files/create", token, "Content-Type: application/json", body=body
    )
    assert (answered.status, answered.code) == (415, "media_type_refused")
    assert "POST /v1/files" in answered.error["message"]


async def test_a_live_token_is_shown_what_live_mode_allows(gate: Gate) -> None:
    token = await gate.caller(live=("*:*", "payouts:create"), mode=Mode.LIVE)
    names = ids(await gate.ask("GET /tools", token))
    assert "payouts.create" in names
    assert "payouts.list" in names
    assert "transfers.create" not in names


async def test_namespaces_are_told_with_what_may_be_called_in_them(gate: Gate) -> None:
    token = await gate.caller(allow=("v2.core.accounts:read", "balance:read"))
    assert told(await gate.ask("GET /tools/namespaces", token))["namespaces"] == [
        {"namespace": "balance", "resource": "balance", "operations": ["retrieve"]},
        {
            "namespace": "v2_core_accounts",
            "resource": "v2.core.accounts",
            "operations": ["list", "retrieve"],
        },
    ]


async def test_a_search_finds_what_may_be_called(gate: Gate) -> None:
    token = await gate.caller(allow=("login_links:create",))
    assert ids(await gate.ask("GET /tools/search?q=login+link", token)) == {"login_links.create"}
    assert ids(await gate.ask("GET /tools/search?q=payout", token)) == set()
    found = ids(await gate.ask("GET /tools/search?q=payout&all=1", token))
    assert "payouts.create" in found
    answered = await gate.ask("GET /tools/search", token)
    assert (answered.status, answered.error["param"]) == (400, "q")


@pytest.mark.parametrize("query", ["%00", "%ff%fe", quote("é" * 2000), "a" * 4000, "&&==", "[]"])
async def test_no_search_breaks_it(gate: Gate, query: str) -> None:
    token = await gate.caller()
    answered = await gate.ask(f"GET /tools/search?q=x{query}", token)
    assert answered.status == 200
    assert ids(answered) == set()


async def test_a_tool_is_described_with_its_schema(gate: Gate) -> None:
    token = await gate.caller(allow=())
    tool = told(await gate.ask("GET /tools/account_links/create", token))
    assert tool["isAllowed"] is False
    assert tool["permission"] == "account_link_write"
    schema = tool["inputSchema"]
    assert schema["required"] == ["account", "type"]
    assert schema["properties"]["type"]["enum"] == ["account_onboarding", "account_update"]
    assert await gate.rows() == []


async def test_below_another_path_the_tools_are_the_same(gate: Gate) -> None:
    token = await gate.caller(allow=READS)
    below = Gateway(gate.platform, mount="/gateway", bounds=QUICK)
    listener = servers.bind("127.0.0.1", 0)
    body = b'{"args": {"account": "acct_1"}}'
    async with servers.listening(below, listener, protocol=GatewayProtocol):
        port = servers.port_of(listener)
        listed = await say(port, request("GET /gateway/tools", token))
        called = await say(
            port,
            request(
                "POST /gateway/tools/accounts/retrieve",
                token,
                "Content-Type: application/json",
                body=body,
            ),
        )
    below.close()
    assert ids(listed) == ids(await gate.ask("GET /tools", token))
    assert called.status == 200
    assert gate.recorder.heard[0].line == b"GET /v1/accounts/acct_1 HTTP/1.1"


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ("GET /tools/", 404, "operation_unknown"),
        ("GET /tools/accounts", 404, "operation_unknown"),
        ("GET /tools/accounts/destroy", 404, "operation_unknown"),
        ("GET /tools/accounts/create/now", 404, "operation_unknown"),
        ("GET /tools/accounts.create/", 404, "operation_unknown"),
        ("GET /tools/accounts/..", 400, "path_refused"),
        ("GET /tools/accounts%2fcreate", 400, "path_refused"),
        ("GET /toolsaccounts/create", 404, "operation_unknown"),
        ("POST /tools", 405, "method_not_allowed"),
        ("DELETE /tools/accounts/create", 405, "method_not_allowed"),
        ("PUT /tools/namespaces", 405, "method_not_allowed"),
    ],
)
async def test_what_is_no_place_is_refused_and_written_down(
    gate: Gate, line: str, status: int, code: str
) -> None:
    token = await gate.caller()
    answered = await gate.ask(line, token)
    assert (answered.status, answered.code) == (status, code)
    assert (await gate.row()).outcome == code
    assert gate.recorder.heard == []
