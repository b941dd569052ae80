"""One request to the API: reads it, finds its operation, and answers in Stripe's JSON.

The order of checks: URL, key, API version, idempotency key, acting account, parameters, and only
then the operation. Whatever is sent, the answer is Stripe's; a fault of our own is a 500 with
Stripe's envelope and a line on the standard logger.
"""

from http import HTTPStatus
from typing import Any

import msgspec

from aboard.sandbox import expanding
from aboard.sandbox.account import Account
from aboard.sandbox.call import Call, Route, Upload
from aboard.sandbox.events import API_VERSION, Cause
from aboard.sandbox.faults import Fault, Unanswered
from aboard.sandbox.grants import check_scope
from aboard.sandbox.routes import find
from aboard.sandbox.v1.access import no_access
from aboard.sandbox.wire import request, v2
from aboard.sandbox.wire.errors import StripeError, unrecognized
from aboard.sandbox.wire.form import Form
from aboard.sandbox.wire.http import (
    LARGEST_BODY,
    LARGEST_UPLOAD,
    Receive,
    Scope,
    Send,
    cross_origin_headers,
    origin_of,
    read_body,
    read_headers,
    write_json,
    write_preflight,
)
from aboard.sandbox.wire.idempotency import Replies
from aboard.sandbox.wire.keys import read_key
from aboard.sandbox.world import RequestRow, World
from aboard.sandbox.worlds import Worlds

_FILES = "/v1/files"
_DASHBOARD = "https://dashboard.stripe.com"


