"""How do tools speak MCP? With the official library, over the same tools as everybody else's.

Loaded only where it is used: it needs the extra `mcp`. A list holds what the caller may call; a
call is a call of `POST /tools/...` from inside, so it is allowed, limited and written down by the
one chain.

Source: docs/gateway/tools.md; ADR-0031, MCP; the Model Context Protocol, "Tools" and "Transports".
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from aboard.core.lending.catalogue import find_operation
from aboard.core.lending.operations import Operation, Verb
from aboard.core.lending.schemas import describe_arguments
from aboard.gateway.toolbox.listing import UNDONE
from aboard.gateway.wire import Receive, Scope, Send

NAME: Final = "aboard-gateway"
_DISTRIBUTION: Final = "aboard"
_PAGE: Final = 25
_CURSOR: Final = re.compile(r"[0-9]{1,4}\Z")
_BEHIND_ALL: Final = 10_000
_INSTRUCTIONS: Final = (
    "Stripe's Connect operations, called with a key that the gateway keeps. Listed is what this "
    "caller may call. Links that an answer holds let in whoever has them: hand each to the person "
    "it is for, and keep it nowhere."
)
_FAILED: Final = 400
logging.getLogger("mcp.server").setLevel(logging.WARNING)  # it tells of every request otherwise

Listing = Callable[[slice], Awaitable[tuple[Sequence[types.Tool], int]]]
"""Answers with the tools of a page, and how many there are on all pages."""
Calling = Callable[[str, Mapping[str, Any]], Awaitable[types.CallToolResult]]


def tool_name(operation: Operation) -> str:
    """Return an operation's name as MCP takes it, such as `account_links_create`."""
    return f"{operation.namespace}_{operation.name}"


@cache
def describe_tool(operation_id: str) -> types.Tool:
    """Return an operation as MCP tells of a tool.

    Raises:
        KeyError: there is no such operation.
    """
    operation = find_operation(operation_id)
    if operation is None:
        raise KeyError(operation_id)
    return types.Tool(
        name=tool_name(operation),
        title=operation.summary,
        description=operation.description,
        input_schema=describe_arguments(operation),
        annotations=types.ToolAnnotations(
            title=operation.summary,
            read_only_hint=not operation.is_write,
            destructive_hint=operation.verb is Verb.DELETE or operation.name in UNDONE,
            idempotent_hint=operation.verb in {Verb.READ, Verb.DELETE},
            open_world_hint=True,
        ),
    )


def tool_result(status: int, body: bytes) -> types.CallToolResult:
    """Return the answer of `POST /tools/...` as MCP tells of a result."""
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=body.decode("utf-8", "replace"))],
        structured_content=json.loads(body),
        is_error=status >= _FAILED,
    )


def build_server(listing: Listing, calling: Calling) -> Server[Any]:
    """Return a server of tools for one caller."""

    async def list_tools(
        _: object, asked: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        start = _read_cursor(None if asked is None else asked.cursor)
        after = start + _PAGE
        tools, count = await listing(slice(start, after))
        return types.ListToolsResult(
            tools=[*tools], next_cursor=str(after) if after < count else None
        )

    async def call_tool(_: object, asked: types.CallToolRequestParams) -> types.CallToolResult:
        return await calling(asked.name, asked.arguments or {})

    server: Server[Any] = Server(
        NAME,
        version=version(_DISTRIBUTION),
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    server.middleware.clear()  # our own spans tell of calls, with our own closed list of words
    return server


def _read_cursor(cursor: str | None) -> int:
    """Return where a page begins; behind every tool for a mark that is none of ours."""
    if cursor is None:
        return 0
    return int(cursor) if _CURSOR.match(cursor) else _BEHIND_ALL


async def serve_request(
    server: Server[Any], scope: Scope, receive: Receive, send: Send, *, most_bytes: int
) -> None:
    """Answer one request of streamable HTTP; nothing is kept between two."""
    manager = StreamableHTTPSessionManager(
        app=server, json_response=True, stateless=True, max_request_body_size=most_bytes
    )
    async with manager.run():
        await manager.handle_request(scope, receive, send)


async def serve_stdio(server: Server[Any]) -> None:
    """Serve over this process's standard input and output until the input ends."""
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
