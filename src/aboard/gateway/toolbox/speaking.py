"""How does the gateway answer at `/mcp`? Who is asking is found out first, then MCP is spoken.

Whoever asks shows a caller token as everywhere. Messages that call no tool leave no row; each
call of a tool leaves one, with `mcp` as its way in.

Source: docs/gateway/tools.md; ADR-0031, MCP.
"""

import asyncio
import json
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from aboard.core.lending.callers import CallerToken
from aboard.core.lending.calls import Via
from aboard.core.lending.catalogue import all_operations
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.flows.lending.borrowing import find_borrower
from aboard.gateway.asking import Question, Told, ask
from aboard.gateway.bodies import JSON, Body
from aboard.gateway.conversation import Conversation
from aboard.gateway.heads import read_token
from aboard.gateway.refusing import reply_refusal
from aboard.gateway.steps import GREETING, there
from aboard.gateway.toolbox.answering import ROOT, Tools
from aboard.gateway.toolbox.listing import usable_tools
from aboard.gateway.wire import Message, Scope, remote_of

PATH: Final = "/mcp"
_PROTOCOL: Final = "aboard.gateway.toolbox.protocol"
_LIBRARY: Final = "mcp"
# A name that no operation has: the call of an unknown tool is refused and written down there.
_NOWHERE: Final = f"{ROOT}/unknown/unknown"


def load_protocol() -> ModuleType:
    """Return the part that speaks MCP.

    Raises:
        CallRefused: the extra `mcp` is not installed.
    """
    try:
        return import_module(_PROTOCOL)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0].startswith(_LIBRARY):
            raise CallRefused(RefusalCode.MCP_NOT_INSTALLED) from None
        raise


class Toolbox:
    """One caller's tools, asked for from inside the gateway."""

    def __init__(self, tools: Tools, token: CallerToken, address: str | None = None) -> None:
        """Take the tools, and who uses them from where."""
        self._tools, self._token, self._address = tools, token, address

    async def listed(self, protocol: ModuleType, page: slice) -> tuple[list[Any], int]:
        """Return some of the tools that the caller may call at this moment, and their number.

        Raises:
            CallRefused: the gateway does not know the caller any more.
        """
        platform = self._tools.ground.platform
        borrower = await find_borrower(platform, self._token)
        usable = usable_tools(platform, borrower)
        return [protocol.describe_tool(each.id) for each in usable[page]], len(usable)

    async def call(self, protocol: ModuleType, name: str, arguments: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a type of the library, which is not there before it is used
        """Call a tool by its name, and return what MCP is told of it."""
        told = await self._ask(_targets(protocol).get(name, _NOWHERE), arguments)
        return protocol.tool_result(told.status, told.body)

    async def _ask(self, target: str, arguments: Mapping[str, Any]) -> Told:
        question = Question(
            method="POST",
            target=target.encode("ascii"),
            token=self._token,
            via=Via.MCP,
            headers=[(b"content-type", JSON.encode())],
            body=json.dumps({"args": arguments}).encode(),
            address=self._address,
        )
        return await ask(self._tools.answer, question)


def _targets(protocol: ModuleType) -> Mapping[str, str]:
    return {
        protocol.tool_name(each): f"{ROOT}/{each.namespace}/{each.name}"
        for each in all_operations()
    }


class Speaking:
    """Answers at `/mcp`."""

    def __init__(self, tools: Tools) -> None:
        """Take the tools to speak of."""
        self._tools = tools

    async def answer(self, talk: Conversation) -> None:
        """Answer one request, and refuse in Stripe's form what is refused."""
        talk.via = Via.MCP
        await self._tools.chain.guard(talk, GREETING, self._answer)

    async def _answer(self, talk: Conversation) -> None:
        if talk.method != "POST":  # no stream of the server's own, and no session to end
            refusal = CallRefused(RefusalCode.METHOD_NOT_ALLOWED, detail="Allowed: POST.")
            reply = reply_refusal(refusal, (b"allow", b"POST"), *talk.own_headers())
            await self._tools.chain.tell(talk, reply)
            return
        protocol = await asyncio.to_thread(load_protocol)
        heads, bounds = there(talk.heads), self._tools.ground.bounds
        body = Body(talk.scope, talk.receive, heads, bounds.body_bytes, bounds.patience)
        talk.body = body
        said = await body.read_all()
        box = Toolbox(self._tools, read_token(talk.scope["headers"]), remote_of(talk.scope))
        server = protocol.build_server(partial(box.listed, protocol), partial(box.call, protocol))
        talk.is_closed = True  # what is refused from here on is told in MCP's own words
        await protocol.serve_request(
            server,
            _scope_of(talk, len(said)),
            _Said(talk, said),
            partial(_send, talk),
            most_bytes=bounds.body_bytes,
        )


def _scope_of(talk: Conversation, size: int) -> Scope:
    """Return the request without what is the gateway's alone: its token and its framing."""
    kept = [
        pair
        for pair in talk.scope["headers"]
        if pair[0] not in {b"authorization", b"content-length", b"cookie", b"transfer-encoding"}
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": talk.method,
        "scheme": "http",
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [*kept, (b"content-length", b"%d" % size)],
        "client": None,
        "server": None,
        "state": {},
    }


class _Said:
    """Says the body once; afterwards waits for the caller to hang up."""

    def __init__(self, talk: Conversation, said: bytes) -> None:
        self._talk = talk
        self._said: bytes | None = said

    async def __call__(self) -> Message:
        if self._said is None:
            return await self._talk.receive()
        said, self._said = self._said, None
        return {"type": "http.request", "body": said, "more_body": False}


async def _send(talk: Conversation, message: Message) -> None:
    if message["type"] == "http.response.start":
        talk.has_answered = True
        own = [*talk.own_headers(), (b"cache-control", b"no-store")]
        names = {name for name, _ in own}
        kept = [pair for pair in message["headers"] if pair[0].lower() not in names]
        message = {**message, "headers": [*kept, *own]}
    await talk.send(message)
