"""From ASGI to an answer: reads a request, finds its operation, and writes Stripe's JSON.

The order of checks: URL, key, API version, acting account, parameters, idempotency key, and only
then the operation. Whatever is sent, the answer is Stripe's; a fault of our own is a 500 with
Stripe's envelope and a line on the standard logger.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import blake2b
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from aboard.sandbox.events import API_VERSION, Cause
from aboard.sandbox.routes import find
from aboard.sandbox.v1.access import no_access
from aboard.sandbox.wire import expand
from aboard.sandbox.wire.call import Call, Route
from aboard.sandbox.wire.errors import StripeError, bad, shown, unrecognized
from aboard.sandbox.wire.form import decode
from aboard.sandbox.wire.keys import read_key
from aboard.sandbox.world import RequestRow, World

if TYPE_CHECKING:
    from aboard.sandbox.account import Account
    from aboard.sandbox.app import Sandbox

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = dict[str, str]

LARGEST_BODY = 1 << 20
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[a-z]{1,20})?")
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,255}")
_PAGES = ("/setup/", "/express/", "/hosted/")
_FORM = "application/x-www-form-urlencoded"
_BASE_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-cache, no-store"),
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Request-Id, Stripe-Manage-Version, Stripe-Should-Retry",
    ),
]


async def read_body(receive: Receive, largest: int = LARGEST_BODY) -> bytes:
    """Return the whole body.

    Raises:
        StripeError: it is too large.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
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
    send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Send JSON, printed with two spaces as Stripe does."""
    pretty = msgspec.json.format(body, indent=2)
    length = (b"content-length", b"%d" % len(pretty))
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*_BASE_HEADERS, length, *(headers or ())],
        }
    )
    await send({"type": "http.response.body", "body": pretty})


class Application:
    """The ASGI application of one sandbox."""

    def __init__(self, sandbox: "Sandbox") -> None:
        """Answer for this sandbox."""
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"].startswith(_PAGES):
            from aboard.sandbox import hosted  # noqa: PLC0415 - templates only when pages are seen

            await hosted.handle(self._sandbox, scope, receive, send)
        elif scope["path"] == "/_sandbox" or scope["path"].startswith("/_sandbox/"):
            from aboard.sandbox import control  # noqa: PLC0415 - only when somebody looks inside

            await control.handle(self._sandbox, scope, receive, send)
        else:
            await Exchange(self._sandbox, scope, receive, send).run()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._sandbox.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._sandbox.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


class Exchange:
    """One request to the API and its answer."""

    def __init__(self, sandbox: "Sandbox", scope: Scope, receive: Receive, send: Send) -> None:
        """Begin with what the server gave us."""
        self._sandbox = sandbox
        self._scope = scope
        self._receive = receive
        self._send = send
        self._method: str = scope["method"]
        self._path: str = scope["path"]
        self._headers = read_headers(scope)
        self._world: World | None = None
        self._version = API_VERSION
        self._is_replay = False
        self._request_id = ""

    async def run(self) -> None:
        """Read, decide, answer."""
        code: str | None = None
        try:
            status, body = await self._answer()
        except StripeError as refusal:
            code = refusal.code
            status, body = refusal.status, msgspec.json.encode(refusal.envelope())
        except Exception:
            import logging  # noqa: PLC0415 - only our own faults need it

            logging.getLogger("aboard.sandbox").exception("sandbox.failed")
            message = "Sorry, the sandbox failed. This is a fault of its own; please report it."
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            failure = StripeError(message, kind="api_error")
            body = msgspec.json.encode(failure.envelope())
        self._remember(int(status), code)
        await write_json(self._send, int(status), body, self._answer_headers(int(status)))

    async def _answer(self) -> tuple[int, bytes]:
        body = await read_body(self._receive)
        route, ids = find(self._method, self._path)
        if route is None:
            raise unrecognized(self._method, self._path)
        key = read_key(self._headers.get("authorization"))
        world = self._world = self._sandbox.world(key)
        self._request_id = world.ids.new("req")
        self._version = self._read_version()
        self._sandbox.tick()
        idempotency_key = self._headers.get("idempotency-key") if self._method == "POST" else None
        if not idempotency_key:
            await self._wait()
            return self._execute(world, route, ids, body)
        reply = world.replies.claim(idempotency_key, self._fingerprint(body), world.now())
        if reply is not None and reply.status is not None:
            self._is_replay = True
            return reply.status, reply.body
        return await self._execute_once(world, route, ids, body, idempotency_key)

    async def _execute_once(
        self,
        world: World,
        route: Route,
        ids: tuple[str, ...],
        body: bytes,
        idempotency_key: str,
    ) -> tuple[int, bytes]:
        replies = world.replies
        try:
            await self._wait()
            status, answer = self._execute(world, route, ids, body)
        except StripeError as refusal:
            if refusal.is_early:
                replies.release(idempotency_key)
                raise
            status, answer = refusal.status, msgspec.json.encode(refusal.envelope())
        except BaseException:
            replies.release(idempotency_key)
            raise
        replies.keep(idempotency_key, status, answer, self._request_id)
        return status, answer

    async def _wait(self) -> None:
        if self._sandbox.policy.latency_seconds:
            import asyncio  # noqa: PLC0415 - slow to load, and the server has it already

            await asyncio.sleep(self._sandbox.policy.latency_seconds)

    def _execute(
        self, world: World, route: Route, ids: tuple[str, ...], body: bytes
    ) -> tuple[int, bytes]:
        actor = self._read_actor(world)
        params = route.params.read(self._read_form(body))
        expand.check(route, params.pop("expand", None) or [])
        origin = origin_of(self._scope, self._headers)
        call = Call(world, origin, self._path, ids, params, actor)
        world.cause = Cause(self._request_id, self._headers.get("idempotency-key"))
        try:
            return HTTPStatus.OK, msgspec.json.encode(route.handler(call))
        finally:
            world.cause = Cause()

    def _read_form(self, body: bytes) -> Any:  # noqa: ANN401 - a recursive type
        query: bytes = self._scope.get("query_string", b"")
        if self._method != "POST":
            return decode(query)
        kind = self._headers.get("content-type", _FORM).partition(";")[0].strip().lower()
        if body and kind != _FORM:
            raise bad(
                "Invalid request (check that your POST content type is "
                "application/x-www-form-urlencoded). If you have any questions, we can help at "
                "https://support.stripe.com/."
            )
        return decode(b"&".join(part for part in (query, body) if part))

    def _read_version(self) -> str:
        version = self._headers.get("stripe-version")
        if version is None:
            return API_VERSION
        if not _VERSION.fullmatch(version):
            raise bad(f"Invalid Stripe API version: {shown(version)}")
        return version

    def _read_actor(self, world: World) -> "Account | None":
        account_id = self._headers.get("stripe-account")
        if account_id is None or account_id == world.platform.id:
            return None
        account = world.account(account_id)
        if account is None:
            raise no_access(world, account_id)
        return account

    def _fingerprint(self, body: bytes) -> bytes:
        digest = blake2b(digest_size=16)
        for part in (
            self._path.encode("utf-8", "surrogatepass"),
            self._headers.get("stripe-account", "").encode(),
            self._scope.get("query_string", b""),
            *sorted(body.split(b"&")),
        ):
            digest.update(part)
            digest.update(b"\x00")
        return digest.digest()

    def _answer_headers(self, status: int) -> list[tuple[bytes, bytes]]:
        request_id = self._request_id or "req_unauthenticated"
        found = [(b"request-id", request_id.encode()), (b"stripe-version", self._version.encode())]
        for name in ("idempotency-key", "stripe-account"):
            value = self._headers.get(name)
            if value is not None:
                found.append((name.encode(), value.encode("latin-1")))
        if self._is_replay:
            found.append((b"idempotent-replayed", b"true"))
        if status in {HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}:
            found.append((b"stripe-should-retry", b"true"))
        return found

    def _remember(self, status: int, code: str | None) -> None:
        if self._world is None:
            return
        row = RequestRow(
            id=self._request_id,
            at=self._world.now(),
            method=self._method,
            path=self._path,
            account_id=self._headers.get("stripe-account"),
            status=status,
            code=code,
        )
        self._world.requests.append(row)
