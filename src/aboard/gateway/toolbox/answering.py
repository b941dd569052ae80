"""How is a tool listed, found, described and called over HTTP?

`GET /tools`, `/tools/namespaces`, `/tools/search`, `/tools/{namespace}/{operation}`, and `POST` to
the last. Looking leaves no row; a call leaves one, whoever refuses it.

Source: docs/gateway/tools.md; ADR-0029, the gateway.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs

import msgspec

from aboard.core.lending.arguments import check_arguments
from aboard.core.lending.calls import Via
from aboard.core.lending.catalogue import (
    Match,
    all_operations,
    api_version,
    find_operation,
    search_operations,
)
from aboard.core.lending.operations import Operation
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.core.lending.writing import write_request
from aboard.flows.lending.borrowing import permit
from aboard.gateway.asking import Question, Told, ask
from aboard.gateway.bodies import JSON, Body
from aboard.gateway.chain import Chain
from aboard.gateway.conversation import Conversation
from aboard.gateway.heads import read_token
from aboard.gateway.objects import read_object
from aboard.gateway.refusing import Reply, reply_json
from aboard.gateway.steps import GREETING, Ground, there
from aboard.gateway.toolbox import listing
from aboard.gateway.wire import Header, remote_of

ROOT: Final = "/tools"
_ARGUMENTS: Final = "args"
_MOST_FOUND: Final = 50
_CALL_SEGMENTS: Final = 2
# What a caller's library acts upon; the rest of Stripe's headers stays with the proxy.
_PASSED: Final = frozenset(
    {
        b"idempotent-replayed",
        b"ratelimit-limit",
        b"ratelimit-remaining",
        b"ratelimit-reset",
        b"request-id",
        b"retry-after",
        b"stripe-should-retry",
        b"www-authenticate",
    }
)
_encode: Final = msgspec.json.Encoder().encode


class Tools:
    """Answers below `/tools`. The chain is the same that the proxy uses."""

    def __init__(self, ground: Ground, chain: Chain) -> None:
        """Take what the steps stand on, and the way that calls go."""
        self.ground = ground
        self.chain = chain

    async def answer(self, talk: Conversation) -> None:
        """Answer one request, and refuse in Stripe's form what is refused."""
        if talk.via is Via.PROXY:
            talk.via = Via.TOOLS
        await self.chain.guard(talk, GREETING, self._answer)

    async def _answer(self, talk: Conversation) -> None:
        asked = there(talk.target)
        segments = asked.path.split("/")[2:]
        if len(segments) == _CALL_SEGMENTS:
            operation = find_operation(".".join(segments))
            if operation is None:
                raise CallRefused(RefusalCode.OPERATION_UNKNOWN)
            await self._one(talk, operation)
            return
        _require(talk, "GET")
        query = parse_qs(asked.query.decode("ascii"))
        if not segments:
            content = self._list(talk, all_operations(), is_whole=query.get("all") == ["1"])
        elif segments == ["namespaces"]:
            usable = listing.usable_tools(self.ground.platform, there(talk.borrower))
            content = {"namespaces": list(listing.namespaces(usable))}
        elif segments == ["search"]:
            words = " ".join(query.get("q", ()))
            if not words.strip():
                raise CallRefused(RefusalCode.ARGUMENT_MISSING, parameter="q")
            found = search_operations(words, _MOST_FOUND)
            content = self._list(talk, found, is_whole=query.get("all") == ["1"])
        else:
            raise CallRefused(RefusalCode.OPERATION_UNKNOWN)
        await self.chain.tell(talk, reply_json(200, content, *talk.own_headers()))

    def _list(
        self, talk: Conversation, operations: Sequence[Operation], *, is_whole: bool
    ) -> dict[str, object]:
        borrower, platform = there(talk.borrower), self.ground.platform
        marked = [(each, listing.may_use(platform, borrower, each)) for each in operations]
        return {
            "tools": [
                listing.summarize(each, is_allowed=is_allowed)
                for each, is_allowed in marked
                if is_allowed or is_whole
            ]
        }

    async def _one(self, talk: Conversation, operation: Operation) -> None:
        if talk.method == "POST":
            await self._call(talk, operation)
            return
        _require(talk, "GET, POST")
        is_allowed = listing.may_use(self.ground.platform, there(talk.borrower), operation)
        content = listing.describe(operation, is_allowed=is_allowed)
        await self.chain.tell(talk, reply_json(200, content, *talk.own_headers()))

    async def _call(self, talk: Conversation, operation: Operation) -> None:
        talk.match = Match(operation, {})  # the row of a refusal names what was called
        permit(self.ground.platform, there(talk.borrower), operation)
        given = await self._read_arguments(talk)
        request = write_request(operation, check_arguments(operation, given), api_version())
        query = f"?{request.query}" if request.query else ""
        question = Question(
            method=request.method,
            target=f"{request.path}{query}".encode("ascii"),
            token=read_token(talk.scope["headers"]),
            via=talk.via,
            headers=[(name.lower().encode(), value.encode()) for name, value in request.headers],
            body=request.body,
            address=remote_of(talk.scope),
            outside=talk.receive,
        )
        talk.is_closed = True  # from here on the row is the inner call's
        told = await ask(self.chain.run, question)
        talk.id = told.id
        await self.chain.tell(talk, _reply(talk, told))

    async def _read_arguments(self, talk: Conversation) -> object:
        heads, bounds = there(talk.heads), self.ground.bounds
        if heads.has_body and heads.media_type != JSON:
            detail = f"A tool takes {JSON}."
            raise CallRefused(
                RefusalCode.MEDIA_TYPE_REFUSED, parameter="content-type", detail=detail
            )
        body = Body(talk.scope, talk.receive, heads, bounds.body_bytes, bounds.patience)
        talk.body = body
        content = read_object(await body.read_all(), twice=RefusalCode.BODY_MALFORMED)
        for name in content:
            if name != _ARGUMENTS:
                raise CallRefused(
                    RefusalCode.ARGUMENT_UNKNOWN,
                    detail=f"Beside `{_ARGUMENTS}` the body holds nothing.",
                )
        if _ARGUMENTS not in content:
            raise CallRefused(RefusalCode.ARGUMENT_MISSING, parameter=_ARGUMENTS)
        return content[_ARGUMENTS]


def _require(talk: Conversation, allowed: str) -> None:
    if talk.method not in allowed.split(", "):
        raise CallRefused(RefusalCode.METHOD_NOT_ALLOWED, detail=f"Allowed: {allowed}.")


def _reply(talk: Conversation, told: Told) -> Reply:
    """Return Stripe's answer in an envelope; a refusal of the gateway's as it is."""
    passed = [pair for pair in told.headers if pair[0] in _PASSED]
    headers: list[Header] = [*_distinct([*passed, *talk.own_headers()])]
    if told.upstream_status != told.status:
        content: object = msgspec.Raw(told.body)
    else:
        content = {
            "data": _raw(told.body),
            "meta": {
                "requestId": told.id,
                "durationMs": told.duration_ms,
                "status": told.upstream_status,
                "stripeRequestId": told.stripe_request_id,
            },
        }
    return reply_json(told.status, content, *headers)


def _distinct(headers: Sequence[Header]) -> Sequence[Header]:
    return tuple({name: (name, value) for name, value in headers}.values())


def _raw(body: bytes) -> object:
    """Return JSON as it came, byte for byte; what is none, as text."""
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body.decode("utf-8", "replace")
    return msgspec.Raw(body)
