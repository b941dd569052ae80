"""Which headers go up to Stripe, and which come back? Up by an allow-list, down by a strip-list.

Source: RFC 9110, section 7.6.1, connection; ADR-0029, the gateway.
"""

from collections.abc import Iterable
from typing import Final

from aboard.gateway.masking import Mask
from aboard.gateway.wire import Header

UP: Final = frozenset(
    {
        b"accept",
        b"accept-language",
        b"content-type",
        b"idempotency-key",
        b"stripe-account",
        b"stripe-context",
        b"stripe-version",
        b"user-agent",
        b"x-stripe-client-telemetry",
        b"x-stripe-client-user-agent",
    }
)
"""What is let through to Stripe, as it came. Framing, host, key and encoding are our own."""

HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
# Cookies are Stripe's with us, the others speak of Stripe's host or are ours to say.
_KEPT_BACK: Final = HOP_BY_HOP | {
    b"aboard-request-id",
    b"alt-svc",
    b"date",
    b"server",
    b"set-cookie",
    b"set-cookie2",
    b"strict-transport-security",
    b"x-request-id",
}
_BODILESS: Final = frozenset({204, 304})


def headers_up(headers: Iterable[Header]) -> list[Header]:
    """Return what of a caller's headers goes up."""
    return [pair for pair in headers if pair[0] in UP]


def headers_down(headers: Iterable[Header], status: int, mask: Mask) -> list[Header]:
    """Return what of Stripe's headers comes back, with the key covered wherever it stands."""
    given = [(name.lower(), value) for name, value in headers]
    named = {
        word.strip().lower()
        for name, value in given
        if name == b"connection"
        for word in value.split(b",")
    }
    unwanted = _KEPT_BACK if named <= _KEPT_BACK else _KEPT_BACK | named
    if status in _BODILESS:
        unwanted |= {b"content-length"}
    return [(mask.cover(name), mask.cover(value)) for name, value in given if name not in unwanted]
