"""How is a caller told that their call ends here? In Stripe's own form, so that its libraries know.

Source: docs/gateway/refusals.md; ADR-0029, the gateway.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.gateway.wire import Header

_AGAIN: Final = frozenset(
    {
        RefusalCode.RATE_LIMITED,
        RefusalCode.STORE_UNAVAILABLE,
        RefusalCode.UPSTREAM_UNAVAILABLE,
        RefusalCode.UPSTREAM_TIMEOUT,
        RefusalCode.UPSTREAM_BROKEN_OFF,
    }
)
"""What may be answered differently when it is asked again soon; everything else says so."""
_CHALLENGE: Final[Header] = (b"www-authenticate", b'Bearer realm="Aboard gateway"')
_UNAUTHORIZED: Final = 401
_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer of our own."""

    status: int
    headers: tuple[Header, ...]
    body: bytes


def reply_json(status: int, content: object, *headers: Header) -> Reply:
    """Return an answer of our own, not to be stored by any cache."""
    body = _encode(content)
    return Reply(
        status,
        (
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
            *headers,
        ),
        body,
    )


def reply_refusal(refusal: CallRefused, *headers: Header) -> Reply:
    """Return a refusal as Stripe would word it. Nothing that came in stands in it."""
    ruling = refusal.ruling
    message = ruling.message
    if refusal.detail is not None:
        message = f"{message} {refusal.detail}"
    error = {"type": ruling.kind, "code": refusal.code.value, "message": message}
    if refusal.parameter is not None:
        error["param"] = refusal.parameter
    said: list[Header] = list(headers)
    if ruling.status == _UNAUTHORIZED:
        said.append(_CHALLENGE)
    if refusal.retry_after is not None:
        said.append((b"retry-after", b"%d" % refusal.retry_after))
    if refusal.code not in _AGAIN:
        said.append((b"stripe-should-retry", b"false"))
    return reply_json(ruling.status, {"error": error}, *said)
