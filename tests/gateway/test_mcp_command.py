"""Does `aboard gateway mcp` speak over standard input and output, and say why where it cannot?"""

import asyncio
import json
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from aboard.cli.exits import Exit
from aboard.core.lending.callers import CallerToken
from aboard.core.lending.calls import ANSWERED, Via
from aboard.core.owner import Mode
from aboard.flows.lending.tokens import revoke_token
from tests.cli.commands import ABOARD, COMPLETE_SETTINGS, clean_environment
from tests.gateway.agents import ALLOWED, MODES, NAMES, content, every_tool, without_the_library
from tests.gateway.gate import MARKER, OPERATOR, Gate

STRANGER = CallerToken.make(Mode.TEST)


def hold(folder: Path, token: str, mode: int = 0o600) -> str:
    held = folder / "caller-token"
    held.write_text(f"{token}\n", encoding="utf-8")
    held.chmod(mode)
    return str(held)


def command(*arguments: str, settings: Mapping[str, str] | None = None) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "aboard.cli", "gateway", "mcp", *arguments],
        env=clean_environment(settings),
    )


async def refusal(*arguments: str, environ: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run the command to its end; it has to say nothing where the protocol is spoken."""
    process = await asyncio.create_subprocess_exec(
        str(ABOARD),
        *("gateway", "mcp", *arguments),
        env=environ or clean_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert out == b""
    assert process.returncode is not None
    return process.returncode, err.decode()


@pytest.mark.parametrize("mode", MODES)
async def test_it_offers_the_tools_of_a_gateway_elsewhere(
    gate: Gate, tmp_path: Path, mode: str
) -> None:
    held = hold(tmp_path, await gate.caller(allow=ALLOWED))
    address = f"http://127.0.0.1:{gate.port}/"
    there = command("--gateway", address, "--token-file", held)
    async with Client(stdio_client(there), mode=mode) as client:
        assert {tool.name for tool in await every_tool(client)} == NAMES
        made = await client.call_tool("accounts_retrieve", {"account": "acct_1"})
        assert json.loads(content(made))["data"]["id"] == "acct_1"
        refused = await client.call_tool("payouts_create", {"amount": 1, "currency": "eur"})
        assert json.loads(content(refused))["error"]["code"] == "operation_not_allowed"
    assert sorted((row.via, row.outcome) for row in await gate.rows()) == [
        (Via.MCP, ANSWERED),
        (Via.MCP, "operation_not_allowed"),
    ]


async def test_it_lends_the_key_itself_from_the_platforms_database(
    gate: Gate, database: str, tmp_path: Path
) -> None:
    held = hold(tmp_path, await gate.caller(allow=ALLOWED))
    settings = {
        **COMPLETE_SETTINGS,
        "ABOARD_DATABASE": database,
        "ABOARD_TEST_SECRET_KEY": MARKER,
        "ABOARD_TEST_API_BASE": gate.recorder.url,
    }
    here = command("--token-file", held, settings=settings)
    async with Client(stdio_client(here)) as client:
        assert {tool.name for tool in await every_tool(client)} == NAMES
        read = await client.call_tool("accounts_retrieve", {"account": "acct_1"})
        assert json.loads(content(read))["data"]["id"] == "acct_1"
    (heard,) = gate.recorder.heard
    assert heard.line == b"GET /v1/accounts/acct_1 HTTP/1.1"
    assert heard.headers(b"authorization") == [f"Bearer {MARKER}".encode()]
    row = await gate.row()
    assert (row.via, row.outcome) == (Via.MCP, ANSWERED)


async def test_a_revoked_token_opens_nothing_any_more(gate: Gate, tmp_path: Path) -> None:
    token = await gate.caller(allow=ALLOWED)
    held = hold(tmp_path, token)
    there = command("--gateway", f"http://127.0.0.1:{gate.port}", "--token-file", held)
    async with Client(stdio_client(there)) as client:
        known = await gate.platform.store.find_borrower(CallerToken(token).digest)
        assert known is not None
        await revoke_token(gate.platform, OPERATOR, known.token.id)
        await asyncio.sleep(0.6)
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the library makes of a 401
            await client.call_tool("accounts_retrieve", {"account": "acct_1"})
    assert gate.recorder.heard == []
    assert {row.outcome for row in await gate.rows()} == {"caller_revoked"}


async def test_without_a_token_it_says_where_to_get_one(tmp_path: Path) -> None:
    code, said = await refusal()
    assert code == Exit.USAGE
    assert "There is no caller token." in said
    assert "aboard gateway tokens add" in said
    code, said = await refusal("--token-file", hold(tmp_path, "sk_test_words"))
    assert (code, "This is no caller token." in said) == (Exit.USAGE, True)
    assert "sk_test_words" not in said
    code, said = await refusal("--token-file", str(tmp_path / "nowhere"))
    assert (code, "FileNotFoundError" in said) == (Exit.UNREACHABLE, True)


async def test_a_token_that_everybody_can_read_is_none(tmp_path: Path) -> None:
    held = hold(tmp_path, STRANGER.reveal(), mode=0o644)
    code, said = await refusal("--token-file", held)
    assert code == Exit.USAGE
    assert "chmod o-rwx" in said


async def test_a_stranger_is_told_so_and_not_served(gate: Gate) -> None:
    environ = {**clean_environment(), "CALLER_TOKEN": STRANGER.reveal()}
    code, said = await refusal("--gateway", f"http://127.0.0.1:{gate.port}", environ=environ)
    assert code == Exit.UNREACHABLE
    assert "Nobody here has this caller token" in said
    assert STRANGER.reveal() not in said


async def test_where_no_gateway_answers_it_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    environ = {**clean_environment(), "CALLER_TOKEN": STRANGER.reveal()}
    for address in (f"http://127.0.0.1:{port}", "no address", "ftp://127.0.0.1"):
        code, said = await refusal("--gateway", address, environ=environ)
        assert code == Exit.UNREACHABLE
        assert "no gateway answers there" in said


async def test_without_the_library_it_says_what_to_install(tmp_path: Path) -> None:
    environ = {**without_the_library(tmp_path), "CALLER_TOKEN": STRANGER.reveal()}
    code, said = await refusal(environ=environ)
    assert code == Exit.USAGE
    assert 'pip install "aboard[mcp]"' in said
