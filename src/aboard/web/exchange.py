"""What does every answer carry? A request id, and what was learned on the way, such as limits.

The outermost layer, bare ASGI: one small object per request, and one pass over the answer's head.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, cast
from uuid import uuid4

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from aboard.flows.correlation import REQUEST_ID

_KEY: Final = "aboard.exchange"
_OUR_FAULT: Final = 500
_VALID_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,128}\Z")


class Exchange:
    """One request with its answer: its id, and headers that its answer carries in any case.

    `give_back` undoes what the call used up of its caller's window. It is awaited before an answer
    of 500 or above, and before any answer that `is_our_refusal` says is no fault of the caller's.
    """

    __slots__ = ("give_back", "headers", "is_our_refusal", "request_id")

    def __init__(self, given_id: bytes | None) -> None:
        """Keep a valid id that came in, else make one."""
        if given_id is None or not _VALID_ID.match(given_id):
            self.request_id = str(uuid4())
            given_id = self.request_id.encode()
        else:
            self.request_id = given_id.decode()
        self.headers = [(b"x-request-id", given_id)]
        self.give_back: Callable[[], Awaitable[None]] | None = None
        self.is_our_refusal = False


class Stamping:
    """The ASGI layer that gives each request its exchange and each answer its headers."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application that answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; lifespan and others pass untouched."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        exchange = Exchange(find_header(scope, b"x-request-id"))
        _open(scope)[_KEY] = exchange

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_ours = message["status"] >= _OUR_FAULT or exchange.is_our_refusal
                if is_ours and exchange.give_back is not None:
                    await exchange.give_back()
                message["headers"] = [*message.get("headers", ()), *exchange.headers]
            await send(message)

        token = REQUEST_ID.set(exchange.request_id)
        try:
            await self._app(scope, receive, stamped)
        finally:
            REQUEST_ID.reset(token)


def exchange_of(scope: Scope) -> Exchange:
    """Return the exchange of this request, as the outermost layer made it."""
    exchange: Exchange = _open(scope)[_KEY]
    return exchange


def find_exchange(scope: MutableMapping[str, Any]) -> Exchange | None:
    """Return the exchange of a request, or nothing where no layer made one."""
    return scope.get(_KEY)


def path_of(scope: Scope) -> str:
    """Return the path below the place where this application is mounted."""
    return scope["path"].removeprefix(scope.get("root_path", ""))


def find_header(scope: Scope, name: bytes) -> bytes | None:
    """Return the first header of this lower-case name, or nothing."""
    for key, value in scope["headers"]:
        if key == name:
            return value
    return None


def find_header_text(scope: Scope, name: bytes) -> str | None:
    """Return the first header of this lower-case name as text, or nothing."""
    value = find_header(scope, name)
    return None if value is None else value.decode("latin-1")


def _open(scope: Scope) -> MutableMapping[str, Any]:
    return cast("MutableMapping[str, Any]", scope)  # ASGI lets every layer add keys of its own
