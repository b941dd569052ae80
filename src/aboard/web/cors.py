"""May a page of another origin call us from a browser? One that the operator named may; bare ASGI.

An origin that was not named gets no word of this, and its call is answered as ever: what protects
an answer is the bearer token, and what hides it from a foreign page is the browser.

Source: the Fetch standard, CORS protocol; docs/self-hosting.md, browsers on other origins.
"""

from collections.abc import Callable, Collection
from typing import Final

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from aboard.web.answer import NO_STORE, Header
from aboard.web.exchange import find_header, path_of

_METHODS: Final = b"DELETE, GET, PATCH, POST, PUT"
_TAKEN: Final = b"accept-language, authorization, content-type, idempotency-key, x-request-id"
_SHOWN: Final = (
    b"Aboard-Disconnection, Content-Language, Idempotent-Replayed, RateLimit-Limit, "
    b"RateLimit-Remaining, RateLimit-Reset, Retry-After, WWW-Authenticate, X-Request-Id, "
    b"X-Status-Source"
)
# Longer than any visit, short enough that an origin taken off the list is soon forgotten.
_PREFLIGHT_SECONDS: Final = b"600"
_BY_ORIGIN: Final[Header] = (b"vary", b"origin")


class BrowserOrigins:
    """The ASGI layer that lets pages of these origins read the answers of some paths.

    Credentials are allowed, because a session's cookie is one: so an origin is compared byte by
    byte, and answered by its own name, never by a star.
    """

    def __init__(
        self, app: ASGIApp, origins: Collection[str], is_open: Callable[[str], bool]
    ) -> None:
        """Wrap the application; `is_open` says of a path whether other origins may call it."""
        self._app = app
        self._origins = frozenset(origin.encode("ascii") for origin in origins)
        self._is_open = is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight of a known origin; mark every other answer, and pass the call on."""
        if scope["type"] != ScopeType.HTTP or not self._is_open(path_of(scope)):
            await self._app(scope, receive, send)
            return
        origin = _only_origin(scope)
        asked = find_header(scope, b"access-control-request-method")
        is_preflight = scope["method"] == HttpMethod.OPTIONS and asked is not None
        granted: list[Header] = [_BY_ORIGIN]
        if origin in self._origins:
            granted.append((b"access-control-allow-origin", origin))
            granted.append((b"access-control-allow-credentials", b"true"))
            if is_preflight:
                await _let_ask(send, granted)
                return
            granted.append((b"access-control-expose-headers", _SHOWN))

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *granted]
            await send(message)

        await self._app(scope, receive, marked)


def _only_origin(scope: Scope) -> bytes:
    """Return the one origin that the request names; of several, none is believed."""
    named = [value for key, value in scope["headers"] if key == b"origin"]
    return named[0] if len(named) == 1 else b""


async def _let_ask(send: Send, granted: list[Header]) -> None:
    """Answer a preflight: without a token, and without a call of anybody's window."""
    headers = [
        *granted,
        NO_STORE,
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", _TAKEN),
        (b"access-control-max-age", _PREFLIGHT_SECONDS),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
