"""A provider's news in, a receipt out: what it says of who a creator is.

In this order: method, size, signature, form, once by the message's id, one conditional write, 200.
A session that nobody waits for is 200 too: the sender has the secret, and need not try again.

Source: docs/webhooks.md, news of a provider; ADR-0018, knowing your creators.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

import msgspec

from aboard.core.errors import InputRefused, SignatureRefused, StoreUnavailable
from aboard.core.kyc import KycNews, KycStatus
from aboard.flows.journal import LogEvent
from aboard.flows.kyc_news import hear_provider
from aboard.flows.platform import Platform
from aboard.webhooks.standard import Heads, Trusted, verify_message
from aboard.webhooks.wire import (
    AWAY,
    AWAY_RETRY,
    NOT_ALLOWED,
    NOT_FOUND,
    RECEIVED,
    Receive,
    Reply,
    Row,
    Scope,
    TooLarge,
    read_bytes,
    refusal,
)

KYC_PATH: Final = "/v1/webhooks/kyc"
MAX_NEWS_BYTES: Final = 64 * 1024
_Short = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]


class _News(msgspec.Struct, frozen=True, rename="camel"):
    """What the provider sends. Other fields are its own, and passed over."""

    session_id: _Short
    status: Literal["PENDING", "APPROVED", "REJECTED", "EXPIRED"]
    provider_id: _Short | None = None
    occurred_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


_decoder: Final = msgspec.json.Decoder(_News)
_REFUSED: Final[Mapping[type[Exception], Row]] = {
    TooLarge: Row(413, "body_too_large", "The body is too large."),
    SignatureRefused: Row(400, "signature_refused", "The signature does not hold."),
    InputRefused: Row(400, "invalid_request", "The body is no news of a check."),
}


async def take_news(platform: Platform, scope: Scope, receive: Receive, request_id: bytes) -> Reply:
    """Take in one message of the provider's; 404 where no provider decides."""
    provider = platform.kyc_provider
    if provider is None:
        return refusal(request_id, NOT_FOUND)
    if scope["method"] != "POST":
        return refusal(request_id, NOT_ALLOWED, (b"allow", b"POST"))
    heads = {name: value.decode("latin-1") for name, value in reversed(scope["headers"])}
    size = heads.get(b"content-length", "").encode("latin-1") or None
    try:
        payload = await read_bytes(receive, size, MAX_NEWS_BYTES)
        message = verify_message(
            payload,
            Heads(
                heads.get(b"webhook-id"),
                heads.get(b"webhook-timestamp"),
                heads.get(b"webhook-signature"),
            ),
            secrets=provider.secrets,
            now=platform.clock(),
        )
        session_id, news = _read(payload, message)
        await hear_provider(
            platform, message.message_id, session_id, news, request_id=request_id.decode()
        )
    except StoreUnavailable as away:
        platform.journal.note(
            LogEvent.REQUEST_FAILED,
            request_id=request_id.decode(),
            error_code=away.code,
            cause=away.cause,
        )
        return refusal(request_id, AWAY, AWAY_RETRY)
    except tuple(_REFUSED) as error:
        if isinstance(error, SignatureRefused):
            platform.journal.note(LogEvent.KYC_REFUSED, check=error.check)
        return refusal(request_id, _REFUSED[type(error)])
    return RECEIVED


def _read(payload: bytes, message: Trusted) -> tuple[str, KycNews]:
    try:
        news = _decoder.decode(payload)
        # What is signed was read as text; half of a surrogate pair is none.
        news.session_id.encode()
        (news.provider_id or "").encode()
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        raise InputRefused([("body", "is no news of a check")]) from None
    try:
        occurred_at = (
            message.sent_at if news.occurred_at is None else news.occurred_at.astimezone(UTC)
        )
    except OverflowError:
        raise InputRefused([("occurredAt", "is no point in time")]) from None
    return news.session_id, KycNews(KycStatus(news.status), occurred_at, news.provider_id)
