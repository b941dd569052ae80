"""A client of the official library before the gateway, and what it is told."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from mcp import Client, types
from mcp.client.streamable_http import streamable_http_client

from tests.gateway.gate import Gate

MODES = ["legacy", "auto"]
"""The handshake of the older generation, and whatever the newer one agrees upon."""
ALLOWED = ("accounts:create", "accounts:read", "account_links:create")
NAMES = {
    "account_links_create",
    "accounts_create",
    "accounts_list",
    "accounts_retrieve",
    "accounts_retrieve_current",
}


@asynccontextmanager
async def connected(gate: Gate, token: str, mode: str = "auto") -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http,
        Client(
            streamable_http_client(f"http://127.0.0.1:{gate.port}/mcp", http_client=http), mode=mode
        ) as client,
    ):
        yield client


async def every_tool(client: Client) -> list[types.Tool]:
    found: list[types.Tool] = []
    cursor: str | None = None
    while True:
        page = await client.list_tools(cursor=cursor)
        found += page.tools
        cursor = page.next_cursor
        if cursor is None:
            return found


def content(result: types.CallToolResult) -> str:
    (only,) = result.content
    assert isinstance(only, types.TextContent)
    assert json.loads(only.text) == result.structured_content
    return only.text


def without_the_library(folder: Path) -> dict[str, str]:
    """Return an environment in which `import mcp` fails as where it is not installed."""
    hidden = folder / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import sys\n"
        "class Hidden:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('mcp', 'mcp_types'):\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Hidden())\n",
        encoding="utf-8",
    )
    return {**os.environ, "PYTHONPATH": str(hidden)}
