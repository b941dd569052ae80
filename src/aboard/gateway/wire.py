"""How does the gateway meet the server? Bare ASGI, and three keys of our own in its scope.

Source: ADR-0029, the gateway; the ASGI specification, "HTTP & WebSocket".
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

TARGET: Final = "aboard.target"
"""The request's target as it came, before anybody took it apart; only from our own protocol."""
FAULT: Final = "aboard.fault"
"""The code by which the parser refused the request, or the rest of its body."""
HANG_UP: Final = "aboard.hang_up"
"""Ends the connection at once, without a word; only from our own protocol."""


def find_all(headers: Iterable[Header], name: bytes) -> list[bytes]:
    """Return every value of a header, by its lower-case name."""
    return [value for key, value in headers if key == name]


def remote_of(scope: Scope) -> str | None:
    """Return the address that the call came from, as far as the server knows it."""
    client = scope.get("client")
    return None if client is None else str(client[0])


def mounted_path(scope: Scope) -> bytes:
    """Return the raw path below the place where this application is mounted."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.removeprefix(scope.get("root_path", "").encode())
