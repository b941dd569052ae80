"""Did Stripe send this webhook, just now? Verify the `Stripe-Signature` header, or write one.

Stricter than the official libraries in three ways: a timestamp from the future is refused like
one from the past, no tolerance switches the check off, and a header that could be read in two
ways is refused.

Source: Stripe's webhook signatures (scheme v1), API version 2026-10-28; contracts of the intake.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime

from aboard.core.errors import SignatureRefused
from aboard.core.secret import Secret

_MAX_TIMESTAMP_DIGITS = 12
_MOST_SIGNATURES = 32


def verify(
    payload: bytes,
    header: str | None,
    *,
    secrets: Sequence[Secret],
    now: datetime,
    tolerance_seconds: int = 300,
) -> int:
    """Return the place of the secret that made one of the signatures, recently.

    Every secret is tried against every signature, each in constant time. Signatures are checked
    before the time, so that only a genuine webhook can be too old or too new. Several secrets are
    for rotation; an empty one never matches. `now` is aware UTC.

    Raises:
        SignatureRefused: with the check that failed: missing_header, invalid_header,
            no_matching_signature or timestamp_out_of_tolerance.
    """
    if header is None or not header.strip():
        raise SignatureRefused("missing_header")
    timestamp, signatures = _parse(header)
    places = _matching(timestamp.encode() + b"." + payload, signatures, secrets)
    if not places:
        raise SignatureRefused("no_matching_signature")
    if abs(now.timestamp() - int(timestamp)) > tolerance_seconds:
        raise SignatureRefused("timestamp_out_of_tolerance")
    return places[0]


def sign(payload: bytes, secret: Secret, *, at: datetime) -> str:
    """Return the header that Stripe would send with this payload at that time."""
    timestamp = str(int(at.timestamp()))
    return f"t={timestamp},v1={_digest(timestamp.encode() + b'.' + payload, secret)}"


def _parse(header: str) -> tuple[str, list[str]]:
    """Return the one timestamp, as written, and the v1 signatures; other schemes are ignored."""
    if not header.isascii():
        raise SignatureRefused("invalid_header")
    timestamp = ""
    signatures: list[str] = []
    for item in header.split(","):
        name, separator, value = item.partition("=")
        if not separator or not name or not value:
            raise SignatureRefused("invalid_header")
        if name == "v1":
            signatures.append(value)
        elif name == "t":
            if timestamp or not value.isdigit() or len(value) > _MAX_TIMESTAMP_DIGITS:
                raise SignatureRefused("invalid_header")
            timestamp = value
    if not timestamp or len(signatures) > _MOST_SIGNATURES:
        raise SignatureRefused("invalid_header")
    return timestamp, signatures


def _matching(signed: bytes, signatures: list[str], secrets: Sequence[Secret]) -> list[int]:
    places: list[int] = []
    for place, secret in enumerate(secrets):
        if not secret.reveal().strip():
            continue  # anyone can sign with nothing
        expected = _digest(signed, secret)
        is_match = False
        for signature in signatures:
            is_match |= hmac.compare_digest(expected, signature)
        if is_match:
            places.append(place)
    return places


def _digest(signed: bytes, secret: Secret) -> str:
    return hmac.digest(secret.reveal().encode(), signed, "sha256").hex()
