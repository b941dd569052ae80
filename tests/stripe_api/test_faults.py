"""What does the client make of a Stripe that is slow, broken, rude or somebody else?"""

import asyncio
import gzip
from dataclasses import dataclass

import pytest

from aboard.core.errors import StripeRefused, StripeUnavailable
from aboard.core.owner import Mode
from aboard.stripe_api.client import Stripe
from aboard.stripe_api.transport import MAX_ANSWER_BYTES, AiohttpTransport
from aboard.stripe_api.v1 import get_account, get_event
from tests.stripe_api.wire import (
    KEY,
    Behaviour,
    ImpatientTransport,
    answer,
    close,
    connected,
    error,
    half,
    half_then_hang,
    hang,
    listening,
    nonsense,
    reset,
)

HTML = b"<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>"
OK = answer(200, {"id": "acct_1"}, request_id="req_ok")


@dataclass(frozen=True)
class Case:
    """One way to misbehave, what it is called, and how often it is worth asking."""

    name: str
    behaviour: bytes | Behaviour
    cause: str
    tries: int = 3
    retry_after_seconds: int | None = None
    is_replay: bool = False


HUGE = b'{"pad": "' + b"x" * MAX_ANSWER_BYTES + b'"}'
BOMB = gzip.compress(b" " * (MAX_ANSWER_BYTES + 1))
LIMIT = error(code="rate_limit", message="Request rate limit exceeded.")

CASES = [
    Case("never answers", hang, "timeout"),
    Case("stops in the middle", half_then_hang, "timeout"),
    Case("closes", close, "connection"),
    Case("resets", reset, "connection"),
    Case("closes in the middle", half, "connection"),
    Case("is a mail server", nonsense, "garbage"),
    Case("sends too much", answer(200, HUGE), "garbage", tries=1),
    Case("sends a bomb", answer(200, BOMB, content_encoding="gzip"), "garbage", tries=1),
    Case("500", answer(500, error(message="oops")), "server_error"),
    Case("502 in HTML", answer(502, HTML), "server_error"),
    Case("503 with a wait", answer(503, b"", retry_after="7"), "server_error", 3, 7),
    Case("503 with a date", answer(503, b"", retry_after="Wed, 21 Oct 2026"), "server_error"),
    Case(
        "503 with a wait without end",
        answer(503, b"", retry_after="9" * 40),
        "server_error",
        3,
        3600,
    ),
    Case("500, do not retry", answer(500, b"{}", stripe_should_retry="false"), "server_error", 1),
    Case(
        "500, told again",
        answer(500, error(message="oops"), idempotent_replayed="true"),
        "server_error",
        is_replay=True,
    ),
    Case("429", answer(429, LIMIT), "rate_limited", 1, 1),
    Case("429 with a wait", answer(429, LIMIT, retry_after="12"), "rate_limited", 1, 12),
    Case("429, do retry", answer(429, LIMIT, stripe_should_retry="true"), "rate_limited", 3, 1),
    Case("429 in HTML", answer(429, HTML), "rate_limited", 1, 1),
    Case(
        "409 that stays",
        answer(409, error(type="idempotency_error", code="idempotency_key_in_use", message="x")),
        "conflict",
        3,
        1,
    ),
    Case("424", answer(424, error(message="x")), "server_error", 1),
    Case("403 in HTML", answer(403, HTML), "garbage", 1),
    Case("404 without an error", answer(404, {"detail": "Not Found"}), "garbage", 1),
    Case("400 with an odd error", answer(400, {"error": {"message": ["a", "list"]}}), "garbage", 1),
    Case("400 with a list", answer(400, ["error"]), "garbage", 1),
    Case("304", answer(304, b""), "garbage", 1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_every_failure_is_one_fact_after_the_right_number_of_tries(case: Case) -> None:
    async with listening() as wire, connected(wire.address, timeout_seconds=0.3) as stripe:
        wire.will(case.behaviour)
        with pytest.raises(StripeUnavailable) as caught:
            await stripe.request("post", "/v1/accounts", {"type": "express"})

        assert caught.value.cause == case.cause
        assert caught.value.retry_after_seconds == case.retry_after_seconds
        assert caught.value.is_replay is case.is_replay
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None, "aiohttp's errors hold the request's headers"
        assert len(wire.requests) == case.tries
        assert len({request.headers["idempotency-key"] for request in wire.requests}) == 1


async def test_nobody_listens() -> None:
    async with listening() as wire:
        pass
    async with connected(wire.address) as stripe:
        with pytest.raises(StripeUnavailable, match="connection"):
            await stripe.request("get", "/v1/accounts/acct_1")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["get", "post"])
async def test_a_redirect_is_never_followed(method: str, status: int) -> None:
    async with listening() as wire, listening() as thief, connected(wire.address) as stripe:
        wire.will(answer(status, b"", location=f"{thief.address}/v1/accounts/acct_1"))
        thief.will(OK)
        with pytest.raises(StripeUnavailable, match="garbage"):
            await stripe.request("get" if method == "get" else "post", "/v1/accounts/acct_1")
        assert len(wire.requests) == 1
        assert thief.requests == []


@pytest.mark.parametrize(
    "failure",
    [close, reset, half, answer(500, b""), answer(409, error(message="busy"))],
    ids=["close", "reset", "half", "500", "409"],
)
async def test_a_try_that_succeeds_ends_the_trouble(failure: bytes | Behaviour) -> None:
    async with listening() as wire, connected(wire.address) as stripe:
        wire.will(failure, OK)
        got = await stripe.request("post", "/v1/accounts", {"a": "b"}, idempotency_key="once")

        assert (got.status, got.request_id, got.is_replayed) == (200, "req_ok", False)
        assert [request.headers["idempotency-key"] for request in wire.requests] == ["once"] * 2
        assert {request.body for request in wire.requests} == {b"a=b"}


async def test_pauses_between_tries_grow_as_stripes_libraries_do() -> None:
    transport = ImpatientTransport()
    async with listening() as wire:
        wire.will(answer(500, b""))
        stripe = Stripe(
            KEY, mode=Mode.TEST, api_base=wire.address, http_client=transport, max_retries=5
        )
        with pytest.raises(StripeUnavailable):
            await stripe.request("get", "/v1/accounts/acct_1")
        await transport.close_async()
    assert len(transport.pauses) == 5
    assert all(0.5 <= pause <= 5 for pause in transport.pauses)


async def test_no_retries_when_told_so() -> None:
    async with listening() as wire, connected(wire.address, max_retries=0) as stripe:
        wire.will(answer(500, b""))
        with pytest.raises(StripeUnavailable):
            await stripe.request("get", "/v1/accounts/acct_1")
        assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "body", [HTML, b"", b"{", b"null", b"[]", b'{"id": 7}', b"\xff\xfe", b"[" * 9000]
)
async def test_a_success_that_is_not_an_account_is_garbage(body: bytes) -> None:
    async with listening() as wire, connected(wire.address) as stripe:
        wire.will(answer(200, body, request_id="req_odd"))
        with pytest.raises(StripeUnavailable) as caught:
            await get_account(stripe, "acct_1")
        assert (caught.value.cause, caught.value.request_id) == ("garbage", "req_odd")


