"""How does an intake read a request and answer it? Bare ASGI: bytes in, a small JSON body out.

Source: docs/webhooks.md.
"""

import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, replace
from traceback import extract_tb
from typing import Any, Final
from uuid import uuid4

import msgspec

from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform

_VALID_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,128}\Z")
_log = logging.getLogger("aboard")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]
SWITCHED_OFF_RETRY: Final[Header] = (b"retry-after", b"300")
AWAY_RETRY: Final[Header] = (b"retry-after", b"5")
_LAST_ANSWER: Final[Header] = (b"connection", b"close")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back. A machine reads the status; a person reads the rest in its dashboard."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """How one refusal is told."""

    status: int
    code: str
    message: str


NOT_FOUND: Final = Row(404, "not_found", "There is nothing at this path.")
NOT_ALLOWED: Final = Row(405, "method_not_allowed", "Webhooks are posted.")
AWAY: Final = Row(503, "unavailable", "Nothing was written down; ring again.")
OUR_FAULT: Final = Row(500, "internal", "Something went wrong on our side.")
RECEIVED: Final = Reply(200, b'{"received":true}')


class TooLarge(Exception):
    """The body is over the limit; the rest of it was not read."""


class BrokenOff(Exception):
    """The sender went away before the body was whole."""


def path_in(scope: Scope) -> str:
    """Return the path below the place where this application is mounted."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    inner = path.removeprefix(root) if root else path
    return inner.rstrip("/")


def request_id_of(given: bytes | None) -> bytes:
    """Return a valid id that came in, else a new one."""
    if given is None or not _VALID_ID.match(given):
        return str(uuid4()).encode()
    return given


async def read_bytes(receive: Receive, announced_size: bytes | None, limit: int) -> bytes:
    """Return the whole body; stop reading as soon as it is over the limit.

    Raises:
        TooLarge: it is over the limit.
        BrokenOff: the sender went away.
    """
    if announced_size is not None and announced_size.isdigit() and int(announced_size[:20]) > limit:
        raise TooLarge
    body = bytearray()  # and no list of pieces: small ones would cost far more than they hold
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BrokenOff
        piece: bytes = message.get("body", b"")
        if len(body) + len(piece) > limit:
            raise TooLarge
        if not message.get("more_body", False):
            return bytes(body + piece) if body else piece
        body += piece


def refusal(request_id: bytes, row: Row, *headers: Header) -> Reply:
    """Return a refusal."""
    told = {"code": row.code, "message": row.message, "request_id": request_id.decode()}
    return Reply(row.status, msgspec.json.encode(told), headers)


def fault(platform: Platform, request_id: bytes, error: Exception) -> Reply:
    """Log what nobody thought of, and say that it is our fault."""
    # The type and the place, never the text: it may quote what must stay shut.
    name, kind = request_id.decode(), type(error).__name__
    frames = extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-5:]))
    platform.journal.note(LogEvent.REQUEST_FAILED, request_id=name, error_code=kind)
    _log.error("request.failed request_id=%s error=%s at=%s", name, kind, places)
    return refusal(request_id, OUR_FAULT)


def is_json(content_type: str | None) -> bool:
    """Say whether a body is announced as JSON; without a word it is taken for JSON."""
    if content_type is None or not content_type.strip():
        return True
    return content_type.partition(";")[0].strip().lower() == "application/json"


def hang_up(scope: Scope, reply: Reply) -> Reply:
    """Let the connection end with this answer: the rest of the body shall not come.

    Without it a server goes on reading, and a sender that hangs would keep its connection.
    """
    if not str(scope.get("http_version", "1.1")).startswith("1"):
        return reply  # newer versions have no such header, and end one request alone
    return replace(reply, headers=(*reply.headers, _LAST_ANSWER))


async def send_reply(send: Send, reply: Reply, request_id: bytes) -> None:
    """Send an answer, not to be stored by any cache."""
    headers: list[Header] = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(reply.body)),
        (b"cache-control", b"no-store"),
        (b"x-request-id", request_id),
        *reply.headers,
    ]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})
