"""Between ASGI and Stripe's JSON: the body that came, the headers, the answer that goes."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from aboard.sandbox.wire.errors import StripeError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = dict[str, str]

LARGEST_BODY = 1 << 20
LARGEST_UPLOAD = 11 << 20
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,255}")
_EXPOSED = (
    "Request-Id, Stripe-Manage-Version, Stripe-Should-Retry, X-Stripe-External-Auth-Required, "
    "X-Stripe-Privileged-Session-Required"
)
_CROSS_ORIGIN = [
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-allow-methods", b"GET, HEAD, PUT, PATCH, POST, DELETE"),
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        _EXPOSED.encode(),
    ),
    (b"access-control-max-age", b"300"),
]
"""What lets pages of any origin call the API, which nobody can without a key."""
_BASE_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-cache, no-store"),
]


async def read_body(receive: Receive, largest: int = LARGEST_BODY) -> bytes | None:
    """Return the whole body; nothing when the caller went away before its end.

    Raises:
        StripeError: it is too large.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > largest:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            raise StripeError("The request body is too large.", status=status, is_early=True)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts) if len(parts) > 1 else part


def read_headers(scope: Scope) -> Headers:
    """Return the headers by lower-case name; of several the last."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def origin_of(scope: Scope, headers: Headers) -> str:
    """Return where a request came to, as an origin that links can point at."""
    host = headers.get("host", "")
    if not _HOST.fullmatch(host):
        host = "localhost"
    return f"{scope.get('scheme', 'http')}://{host}"


async def write_json(
    send: Send,
    status: int,
    body: bytes,
    headers: list[tuple[bytes, bytes]] | None = None,
    *,
    is_head: bool = False,
) -> None:
    """Send JSON, printed with two spaces as Stripe does; to a HEAD only the headers."""
    pretty = msgspec.json.format(body, indent=2)
    length = (b"content-length", b"%d" % len(pretty))
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*_BASE_HEADERS, length, *(headers or ())],
        }
    )
    await send({"type": "http.response.body", "body": b"" if is_head else pretty})


async def write_preflight(send: Send, headers: Headers) -> None:
    """Answer a browser that asks whether a page of another origin may call the API."""
    wanted = headers.get("access-control-request-headers", "")
    allowed = [(b"access-control-allow-headers", wanted.encode("latin-1"))] if wanted else []
    start = {
        "type": "http.response.start",
        "status": int(HTTPStatus.OK),
        "headers": [*_CROSS_ORIGIN, *allowed, (b"content-length", b"0")],
    }
    await send(start)
    await send({"type": "http.response.body", "body": b""})


def cross_origin_headers() -> list[tuple[bytes, bytes]]:
    """Return the headers that let a page of any origin read an answer of the API."""
    return list(_CROSS_ORIGIN)
