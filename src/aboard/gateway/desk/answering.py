"""How is an operator's program answered? By bearer token of the service, and with our own errors.

Source: docs/gateway/operators-api.md.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote
from uuid import uuid4

from aboard.core.caller import Caller
from aboard.core.errors import (
    InputRefused,
    IssuerUnavailable,
    StoreUnavailable,
    TooManyRequests,
    Unauthenticated,
)
from aboard.flows.lending.callers import CallerAbsent, CallerNameTaken
from aboard.flows.lending.tokens import TokenAbsent, TokenOver
from aboard.flows.platform import Platform
from aboard.gateway.desk.acts import ACTS, WITH_BODY, Order
from aboard.gateway.refusing import Reply, reply_json
from aboard.gateway.wire import AsgiApp, Header, Receive, Scope, Send, find_all, mounted_path
from aboard.web.bodies import read_body, require_no_body, require_type

CALLS_A_MINUTE: Final = 120
_MINUTE_SECONDS: Final = 60
_AWAY_SECONDS: Final = 5
_DEPTH: Final = 2
Identify = Callable[[str | None], Awaitable[Caller]]


class _Refused(Exception):
    """A request that ends here: with this status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


_ABSENT: Final[Mapping[type[Exception], tuple[int, str, str]]] = {
    CallerAbsent: (404, "caller_unknown", "There is no such caller."),
    CallerNameTaken: (409, "caller_name_taken", "Another caller has this name."),
    TokenAbsent: (404, "token_unknown", "There is no such token."),
    TokenOver: (409, "token_over", "The token is revoked or expired; make a new one."),
    Unauthenticated: (401, "unauthenticated", "Send a bearer token of an operator."),
    StoreUnavailable: (503, "unavailable", "Nothing could be read or written; try again."),
    IssuerUnavailable: (503, "unavailable", "The issuer of tokens cannot be asked; try again."),
}


def build_desk(platform: Platform, identify: Identify, mount: str) -> AsgiApp:
    """Return the operators' API, served below this mount; `identify` reads a bearer token."""

    async def desk(scope: Scope, receive: Receive, send: Send) -> None:
        request_id = str(uuid4())
        try:
            reply = await _reply(platform, identify, mount, scope, receive)
        except _Refused as refused:
            reply = _told(refused.status, refused.code, refused.message, request_id)
        except InputRefused as refused:
            status = refused.status_hint or HTTPStatus.BAD_REQUEST
            message = "; ".join(f"{name} {problem}" for name, problem in refused.problems)
            reply = _told(status, "invalid_request", message, request_id)
        except TooManyRequests as refused:
            again = (b"retry-after", b"%d" % refused.retry_after_seconds)
            reply = _told(429, "rate_limited", "Too many requests.", request_id, again)
        except tuple(_ABSENT) as refused:
            status, code, message = _ABSENT[type(refused)]
            away = [(b"retry-after", b"%d" % _AWAY_SECONDS)] if status == 503 else []  # noqa: PLR2004 - HTTP's own number
            reply = _told(status, code, message, request_id, *away)
        headers = [*reply.headers, (b"x-request-id", request_id.encode())]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body, "more_body": False})

    return desk


async def _reply(
    platform: Platform, identify: Identify, mount: str, scope: Scope, receive: Receive
) -> Reply:
    operator = await _operator(identify, scope)
    await platform.limits.take(
        operator.user_id,
        "gateway.desk",
        limit=CALLS_A_MINUTE,
        window_seconds=_MINUTE_SECONDS,
    )
    path = mounted_path(scope).decode("latin-1").removeprefix(mount)
    template, named = _template_of(path)
    act = ACTS.get((scope["method"], template))
    if act is None:
        allowed = sorted(method for method, known in ACTS if known == template)
        if not allowed:
            raise _Refused(404, "not_found", "There is nothing at this path.")
        raise _Refused(405, "method_not_allowed", f"Allowed: {', '.join(allowed)}.")
    asked: Any = scope  # the ground below names ASGI's three things by its framework's types
    coming: Any = receive
    body = b""
    if act in WITH_BODY:
        require_type(asked, "application/json")
        body = await read_body(asked, coming)
    else:
        await require_no_body(asked, coming)
    status, shown = await act(Order(platform, operator, named, body))
    return Reply(status, (), b"") if shown is None else reply_json(status, shown)


async def _operator(identify: Identify, scope: Scope) -> Caller:
    found = find_all(scope["headers"], b"authorization")
    given = found[0].decode("latin-1") if len(found) == 1 else None
    caller = await identify(given)
    if not caller.is_operator or caller.only is not None:
        raise _Refused(403, "not_operator", "Only operators say who may borrow the key.")
    return caller


def _template_of(path: str) -> tuple[str, str]:
    """Return a path with `{}` in its id's place, and the id."""
    parts = path.split("/")
    if len(parts) <= _DEPTH:
        return path, ""
    named = unquote(parts[_DEPTH])
    return "/".join((*parts[:_DEPTH], "{}", *parts[_DEPTH + 1 :])), named


def _told(status: int, code: str, message: str, request_id: str, *headers: Header) -> Reply:
    told: dict[str, Any] = {"code": code, "message": message, "request_id": request_id}
    return reply_json(status, told, *headers)
