"""What does a signed-in browser hold? A refresh token that is good once, of one session.

It is a token like the signed state and of another kind, `r1.…`: session and nonce under our
signature. So a made-up one is told from an old one that was handed out and used before, and no
old one has to be remembered. What is stored is a digest of the newest.

Source: ADR-0017, built-in sign-in; ADR-0005, signed state.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from aboard.core.errors import StateForged
from aboard.core.secret import Secret
from aboard.core.state import KeyRing, open_payload, sign_payload

_REFRESH: Final = "r1"
_FIELDS: Final = frozenset({"s", "n"})


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A token of ours: whose session, and the digest that says which of its tokens it is."""

    session_id: str
    digest: str


def issue_refresh_token(session_id: str, nonce: str, keys: KeyRing) -> tuple[Secret, str]:
    """Return the token that is told once, and the digest that is stored."""
    token = sign_payload(_REFRESH, {"s": session_id, "n": nonce}, keys)
    return Secret(token), _digest(session_id, nonce)


def read_refresh_token(token: str, keys: KeyRing) -> RefreshToken:
    """Return whose session a token is of; whether it is its newest is the store's answer.

    Raises:
        StateForged: it was not made here.
    """
    payload = open_payload(_REFRESH, token, keys)
    session_id, nonce = payload.get("s"), payload.get("n")
    if set(payload) != _FIELDS or not isinstance(session_id, str) or not isinstance(nonce, str):
        raise StateForged
    return RefreshToken(session_id, _digest(session_id, nonce))


def _digest(session_id: str, nonce: str) -> str:
    return sha256(f"{session_id}\n{nonce}".encode()).hexdigest()