async def test_a_refusal_passes_through_with_stripes_own_words() -> None:
    detail = {"code": "url_invalid", "message": "Not a valid URL", "param": "return_url"}
    async with listening() as wire, connected(wire.address) as stripe:
        wire.will(answer(400, error(**detail), request_id="req_no"))
        with pytest.raises(StripeRefused) as caught:
            await stripe.request("post", "/v1/account_links")
        refused = caught.value
        assert (refused.status, refused.error_type) == (400, "invalid_request_error")
        assert (refused.error_code, refused.param) == ("url_invalid", "return_url")
        assert (refused.message, refused.request_id) == ("Not a valid URL", "req_no")
        assert len(wire.requests) == 1


async def test_connections_are_bounded_kept_and_closed() -> None:
    async with listening() as wire:
        wire.will(OK)
        stripe = Stripe(KEY, mode=Mode.TEST, api_base=wire.address, max_connections=2)
        await asyncio.gather(*(stripe.request("get", "/v1/account") for _ in range(12)))
        assert wire.most_connections == 2
        await stripe.close()
        await asyncio.sleep(0.05)
        assert wire.open_connections == 0
        await stripe.close()
        assert (await stripe.request("get", "/v1/account")).status == 200
        await stripe.close()


@pytest.mark.parametrize("odd_id", ["..", "../..", "a/../b", "%2e%2e", "a?b#c"])
async def test_an_odd_id_leads_nowhere_else_on_the_wire_either(odd_id: str) -> None:
    async with listening() as wire, connected(wire.address) as stripe:
        wire.will(answer(404, error(code="resource_missing", message="No such event")))
        with pytest.raises(StripeRefused):
            await get_event(stripe, odd_id)
        target = wire.requests[0].target
        assert target.startswith("/v1/events/")
        assert not set(target.removeprefix("/v1/events/")) & set("/?#")


async def test_a_clients_cookies_are_forgotten() -> None:
    async with listening() as wire, connected(wire.address) as stripe:
        wire.will(answer(200, {}, set_cookie="machine=words; Path=/"))
        for _ in range(2):
            await stripe.request("get", "/v1/account")
        assert all("cookie" not in request.headers for request in wire.requests)


async def test_a_call_that_is_cancelled_gives_its_connection_back() -> None:
    async with listening() as wire:
        wire.will(hang, OK)
        transport = AiohttpTransport(max_connections=1)
        stripe = Stripe(KEY, mode=Mode.TEST, api_base=wire.address, http_client=transport)
        call = asyncio.create_task(stripe.request("get", "/v1/account"))
        await wire.asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await stripe.request("get", "/v1/account")).status == 200
        await transport.close_async()
