"""Signed state: what a callback may believe about itself.

A token is `v1.<key id>.<payload>.<signature>`: the payload is JSON in URL-safe base64, the
signature HMAC-SHA256 over everything before it. Nothing secret is inside. It is bound to owner,
mode, purpose, onboarding and attempt, and lives until the time written into it.

Source: ADR-0005, signed state.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hmac import compare_digest, digest
from typing import Any

from aboard.core.errors import StateExpired, StateForged, StateMismatch
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret

MAX_TOKEN_CHARS = 2048
MIN_KEY_BYTES = 32
SKEW = timedelta(seconds=60)
DEFAULT_LIFETIME = timedelta(hours=24)
_VERSION = "v1"
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")
_PARTS = 4
_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_FIELDS = frozenset({"p", "o", "k", "i", "m", "iat", "exp", "n"})


class Purpose(StrEnum):
    """Which of the two visits a token is for."""

    RETURN = "return"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class State:
    """What a verified token says. Times are aware UTC, whole seconds."""

    purpose: Purpose
    onboarding_id: str
    owner: Owner
    issued_at: datetime
    expires_at: datetime
    nonce: str


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The signing keys by id. New tokens use `current`; every key in the ring verifies."""

    current: str
    keys: Mapping[str, Secret]

    def __post_init__(self) -> None:
        """Refuse a ring that could not sign, or whose keys are too short to trust.

        Raises:
            ValueError: unknown current id, malformed id, or a key under 32 bytes.
        """
        if self.current not in self.keys:
            raise ValueError("the current key id is not in the ring")
        for key_id, key in self.keys.items():
            if not _KEY_ID.match(key_id):
                raise ValueError("a key id has 1 to 32 letters, digits, - or _")
            if len(key.reveal().encode()) < MIN_KEY_BYTES:
                raise ValueError(f"key {key_id!r} is shorter than {MIN_KEY_BYTES} bytes")


def issue_state(state: State, keys: KeyRing) -> str:
    """Return the token that carries this state, signed with the current key."""
    payload = {
        "p": state.purpose.value,
        "o": state.onboarding_id,
        "k": state.owner.kind.value,
        "i": state.owner.id,
        "m": state.owner.mode.value,
        "iat": int(state.issued_at.timestamp()),
        "exp": int(state.expires_at.timestamp()),
        "n": state.nonce,
    }
    return sign_payload(_VERSION, payload, keys)


def read_state(token: str, *, keys: KeyRing) -> State:
    """Return what a token says if its signature holds, however old it is and whatever it is for.

    Reads nothing before the signature holds. Accepts every key in the ring, so that a key can be
    rotated while visits are on their way. Nothing may be done for the state's sake before
    `check_state` agrees: this only tells whose it was.

    Raises:
        StateForged: signature or format does not hold; deliberately one error for both.

    Source: ADR-0005, signed state.
    """
    return _read(open_payload(_VERSION, token, keys))


def check_state(state: State, *, purpose: Purpose, now: datetime) -> None:
    """Let a state pass that is good now and for this purpose.

    `now` is aware UTC; clocks may differ by 60 seconds in both directions. Does not consult
    storage: whether the state was already used is the store's answer.

    Raises:
        StateForged: issued in the future, beyond what clocks may differ by.
        StateExpired: older than the lifetime written into it; carries the age.
        StateMismatch: issued for another purpose.
    """
    if state.issued_at > now + SKEW:
        raise StateForged
    if now > state.expires_at + SKEW:
        raise StateExpired(now - state.issued_at)
    if state.purpose is not purpose:
        raise StateMismatch("purpose")


def sign_payload(kind: str, payload: Mapping[str, object], keys: KeyRing) -> str:
    """Return a token of this kind, `<kind>.<key id>.<payload>.<signature>`, by the current key.

    The kind is under the signature: a token of one kind is never one of another.
    """
    signed = f"{kind}.{keys.current}.{_encode(_JSON.encode(payload).encode())}"
    return f"{signed}.{_sign(signed, keys.keys[keys.current])}"


def open_payload(kind: str, token: str, keys: KeyRing) -> dict[str, object]:
    """Return what a token of this kind says; nothing is read before the signature holds.

    Raises:
        StateForged: signature, kind or format does not hold.
    """
    if not token.isascii() or len(token) > MAX_TOKEN_CHARS:
        raise StateForged
    signed, _, signature = token.rpartition(".")
    parts = signed.split(".")
    if len(parts) != _PARTS - 1 or parts[0] != kind:
        raise StateForged
    key = keys.keys.get(parts[1])
    # Compared as text, so that a second spelling of the same signature is a forgery too.
    if key is None or not compare_digest(_sign(signed, key), signature):
        raise StateForged
    try:
        payload = json.loads(urlsafe_b64decode(parts[2] + "=" * (-len(parts[2]) % 4)))
    except ValueError:
        raise StateForged from None
    if not isinstance(payload, dict):
        raise StateForged
    return payload


def _read(payload: Mapping[str, Any]) -> State:
    if set(payload) != _FIELDS:
        raise StateForged
    try:
        return State(
            purpose=Purpose(payload["p"]),
            onboarding_id=str(payload["o"]),
            owner=Owner(OwnerKind(payload["k"]), str(payload["i"]), Mode(payload["m"])),
            issued_at=datetime.fromtimestamp(payload["iat"], UTC),
            expires_at=datetime.fromtimestamp(payload["exp"], UTC),
            nonce=str(payload["n"]),
        )
    except (ValueError, TypeError, OverflowError):
        raise StateForged from None


def _sign(text: str, key: Secret) -> str:
    return _encode(digest(key.reveal().encode(), text.encode(), "sha256"))


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
