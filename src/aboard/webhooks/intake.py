"""A webhook of Stripe's in, a receipt out: bare ASGI, because nothing here is asked more often.

In this order: path, method, kind of content, size, room, signature, form, mode, one durable
insert, and only then 200. Stripe repeats what was not answered with 200, so every other answer
loses nothing.

Source: docs/webhooks.md; ADR-0006, events are doorbells; ADR-0027, thin events.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from aboard.core.errors import InputRefused, SignatureRefused, StoreUnavailable
from aboard.flows.correlation import REQUEST_ID
from aboard.flows.endpoint import Endpoint
from aboard.flows.events import accept_event
from aboard.flows.journal import LogEvent
from aboard.flows.meter import Measure, Tally
from aboard.flows.platform import Platform
from aboard.webhooks.kyc import KYC_PATH, take_news
from aboard.webhooks.waiting import (
    DEFAULT_BOUNDS,
    Bounds,
    Crowded,
    Seat,
    TooSlow,
    WaitingRoom,
)
from aboard.webhooks.wire import (
    AWAY,
    AWAY_RETRY,
    NOT_ALLOWED,
    NOT_FOUND,
    RECEIVED,
    SWITCHED_OFF_RETRY,
    BrokenOff,
    Receive,
    Reply,
    Row,
    Scope,
    Send,
    TooLarge,
    fault,
    hang_up,
    is_json,
    path_in,
    read_bytes,
    refusal,
    request_id_of,
    send_reply,
)

MAX_EVENT_BYTES: Final = 1 << 20
ENDPOINTS: Final = {
    "/v1/webhooks/stripe": Endpoint.PLATFORM,
    "/v1/webhooks/stripe/connect": Endpoint.CONNECT,
}


@dataclass(frozen=True, slots=True)
class _Heads:
    """The few headers that matter here."""

    signature: str | None
    announced_size: bytes | None
    content_type: str | None
    request_id: bytes


_SWITCHED_OFF: Final = Row(503, "features.webhooks_disabled", "This is switched off.")
_NOT_JSON: Final = Row(415, "unsupported_media_type", "Webhooks are JSON.")
_REFUSED: Final[Mapping[type[Exception], Row]] = {
    SignatureRefused: Row(400, "signature_refused", "The signature does not hold."),
    InputRefused: Row(400, "invalid_request", "The body is not a Stripe event."),
}
_UNREAD: Final[Mapping[type[Exception], Row]] = {
    TooLarge: Row(413, "body_too_large", "The body is too large."),
    TooSlow: Row(408, "body_too_slow", "The body came too slowly."),
    Crowded: Row(503, "crowded", "Too much is coming in; ring again."),
}


def build_webhooks(
    platform: Platform, bounds: Bounds = DEFAULT_BOUNDS
) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the intake of Stripe's two endpoints, and of the provider's, as one application."""
    room = WaitingRoom(bounds)

    async def intake(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        heads = _read_heads(scope)
        seat = room.seat(receive)
        named = REQUEST_ID.set(heads.request_id.decode())
        try:
            if path_in(scope) == KYC_PATH:
                reply = await take_news(platform, scope, seat.receive, heads.request_id)
            else:
                reply = await _reply(platform, scope, heads, seat)
        except BrokenOff:
            return  # nobody is there to read an answer, and nothing was written
        except tuple(_UNREAD) as error:
            reply = _unread(heads.request_id, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender must ring again
            reply = fault(platform, heads.request_id, error)
        finally:
            seat.leave()
            REQUEST_ID.reset(named)
        if seat.whole_at is None:
            reply = hang_up(scope, reply)
        await send_reply(send, reply, heads.request_id)

    return intake


async def _reply(platform: Platform, scope: Scope, heads: _Heads, seat: Seat) -> Reply:
    endpoint = ENDPOINTS.get(path_in(scope))
    if endpoint is None:
        return refusal(heads.request_id, NOT_FOUND)
    if scope["method"] != "POST":
        return refusal(heads.request_id, NOT_ALLOWED, (b"allow", b"POST"))
    if not platform.switches.webhooks:
        return refusal(heads.request_id, _SWITCHED_OFF, SWITCHED_OFF_RETRY)
    if not is_json(heads.content_type):
        _count_refusal(platform, endpoint, _NOT_JSON.code)
        return refusal(heads.request_id, _NOT_JSON)
    try:
        return await _take(platform, endpoint, heads, seat)
    except tuple(_UNREAD) as error:
        _count_refusal(platform, endpoint, _UNREAD[type(error)].code)
        raise
    except StoreUnavailable as away:
        platform.journal.note(
            LogEvent.REQUEST_FAILED,
            request_id=heads.request_id.decode(),
            error_code=away.code,
            cause=away.cause,
        )
        _count_refusal(platform, endpoint, AWAY.code)
        return refusal(heads.request_id, AWAY, AWAY_RETRY)


async def _take(platform: Platform, endpoint: Endpoint, heads: _Heads, seat: Seat) -> Reply:
    payload = await read_bytes(seat.receive, heads.announced_size, MAX_EVENT_BYTES)
    try:
        receipt = await accept_event(platform, endpoint, payload, heads.signature)
    except tuple(_REFUSED) as error:
        return refusal(heads.request_id, _REFUSED[type(error)])
    if seat.whole_at is not None:
        seconds = asyncio.get_running_loop().time() - seat.whole_at
        labels = {"mode": receipt.mode.value, "endpoint": endpoint.value}
        platform.meter.observe(Measure.EVENT_ACKNOWLEDGED, seconds, **labels)
    return RECEIVED


def _unread(request_id: bytes, error: Exception) -> Reply:
    headers = (AWAY_RETRY,) if isinstance(error, Crowded) else ()
    return refusal(request_id, _UNREAD[type(error)], *headers)


def _count_refusal(platform: Platform, endpoint: Endpoint, reason: str) -> None:
    # No line in the log: nothing of these is signed, so that any stranger could fill it.
    platform.meter.count(Tally.EVENTS_REFUSED, endpoint=endpoint.value, reason=reason)


def _read_heads(scope: Scope) -> _Heads:
    announced_size = given_id = content_type = None
    signatures: list[str] = []
    for name, value in scope["headers"]:
        if name == b"stripe-signature":
            signatures.append(value.decode("latin-1"))
        elif name == b"content-length":
            announced_size = value
        elif name == b"content-type":
            content_type = value.decode("latin-1")
        elif name == b"x-request-id":
            given_id = value
    # Two headers are read as one, and refused as one: which of them holds is not ours to choose.
    signature = ",".join(signatures) if signatures else None
    return _Heads(signature, announced_size, content_type, request_id_of(given_id))
