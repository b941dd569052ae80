"""How does somebody enter the owner's pages? With a ticket, once; then with a page session.

Both are tokens like the signed state and of other kinds, so that none can stand for another. A
ticket is `t1.…` and lives five minutes; a page session is `s1.…` and lives four hours, no longer,
because a role that the visitor's own token named is pinned in it. Both name the visitor and the
one owner they came for, and open nothing else.

Source: ADR-0005, signed state; docs/owner-pages.md, entering.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from aboard.core.caller import Caller, Role
from aboard.core.errors import StateExpired, StateForged
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.state import SKEW, KeyRing, open_payload, sign_payload

TICKET_LIFETIME: Final = timedelta(minutes=5)
SESSION_LIFETIME: Final = timedelta(hours=4)
_TICKET: Final = "t1"
_SESSION: Final = "s1"
_VISIT_FIELDS: Final = frozenset({"u", "k", "i", "m", "r", "iat", "exp"})
_SESSION_FIELDS: Final = _VISIT_FIELDS | {"n"}
_TICKET_FIELDS: Final = _SESSION_FIELDS | {"g"}


class OwnerPage(StrEnum):
    """Where a ticket leads."""

    STATUS = "status"
    CHECKLIST = "checklist"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who visits whose pages, and for how long. Times are aware UTC, whole seconds.

    `role` is what the visitor's own token said; without it the stored membership is asked.
    """

    user_id: str
    owner: Owner
    role: Role | None
    issued_at: datetime
    expires_at: datetime

    def caller(self) -> Caller:
        """Return the visitor as a caller who may reach this one owner and nobody else.

        The user may be somebody else's member too, or the platform's backend that asked for the
        link and made every organization: that is not handed on.
        """
        is_member = self.owner.kind is OwnerKind.ORGANIZATION and self.role is not None
        roles = {self.owner.id: self.role} if is_member and self.role else {}
        return Caller(self.user_id, roles, only=self.owner)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a verified ticket says. The nonce is spent by its first use."""

    visit: Visit
    page: OwnerPage
    nonce: str


@dataclass(frozen=True, slots=True)
class PageSession:
    """What a verified page session says. The nonce is spent by signing out."""

    visit: Visit
    nonce: str


def issue_ticket(ticket: Ticket, keys: KeyRing) -> str:
    """Return the token of this ticket, signed with the current key."""
    return sign_payload(
        _TICKET,
        {**_words_of(ticket.visit), "g": ticket.page.value, "n": ticket.nonce},
        keys,
    )


def verify_ticket(token: str, *, keys: KeyRing, now: datetime) -> Ticket:
    """Return what a ticket says; whether it was used before is the store's answer.

    `now` is aware UTC; 60 seconds of clock skew are allowed in both directions.

    Raises:
        StateForged: signature, kind or format does not hold, or it comes from the future.
        StateExpired: older than five minutes; carries the age.
    """
    payload = open_payload(_TICKET, token, keys)
    visit = _visit(payload, _TICKET_FIELDS, now)
    try:
        return Ticket(visit, OwnerPage(_text(payload["g"])), _text(payload["n"]))
    except ValueError:
        raise StateForged from None


def issue_session(session: PageSession, keys: KeyRing) -> str:
    """Return the token of this page session, signed with the current key."""
    return sign_payload(_SESSION, {**_words_of(session.visit), "n": session.nonce}, keys)


def verify_session(token: str, *, keys: KeyRing, now: datetime) -> PageSession:
    """Return who visits with this page session; whether they signed out is the store's answer.

    Raises:
        StateForged: signature, kind or format does not hold, or it comes from the future.
        StateExpired: older than four hours; carries the age.
    """
    payload = open_payload(_SESSION, token, keys)
    return PageSession(_visit(payload, _SESSION_FIELDS, now), _text(payload["n"]))


def _words_of(visit: Visit) -> dict[str, object]:
    return {
        "u": visit.user_id,
        "k": visit.owner.kind.value,
        "i": visit.owner.id,
        "m": visit.owner.mode.value,
        "r": visit.role.value if visit.role else "",
        "iat": int(visit.issued_at.timestamp()),
        "exp": int(visit.expires_at.timestamp()),
    }


def _visit(payload: Mapping[str, Any], fields: frozenset[str], now: datetime) -> Visit:
    if set(payload) != fields:
        raise StateForged
    try:
        visit = Visit(
            user_id=_text(payload["u"]),
            owner=Owner(OwnerKind(payload["k"]), _text(payload["i"]), Mode(payload["m"])),
            role=Role(payload["r"]) if payload["r"] else None,
            issued_at=datetime.fromtimestamp(payload["iat"], UTC),
            expires_at=datetime.fromtimestamp(payload["exp"], UTC),
        )
    except (ValueError, TypeError, OverflowError):
        raise StateForged from None
    if visit.issued_at > now + SKEW:
        raise StateForged
    if now > visit.expires_at + SKEW:
        raise StateExpired(now - visit.issued_at)
    return visit


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise StateForged
    return value
