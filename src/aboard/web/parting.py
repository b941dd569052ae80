"""How does a process that drains let its callers go? It asks each to come back elsewhere.

An answer that says `Connection: close` ends its connection in order. Without it, a balancer that
keeps connections open would meet the end of the process in the middle of its next request.

Source: ADR-0028, deployment; RFC 9112, section 9.6, tear-down.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

_CLOSE = (b"connection", b"close")


def parting(send: Send) -> Send:
    """Return the way to answer on a connection that ends with this answer."""

    async def last(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), _CLOSE]
        await send(message)

    return last
