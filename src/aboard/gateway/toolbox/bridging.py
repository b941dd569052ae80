"""How does a command lend the tools of a gateway elsewhere? As a server here and a client there.

Loaded only where it is used: it needs the extra `mcp`.

Source: docs/gateway/tools.md; ADR-0031, MCP.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx2
from mcp import Client, types
from mcp.client.streamable_http import streamable_http_client

from aboard.core.lending.callers import CallerToken
from aboard.gateway.toolbox.protocol import build_server, serve_stdio

_SECONDS: Final = httpx2.Timeout(10.0, read=330.0)  # a call may take as long as Stripe does
_OK: Final = 200
_LONGEST: Final = 300


class BridgeRefused(Exception):
    """The gateway cannot be reached, or knows nobody with this token. It says which."""


async def serve_bridge(address: str, token: CallerToken) -> None:
    """Serve the tools of the gateway at an address over standard input and output.

    Raises:
        BridgeRefused: nobody answers there, or the token is refused.
    """
    headers = {"Authorization": f"Bearer {token.reveal()}"}
    async with httpx2.AsyncClient(headers=headers, timeout=_SECONDS) as http:
        await _require_welcome(http, address)
        transport = streamable_http_client(f"{address}/mcp", http_client=http)
        async with Client(transport, cache=None) as client:

            async def listing(page: slice) -> tuple[Sequence[types.Tool], int]:
                tools = await _every_tool(client)
                return tools[page], len(tools)

            async def calling(name: str, arguments: Mapping[str, Any]) -> types.CallToolResult:
                return await client.call_tool(name, dict(arguments))

            await serve_stdio(build_server(listing, calling))


async def _every_tool(client: Client) -> Sequence[types.Tool]:
    page = await client.list_tools()
    found = list(page.tools)
    while page.next_cursor is not None:
        page = await client.list_tools(cursor=page.next_cursor)
        found += page.tools
    return found


async def _require_welcome(http: httpx2.AsyncClient, address: str) -> None:
    try:
        answer = await http.get(f"{address}/whoami")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise BridgeRefused(f"no gateway answers there ({type(error).__name__})") from None
    if answer.status_code != _OK:
        raise BridgeRefused(_reason(answer))


def _reason(answer: httpx2.Response) -> str:
    try:
        reason = str(json.loads(answer.content)["error"]["message"])
    except (ValueError, LookupError, TypeError):
        return f"what answers there is no gateway (status {answer.status_code})"
    return "".join(each for each in reason[:_LONGEST] if each.isprintable())
