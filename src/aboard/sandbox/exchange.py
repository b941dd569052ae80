"""One request to the API: reads it, finds its operation, and answers in Stripe's JSON.

The order of checks: URL, key, API version, idempotency key, acting account, parameters, and only
then the operation. Whatever is sent, the answer is Stripe's; a fault of our own is a 500 with
Stripe's envelope and a line on the standard logger.
"""

import re
from hashlib import blake2b
from http import HTTPStatus

import msgspec

from aboard.sandbox import expanding
from aboard.sandbox.account import Account
from aboard.sandbox.call import Call, Route, Upload
from aboard.sandbox.events import API_VERSION, Cause
from aboard.sandbox.routes import find
from aboard.sandbox.v1.access import no_access
from aboard.sandbox.wire.errors import StripeError, bad, shown, unrecognized
from aboard.sandbox.wire.form import Form, decode
from aboard.sandbox.wire.http import (
    LARGEST_BODY,
    LARGEST_UPLOAD,
    Receive,
    Scope,
    Send,
    origin_of,
    read_body,
    read_headers,
    write_json,
)
from aboard.sandbox.wire.keys import read_key
from aboard.sandbox.world import RequestRow, World
from aboard.sandbox.worlds import Worlds

_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[a-z]{1,20})?")
_FORM = "application/x-www-form-urlencoded"
_FILES = "/v1/files"


class Exchange:
    """One request to the API and its answer."""

    def __init__(self, worlds: Worlds, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin with what the server gave us."""
        self._worlds = worlds
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
        self._lent_to: str | None = None
        """The connected account that the key itself acts as, if OAuth lent it out."""

    async def run(self) -> None:
        """Read, decide, answer; nothing is done for a caller who went away."""
        code: str | None = None
        try:
            sent = await read_body(self._receive, self._largest_body())
            if sent is None:
                return
            status, body = await self._answer(sent)
        except StripeError as refusal:
            code = refusal.code
            status, body = refusal.status, msgspec.json.encode(refusal.envelope())
        except Exception as fault:  # noqa: BLE001 - whatever it is, the caller gets an answer
            _note(fault)
            message = "Sorry, the sandbox failed. This is a fault of its own; please report it."
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            failure = StripeError(message, kind="api_error")
            body = msgspec.json.encode(failure.envelope())
        self._remember(int(status), code)
        await write_json(self._send, int(status), body, self._answer_headers(int(status)))

    def _largest_body(self) -> int:
        return LARGEST_UPLOAD if self._path == _FILES else LARGEST_BODY

    async def _answer(self, body: bytes) -> tuple[int, bytes]:
        route, ids = find(self._method, self._path)
        if route is None:
            raise unrecognized(self._method, self._path)
        key = read_key(self._headers.get("authorization"))
        world, self._lent_to = self._worlds.open(key)
        self._world = world
        self._request_id = world.ids.new("req")
        self._version = self._read_version()
        self._worlds.tick()
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
        except BaseException:  # also a caller who went away: the key must be free again
            replies.release(idempotency_key)
            raise
        replies.keep(idempotency_key, status, answer, self._request_id)
        return status, answer

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
            form = self._read_form(body)
        params = route.params_of(self._version).read(form)
        paths = params.pop("expand", None) or ()
        expanding.check(route, paths)
        origin = origin_of(self._scope, self._headers)
        call = Call(world, origin, self._path, ids, params, actor, self._version, upload)
        world.cause = Cause(self._request_id, self._headers.get("idempotency-key"))
        try:
            answer = route.handler(call)
            if paths:
                expanding.apply(call, route, answer, paths)
            return HTTPStatus.OK, msgspec.json.encode(answer)
        finally:
            world.cause = Cause()

    def _read_upload(self, body: bytes) -> tuple[Form, Upload | None]:
        from aboard.sandbox.wire.upload import read_multipart  # noqa: PLC0415 - only files need it

        form, sent = read_multipart(self._headers.get("content-type", ""), body)
        return form, None if sent is None else Upload(*sent)

    def _read_form(self, body: bytes) -> Form:
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

    def _read_actor(self, world: World) -> Account | None:
        account_id = self._headers.get("stripe-account") or self._lent_to
        if account_id is None or account_id == world.platform.id:
            return None
        account = world.account(account_id)
        if account is None or self._lent_to not in {None, account_id}:
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


def _note(fault: Exception) -> None:
    """Log a fault of our own by type and place; its text may hold a link."""
    import logging  # noqa: PLC0415 - only our own faults need it
    import traceback  # noqa: PLC0415 - the same

    frames = traceback.extract_tb(fault.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-5:]))
    logging.getLogger("aboard.sandbox").error(
        "sandbox.failed error=%s at=%s", type(fault).__name__, places
    )
