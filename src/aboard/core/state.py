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

from aboard.core.errors import StateExpired, StateForged, StateMismatch
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret

MAX_TOKEN_CHARS = 1024
MIN_KEY_BYTES = 32
SKEW = timedelta(seconds=60)
DEFAULT_LIFETIME = timedelta(hours=24)
_VERSION = "v1"
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")
_PARTS = 4
_JSON = json.JSONEncoder(separators=(",", ":"))
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
    body = _encode(_JSON.encode(payload).encode())
    signed = f"{_VERSION}.{keys.current}.{body}"
    return f"{signed}.{_sign(signed, keys.keys[keys.current])}"


def verify_state(token: str, *, purpose: Purpose, keys: KeyRing, now: datetime) -> State:
    """Return the state carried by a callback, or say why it cannot be trusted.

    Checks the signature first and reads nothing before it holds. Accepts every key in the ring,
    so that a key can be rotated while visits are on their way. Does not consult storage: whether
    the state was already used is the store's answer.

    `now` is aware UTC. Clock skew of up to 60 seconds is allowed in both directions.

    Raises:
        StateForged: signature or format does not hold; deliberately one error for both.
        StateExpired: older than the lifetime written into it; carries the age.
        StateMismatch: issued for another purpose.

    Source: ADR-0005, signed state.
    """
    if not token.isascii() or len(token) > MAX_TOKEN_CHARS:
        raise StateForged
    signed, _, signature = token.rpartition(".")
    parts = signed.split(".")
    if len(parts) != _PARTS - 1 or parts[0] != _VERSION:
        raise StateForged
    key = keys.keys.get(parts[1])
    # Compared as text, so that a second spelling of the same signature is a forgery too.
    if key is None or not compare_digest(_sign(signed, key), signature):
        raise StateForged
    state = _read(parts[2])
    if state.issued_at > now + SKEW:
        raise StateForged
    if now > state.expires_at + SKEW:
        raise StateExpired(now - state.issued_at)
    if state.purpose is not purpose:
        raise StateMismatch("purpose")
    return state


def _read(body: str) -> State:
    try:
        payload = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if not isinstance(payload, dict) or set(payload) != _FIELDS:
            raise StateForged
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
