"""What do balancers and supervisors ask? Are you alive; do you want requests; how do you stand?

Bare ASGI, because each machine in front asks every second, and because a worker, which has no
framework, answers too.

Source: docs/operations.md, health.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

import msgspec

from aboard.flows.health import HealthWatch
from aboard.web.health import HEALTH_PATH, LIVE_PATH, READY_PATH, Health

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

PROBES: Final = frozenset({LIVE_PATH, READY_PATH})
_METHODS: Final = frozenset({"GET", "HEAD"})
_JSON: Final = b"application/json"
_encode: Final = msgspec.json.Encoder().encode


def build_probes(watch: HealthWatch) -> AsgiApp:
    """Return what answers `live` and `ready`, and the whole health beside them."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI
        if scope["method"] not in _METHODS:
            await reply(send, scope, 405, b"", (b"allow", b"GET, HEAD"))
            return
        path = inner_path(scope)
        if path == LIVE_PATH:
            await reply(send, scope, 200, _encode({"status": "alive"}))
        elif path == READY_PATH:
            hindrance = await watch.find_hindrance()
            if hindrance is None:
                await reply(send, scope, 200, _encode({"status": "ready"}))
            else:
                told = _encode({"status": "not_ready", "reason": hindrance})
                await reply(send, scope, 503, told, (b"retry-after", b"1"))
        elif path == HEALTH_PATH:
            health = Health.of(await watch.read())
            await reply(send, scope, health.http_status, _encode(health))
        else:
            await reply(send, scope, 404, _encode({"status": "nothing_here"}))

    return answer


def inner_path(scope: Scope) -> str:
    """Return the path below the place where this application is mounted."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


async def reply(
    send: Send,
    scope: Scope,
    status: int,
    body: bytes,
    *headers: tuple[bytes, bytes],
    kind: bytes = _JSON,
) -> None:
    """Send an answer, not to be stored by any cache; a HEAD gets no body."""
    head = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": head})
    shown = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": shown, "more_body": False})