class Exchange:
    """One request to the API and its answer."""

    def __init__(self, worlds: Worlds, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin with what the server gave us."""
        self._worlds = worlds
        self._scope = scope
        self._receive = receive
        self._send = send
        self._method: str = scope["method"]
        self._path = request.path_of(scope)
        self._is_v2 = v2.is_of_v2(self._path)
        self._headers = read_headers(scope)
        self._world: World | None = None
        self._version = API_VERSION
        self._replayed: str | None = None
        """The request whose answer is given again."""
        self._fault: Fault | None = None
        self._request_id = ""
        self._lent_to: str | None = None
        """The connected account that the key itself acts as, if OAuth lent it out."""

    async def run(self) -> None:
        """Read, decide, answer; nothing is done for a caller who went away."""
        if self._method == "OPTIONS":
            await write_preflight(self._send, self._headers)
            return
        try:
            await self._run()
        except Unanswered as lost:
            self._remember(0, f"fault_{lost.kind}")
            from aboard.sandbox.strikes import end  # noqa: PLC0415 - only ordered faults need it

            await end(lost, self._send)

    async def _run(self) -> None:
        refusal: StripeError | None = None
        status, body = 0, b""
        try:
            sent = await read_body(self._receive, self._largest_body())
            if sent is None:
                return
            status, body = await self._answer(sent)
            if self._fault is not None and self._fault.is_after:
                await self._suffer(self._fault)
        except StripeError as said:
            refusal = v2.refusal_of(said) if self._is_v2 else said
        except Unanswered:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, the caller gets an answer
            _note(fault)
            message = "Sorry, the sandbox failed. This is a fault of its own; please report it."
            failed = HTTPStatus.INTERNAL_SERVER_ERROR
            refusal = StripeError(message, kind="api_error", status=failed)
        if refusal is not None:
            status, body = refusal.status, self._envelope(refusal)
        code = None if refusal is None else refusal.code
        self._remember(int(status), code)
        headers = self._answer_headers(int(status), code)
        await write_json(self._send, int(status), body, headers, is_head=self._method == "HEAD")

    def _envelope(self, refusal: StripeError) -> bytes:
        """Return a refusal's body, in v1 with the place where the dashboard logs the request."""
        if self._is_v2:
            return msgspec.json.encode(v2.envelope(refusal))
        said = refusal.envelope()
        if self._world is not None and isinstance(said["error"], dict):
            mode = "" if self._world.livemode else "/test"
            at = self._world.now()
            said["error"]["request_log_url"] = f"{_DASHBOARD}{mode}/logs/{self._request_id}?t={at}"
        return msgspec.json.encode(said)

    def _largest_body(self) -> int:
        return LARGEST_UPLOAD if self._path == _FILES else LARGEST_BODY

    async def _answer(self, body: bytes) -> tuple[int, bytes]:
        route, ids = find(self._method, self._path)
        if route is None:
            raise unrecognized(self._method, self._path)
        authorization = self._headers.get("authorization")
        if authorization is None and route.is_oauth:
            authorization = request.secret_in(body)
        key = read_key(authorization)
        world, self._lent_to = self._worlds.open(key)
        self._world = world
        self._request_id = world.ids.new("req")
        self._version = self._read_version()
        self._worlds.tick()
        await self._take_fault(route, world)
        idempotency_key = self._headers.get("idempotency-key") if self._is_repeatable() else None
        if not idempotency_key or route.is_oauth:
            await self._wait()
            return self._execute(world, route, ids, body)
        query: bytes = self._scope.get("query_string", b"")
        sameness = request.fingerprint(self._path, query, self._headers, body)
        reply = self._replies(world).claim(idempotency_key, sameness, world.now())
        if reply is not None and reply.status is not None:
            self._replayed = reply.request_id
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
        replies = self._replies(world)
        try:
            await self._wait()
            status, answer = self._execute(world, route, ids, body)
        except StripeError as refusal:
            if refusal.is_early or self._is_v2:  # there, what failed may be tried again
                replies.release(idempotency_key)
                raise
            status, answer = refusal.status, self._envelope(refusal)
        except BaseException:  # also a caller who went away: the key must be free again
            replies.release(idempotency_key)
            raise
        replies.keep(idempotency_key, status, answer, self._request_id)
        return status, answer

    def _read_version(self) -> str:
        if self._is_v2:
            return v2.required_version(self._headers)
        return request.version_of(self._headers, API_VERSION)

    def _is_repeatable(self) -> bool:
        """Say whether an idempotency key means anything."""
        return self._method == "POST" or (self._is_v2 and self._method == "DELETE")

    def _replies(self, world: World) -> Replies:
        return world.replies_v2 if self._is_v2 else world.replies

    async def _take_fault(self, route: Route, world: World) -> None:
        fault = self._worlds.faults.take(
            self._method, route.template, self._path, world.platform.id
        )
        self._fault = fault
        if fault is not None and not fault.is_after:
            await self._suffer(fault)

    async def _suffer(self, fault: Fault) -> None:
        from aboard.sandbox.strikes import strike  # noqa: PLC0415 - only ordered faults need it

        await strike(fault, self._receive)

    async def _wait(self) -> None:
        if self._worlds.policy.latency_seconds:
            import asyncio  # noqa: PLC0415 - slow to load, and the server has it already

            await asyncio.sleep(self._worlds.policy.latency_seconds)

    def _execute(
        self, world: World, route: Route, ids: tuple[str, ...], body: bytes
    ) -> tuple[int, bytes]:
        actor = self._read_actor(world)
        upload: Upload | None = None
        if route.takes_file:
            form, upload = self._read_upload(body)
        else:
            query: bytes = self._scope.get("query_string", b"")
            form_of = v2.form_of if self._is_v2 else request.form_of
            form = form_of(self._method, query, self._headers, body)
        params = route.params_of(self._version).read(form)
        paths = params.pop("expand", None) or ()
        expanding.check(route, paths)
        origin = origin_of(self._scope, self._headers)
        call = Call(world, origin, self._path, ids, params, actor, self._version, upload)
        world.cause = Cause(self._request_id, self._headers.get("idempotency-key"))
        try:
            answer = self._handle(call, route)
            if paths:
                expanding.apply(call, route, answer, paths)
            return HTTPStatus.OK, msgspec.json.encode(answer)
        finally:
            world.cause = Cause()

    def _handle(self, call: Call, route: Route) -> dict[str, Any]:
        if self._worlds.policy.is_lenient:
            from aboard.sandbox import lenient  # noqa: PLC0415 - only who asked for it needs it

            return lenient.answer(call, route)
        return route.handler(call)

    def _read_upload(self, body: bytes) -> tuple[Form, Upload | None]:
        from aboard.sandbox.wire.upload import read_multipart  # noqa: PLC0415 - only files need it

        request.check_encoding(self._headers)
        form, sent = read_multipart(self._headers.get("content-type", ""), body)
        return form, None if sent is None else Upload(*sent)

    def _read_actor(self, world: World) -> Account | None:
        account_id = request.actor_of(self._headers) or self._lent_to
        if account_id is None or account_id == world.platform.id:
            return None
        account = world.account(account_id)
        if account is None and self._worlds.policy.is_lenient:
            from aboard.sandbox import lenient  # noqa: PLC0415 - as above

            account = lenient.get_account(world, account_id, origin_of(self._scope, self._headers))
        if account is None or self._lent_to not in {None, account_id}:
            raise no_access(world, account_id)
        check_scope(account, self._method)
        return account

    def _answer_headers(self, status: int, code: str | None) -> list[tuple[bytes, bytes]]:
        request_id = self._request_id or "req_unauthenticated"
        found = cross_origin_headers()
        found += [(b"request-id", request_id.encode()), (b"stripe-version", self._version.encode())]
        for name in ("stripe-account", "stripe-context"):
            value = self._headers.get(name)
            if value is not None:
                found.append((name.encode(), value.encode("latin-1")))
        key = self._headers.get("idempotency-key")
        if key is not None:
            found.append((b"idempotency-key", key.encode("latin-1")))
            if self._is_repeatable() and self._request_id:
                original = self._replayed or self._request_id
                found.append((b"original-request", original.encode()))
        if self._replayed is not None:
            found.append((b"idempotent-replayed", b"true"))
        is_other = code == "idempotency_error"  # the same key for something else: never right
        if (status == HTTPStatus.CONFLICT and not is_other) or code == "lock_timeout":
            found.append((b"stripe-should-retry", b"true"))
        elif code == "rate_limit" or (
            key is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            found.append((b"stripe-should-retry", b"false"))
        if code == "rate_limit" and self._fault is not None:
            found.append((b"stripe-rate-limited-reason", self._fault.reason.encode()))
        return found

    def _remember(self, status: int, code: str | None) -> None:
        if self._world is None:
            return
        row = RequestRow(
            id=self._request_id,
            at=self._world.now(),
            method=self._method,
            path=self._path,
            account_id=self._headers.get("stripe-account") or self._headers.get("stripe-context"),
            status=status,
            code=code,
        )
        self._world.requests.append(row)


def _note(fault: Exception) -> None:
    """Log a fault of our own by type and place; its text may hold a link."""
    import logging  # noqa: PLC0415 - only our own faults need it
    import traceback  # noqa: PLC0415 - the same

    frames = traceback.extract_tb(fault.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-5:]))
    logging.getLogger("aboard.sandbox").error(
        "sandbox.failed error=%s at=%s", type(fault).__name__, places
    )
