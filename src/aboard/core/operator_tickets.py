"""How does one of the platform's own staff enter the operator's pages? With a ticket, once.

As with the owner's pages: a ticket is `to1.…` and lives five minutes, a session is `so1.…` and
lives four hours. They name the operator and nobody else's account; neither can stand for a
ticket or a session of an owner's pages, because the kind is under the signature.

Source: ADR-0005, signed state; docs/gateway/explorer.md, entering.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from aboard.core.caller import Caller
from aboard.core.errors import StateExpired, StateForged
from aboard.core.state import SKEW, KeyRing, open_payload, sign_payload

OPERATOR_TICKET_LIFETIME: Final = timedelta(minutes=5)
OPERATOR_SESSION_LIFETIME: Final = timedelta(hours=4)
_FIELDS: Final = frozenset({"u", "n", "iat", "exp"})


class OperatorPass(StrEnum):
    """What a token of an operator's is for."""

    TICKET = "to1"
    SESSION = "so1"


@dataclass(frozen=True, slots=True)
class OperatorVisit:
    """Which operator visits, until when. Times are aware UTC, whole seconds.

    The nonce is spent by a ticket's first use, and by the end of a session.
    """

    name: str
    nonce: str
    issued_at: datetime
    expires_at: datetime

    def caller(self) -> Caller:
        """Return the visitor as a caller."""
        return Caller(self.name, is_operator=True)


def issue_operator_pass(kind: OperatorPass, visit: OperatorVisit, keys: KeyRing) -> str:
    """Return the token of this visit, signed with the current key."""
    payload = {
        "u": visit.name,
        "n": visit.nonce,
        "iat": int(visit.issued_at.timestamp()),
        "exp": int(visit.expires_at.timestamp()),
    }
    return sign_payload(kind.value, payload, keys)


def verify_operator_pass(
    kind: OperatorPass, token: str, *, keys: KeyRing, now: datetime
) -> OperatorVisit:
    """Return what a token of this kind says; whether it was spent is the store's answer.

    `now` is aware UTC; 60 seconds of clock skew are allowed in both directions.

    Raises:
        StateForged: signature, kind or format does not hold, or it comes from the future.
        StateExpired: past its end; carries the age.
    """
    payload = open_payload(kind.value, token, keys)
    if set(payload) != _FIELDS:
        raise StateForged
    name, nonce, begins, ends = (payload[key] for key in ("u", "n", "iat", "exp"))
    if not (isinstance(name, str) and name and isinstance(nonce, str) and nonce):
        raise StateForged
    if type(begins) is not int or type(ends) is not int:
        raise StateForged
    try:
        issued_at, expires_at = (datetime.fromtimestamp(at, UTC) for at in (begins, ends))
    except (ValueError, OverflowError, OSError):
        raise StateForged from None
    if issued_at > now + SKEW:
        raise StateForged
    if now > expires_at + SKEW:
        raise StateExpired(now - issued_at)
    return OperatorVisit(name, nonce, issued_at, expires_at)
