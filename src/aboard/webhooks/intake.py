"""A webhook in, a receipt out: bare ASGI, because nothing here is asked more often.

In this order: path, method, size, signature, mode, one durable insert, and only then 200. Stripe
repeats what was not answered with 200, so every other answer loses nothing.

Source: docs/webhooks.md; ADR-0006, events are doorbells.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from traceback import extract_tb
from typing import Any, Final
from uuid import uuid4

import msgspec

from aboard.core.errors import InputRefused, SignatureRefused, StoreUnavailable
from aboard.flows.endpoint import Endpoint
from aboard.flows.events import accept_event
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform

MAX_EVENT_BYTES: Final = 1 << 20
ENDPOINTS: Final = {
    "/v1/webhooks/stripe": Endpoint.PLATFORM,
    "/v1/webhooks/stripe/connect": Endpoint.CONNECT,
}
_RECEIVED: Final = b'{"received":true}'
_SWITCHED_OFF_RETRY: Final = (b"retry-after", b"300")
_AWAY_RETRY: Final = (b"retry-after", b"5")
_VALID_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,128}\Z")
_log = logging.getLogger("aboard")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class _Reply:
    """What is sent back. Stripe reads the status; a person reads the rest in its dashboard."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class _Heads:
    """The few headers that matter here."""

    signature: str | None
    announced_size: bytes | None
    request_id: bytes


class _TooLarge(Exception):
    """The body is over the limit; the rest of it was not read."""


class _BrokenOff(Exception):
    """The sender went away before the body was whole."""


@dataclass(frozen=True, slots=True)
class _Row:
    """How one refusal is told."""

    status: int
    code: str
    message: str


_NOT_FOUND: Final = _Row(404, "not_found", "There is nothing at this path.")
_NOT_ALLOWED: Final = _Row(405, "method_not_allowed", "Webhooks are posted.")
_SWITCHED_OFF: Final = _Row(503, "features.webhooks_disabled", "This is switched off.")
_AWAY: Final = _Row(503, "unavailable", "Nothing was written down; ring again.")
_OUR_FAULT: Final = _Row(500, "internal", "Something went wrong on our side.")
_REFUSED: Final[Mapping[type[Exception], _Row]] = {
    _TooLarge: _Row(413, "body_too_large", "The body is too large."),
    SignatureRefused: _Row(400, "signature_refused", "The signature does not hold."),
    InputRefused: _Row(400, "invalid_request", "The body is not a Stripe event."),
}


def build_webhooks(platform: Platform) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the intake of both endpoints as an ASGI application."""

    async def intake(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        heads = _read_heads(scope)
        try:
            reply = await _reply(platform, scope, heads, receive)
        except _BrokenOff:
            return  # nobody is there to read an answer, and nothing was written
        except Exception as error:  # noqa: BLE001 - whatever it is, Stripe must ring again
            reply = _fault(platform, heads, error)
        await _send(send, reply, heads.request_id)

    return intake


async def _reply(platform: Platform, scope: Scope, heads: _Heads, receive: Receive) -> _Reply:
    endpoint = ENDPOINTS.get(_path(scope))
    if endpoint is None:
        return _refusal(heads, _NOT_FOUND)
    if scope["method"] != "POST":
        return _refusal(heads, _NOT_ALLOWED, (b"allow", b"POST"))
    if not platform.switches.webhooks:
        return _refusal(heads, _SWITCHED_OFF, _SWITCHED_OFF_RETRY)
    try:
        payload = await _read(receive, heads.announced_size)
        await accept_event(platform, endpoint, payload, heads.signature)
    except StoreUnavailable as away:
        platform.journal.note(
            LogEvent.REQUEST_FAILED,
            request_id=heads.request_id.decode(),
            error_code=away.code,
            cause=away.cause,
        )
        return _refusal(heads, _AWAY, _AWAY_RETRY)
    except tuple(_REFUSED) as refusal:
        return _refusal(heads, _REFUSED[type(refusal)])
    return _Reply(200, _RECEIVED)


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    inner = path.removeprefix(root) if root else path
    return inner.rstrip("/")


def _read_heads(scope: Scope) -> _Heads:
    signature = announced_size = given_id = None
    for name, value in scope["headers"]:
        if name == b"stripe-signature":
            signature = value.decode("latin-1")
        elif name == b"content-length":
            announced_size = value
        elif name == b"x-request-id":
            given_id = value
    if given_id is None or not _VALID_ID.match(given_id):
        given_id = str(uuid4()).encode()
    return _Heads(signature, announced_size, given_id)


async def _read(receive: Receive, announced_size: bytes | None) -> bytes:
    if (
        announced_size is not None
        and announced_size.isdigit()
        and int(announced_size[:20]) > MAX_EVENT_BYTES
    ):
        raise _TooLarge
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _BrokenOff
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > MAX_EVENT_BYTES:
            raise _TooLarge
        if not message.get("more_body", False):
            return b"".join((*chunks, chunk)) if chunks else chunk
        chunks.append(chunk)


def _refusal(heads: _Heads, row: _Row, *headers: Header) -> _Reply:
    told = {"code": row.code, "message": row.message, "request_id": heads.request_id.decode()}
    return _Reply(row.status, msgspec.json.encode(told), headers)


def _fault(platform: Platform, heads: _Heads, error: Exception) -> _Reply:
    # The type and the place, never the text: it may quote what must stay shut.
    request_id, kind = heads.request_id.decode(), type(error).__name__
    frames = extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-5:]))
    platform.journal.note(LogEvent.REQUEST_FAILED, request_id=request_id, error_code=kind)
    _log.error("request.failed request_id=%s error=%s at=%s", request_id, kind, places)
    return _refusal(heads, _OUR_FAULT)


async def _send(send: Send, reply: _Reply, request_id: bytes) -> None:
    headers: list[Header] = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(reply.body)),
        (b"cache-control", b"no-store"),
        (b"x-request-id", request_id),
        *reply.headers,
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})
