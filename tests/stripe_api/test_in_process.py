"""Does an ASGI application in this process look like a server to our client and to the SDK?"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import stripe as sdk

from aboard.core.errors import StripeRefused, StripeUnavailable
from aboard.core.owner import Mode
from aboard.stripe_api.client import Stripe
from aboard.stripe_api.in_process import AsgiApp, AsgiClient, Message
from aboard.stripe_api.transport import MAX_ANSWER_BYTES
from tests.stripe_api.wire import KEY

ORIGIN = "http://localhost:12111"
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class ImpatientAsgiClient(AsgiClient):
    """Our in-process client without the pauses between two tries."""

    async def sleep_async(self, seconds: float) -> None:
        pass


def on(app: AsgiApp, *, timeout_seconds: float = 5.0) -> Stripe:
    http_client = ImpatientAsgiClient({f"{ORIGIN}/": app}, timeout_seconds=timeout_seconds)
    return Stripe(KEY, mode=Mode.TEST, api_base=ORIGIN, http_client=http_client)


class Echo:
    """An application that remembers how it was called and answers in two pieces."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.scope: Message = {}
        self.body = b""
        self.calls = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.calls += 1
        self.scope = scope
        self.body = (await receive())["body"]
        assert (await receive())["type"] == "http.disconnect"
        headers = [(b"Request-Id", b"req_1"), (b"idempotent-replayed", b"true")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"id": "acct_1", ', "more_body": True})
        await send({"type": "http.response.body", "body": b'"object": "account"}'})


async def test_a_request_arrives_as_it_would_over_http() -> None:
    app = Echo()
    got = await on(app).request("post", "/v1/acc%6Funts/x%2Fy", {"a": {"b": ["ü"]}})
    assert (got.status, got.request_id, got.is_replayed) == (200, "req_1", True)
    assert got.body == b'{"id": "acct_1", "object": "account"}'
    assert app.body == b"a[b][0]=%C3%BC"
    headers = dict(app.scope["headers"])
    assert headers[b"host"] == b"localhost:12111"
    assert headers[b"content-length"] == b"14"
    assert headers[b"content-type"] == b"application/x-www-form-urlencoded"
    assert app.scope["method"] == "POST"
    assert app.scope["path"] == "/v1/accounts/x/y"
    assert app.scope["raw_path"] == b"/v1/acc%6Funts/x%2Fy"
    assert app.scope["server"] == ("localhost", 12111)

    await on(app).request("get", "/v1/accounts", {"limit": 3, "a": "b c"})
    assert (app.body, app.scope["query_string"]) == (b"", b"limit=3&a=b+c")
    assert b"content-length" not in dict(app.scope["headers"])


async def test_the_official_sdk_unmodified_travels_the_same_way() -> None:
    app = Echo()
    client = sdk.StripeClient(
        KEY.reveal(), base_addresses={"api": ORIGIN}, http_client=AsgiClient({ORIGIN: app})
    )
    account = await client.v1.accounts.retrieve_async("acct_1")
    assert account.id == "acct_1"
    assert account.last_response is not None
    assert account.last_response.request_id == "req_1"
    assert account.last_response.headers["Request-Id"] == "req_1"


async def test_any_other_origin_is_a_closed_door() -> None:
    app = Echo()
    for other in ("https://api.stripe.com", "http://localhost:12112", "https://localhost:12111"):
        stripe = Stripe(
            KEY, mode=Mode.TEST, api_base=other, http_client=ImpatientAsgiClient({ORIGIN: app})
        )
        with pytest.raises(StripeUnavailable, match="connection"):
            await stripe.request("get", "/v1/account")
    assert app.calls == 0


async def ends_early(_scope: Message, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


async def says_nothing(_scope: Message, _receive: Receive, _send: Send) -> None:
    pass


async def resets(_scope: Message, _receive: Receive, _send: Send) -> None:
    raise ConnectionResetError


async def hangs(_scope: Message, _receive: Receive, _send: Send) -> None:
    await asyncio.sleep(30)


async def never_ends(_scope: Message, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(MAX_ANSWER_BYTES // 1_000_000 + 2):
        await send({"type": "http.response.body", "body": b" " * 1_000_000, "more_body": True})
    await send({"type": "http.response.body", "body": b"{}"})


@pytest.mark.parametrize(
    ("app", "cause"),
    [
        (ends_early, "connection"),
        (says_nothing, "connection"),
        (resets, "connection"),
        (hangs, "timeout"),
        (never_ends, "garbage"),
    ],
)
async def test_an_application_that_misbehaves_is_a_server_that_does(
    app: AsgiApp, cause: str
) -> None:
    with pytest.raises(StripeUnavailable) as caught:
        await on(app, timeout_seconds=0.05).request("get", "/v1/account")
    assert caught.value.cause == cause


async def test_a_fault_in_an_application_comes_out_as_it_is() -> None:
    async def broken(_scope: Message, _receive: Receive, _send: Send) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await on(broken).request("get", "/v1/account")


async def test_stripes_retry_rules_hold_in_process_too() -> None:
    for status, calls in ((500, 3), (409, 3), (429, 1), (404, 1)):
        app = Echo(status)
        with pytest.raises((StripeUnavailable, StripeRefused)):
            await on(app).request("get", "/v1/account")
        assert app.calls == calls
