"""A webhook of Stripe's in, a receipt out: bare ASGI, because nothing here is asked more often.

In this order: path, method, size, signature, mode, one durable insert, and only then 200. Stripe
repeats what was not answered with 200, so every other answer loses nothing.

Source: docs/webhooks.md; ADR-0006, events are doorbells.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from aboard.core.errors import InputRefused, SignatureRefused, StoreUnavailable
from aboard.flows.endpoint import Endpoint
from aboard.flows.events import accept_event
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.webhooks.kyc import KYC_PATH, take_news
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
    request_id: bytes


_SWITCHED_OFF: Final = Row(503, "features.webhooks_disabled", "This is switched off.")
_REFUSED: Final[Mapping[type[Exception], Row]] = {
    TooLarge: Row(413, "body_too_large", "The body is too large."),
    SignatureRefused: Row(400, "signature_refused", "The signature does not hold."),
    InputRefused: Row(400, "invalid_request", "The body is not a Stripe event."),
}


def build_webhooks(platform: Platform) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the intake of Stripe's two endpoints, and of the provider's, as one application."""

    async def intake(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        heads = _read_heads(scope)
        try:
            if path_in(scope) == KYC_PATH:
                reply = await take_news(platform, scope, receive, heads.request_id)
            else:
                reply = await _reply(platform, scope, heads, receive)
        except BrokenOff:
            return  # nobody is there to read an answer, and nothing was written
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender must ring again
            reply = fault(platform, heads.request_id, error)
        await send_reply(send, reply, heads.request_id)

    return intake


async def _reply(platform: Platform, scope: Scope, heads: _Heads, receive: Receive) -> Reply:
    endpoint = ENDPOINTS.get(path_in(scope))
    if endpoint is None:
        return refusal(heads.request_id, NOT_FOUND)
    if scope["method"] != "POST":
        return refusal(heads.request_id, NOT_ALLOWED, (b"allow", b"POST"))
    if not platform.switches.webhooks:
        return refusal(heads.request_id, _SWITCHED_OFF, SWITCHED_OFF_RETRY)
    try:
        payload = await read_bytes(receive, heads.announced_size, MAX_EVENT_BYTES)
        await accept_event(platform, endpoint, payload, heads.signature)
    except StoreUnavailable as away:
        platform.journal.note(
            LogEvent.REQUEST_FAILED,
            request_id=heads.request_id.decode(),
            error_code=away.code,
            cause=away.cause,
        )
        return refusal(heads.request_id, AWAY, AWAY_RETRY)
    except tuple(_REFUSED) as error:
        return refusal(heads.request_id, _REFUSED[type(error)])
    return RECEIVED


def _read_heads(scope: Scope) -> _Heads:
    signature = announced_size = given_id = None
    for name, value in scope["headers"]:
        if name == b"stripe-signature":
            signature = value.decode("latin-1")
        elif name == b"content-length":
            announced_size = value
        elif name == b"x-request-id":
            given_id = value
    return _Heads(signature, announced_size, request_id_of(given_id))
