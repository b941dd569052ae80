"""Is this message signed as Standard Webhooks says, under one of our secrets, just now?

The library signs; what may be read in two ways is refused here, and time is by our clock.

Source: Standard Webhooks, the specification, "Signature scheme"; ADR-0018, knowing your creators.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from standardwebhooks import Webhook

from aboard.core.errors import SignatureRefused
from aboard.core.secret import Secret

TOLERANCE_SECONDS: Final = 300
_MAX_DIGITS: Final = 12
_LONGEST_ID: Final = 256
_MOST_SIGNATURES: Final = 20
_VERSION: Final = "v1,"


@dataclass(frozen=True, slots=True)
class Heads:
    """The three headers of a message, as they came; None where one is missing."""

    message_id: str | None
    timestamp: str | None
    signature: str | None


@dataclass(frozen=True, slots=True)
class Trusted:
    """A message that its sender signed: its id, and when it was sent, aware UTC."""

    message_id: str
    sent_at: datetime


def verify_message(
    payload: bytes, heads: Heads, *, secrets: Sequence[Secret], now: datetime
) -> Trusted:
    """Return the id and the time of a message that holds.

    Signatures are checked before the time, so that only a genuine message can be too old or too
    new. Several secrets are for rotation. `now` is aware UTC.

    Raises:
        SignatureRefused: with the check that failed: missing_header, invalid_header,
            no_matching_signature or timestamp_out_of_tolerance.
    """
    if not heads.message_id or not heads.timestamp or not heads.signature:
        raise SignatureRefused("missing_header")
    message_id, sent_at = heads.message_id, _sent_at(heads.timestamp)
    is_plain = message_id.isascii() and message_id.isprintable() and " " not in message_id
    given = heads.signature.split(" ")
    if not is_plain or len(message_id) > _LONGEST_ID or len(given) > _MOST_SIGNATURES:
        raise SignatureRefused("invalid_header")
    try:
        text = payload.decode()
    except UnicodeDecodeError:  # what is signed is text
        raise SignatureRefused("no_matching_signature") from None
    is_match = False
    for secret in secrets:
        expected = Webhook(secret.reveal()).sign(message_id, sent_at, text)
        for signature in given:
            is_ours = signature.startswith(_VERSION) and signature.isascii()
            is_match |= is_ours and hmac.compare_digest(expected, signature)
    if not is_match:
        raise SignatureRefused("no_matching_signature")
    if abs((now - sent_at).total_seconds()) > TOLERANCE_SECONDS:
        raise SignatureRefused("timestamp_out_of_tolerance")
    return Trusted(message_id, sent_at)


def _sent_at(text: str) -> datetime:
    # A leading zero would be another text than the one that is signed.
    is_number = text.isascii() and text.isdigit() and str(int(text[:_MAX_DIGITS])) == text
    if not is_number:
        raise SignatureRefused("invalid_header")
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise SignatureRefused("invalid_header") from None
