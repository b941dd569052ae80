"""Let somebody into the owner's pages: a ticket that works once, then a page session.

The ticket is a bearer URL: it is told once and stored nowhere. What is remembered is its nonce,
when it is used, and a session's when its holder signs out: until then it lets them see and do
what they may for one owner, no more.

Source: docs/owner-pages.md, entering; ADR-0013, membership and operators.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from aboard.core.caller import Caller, Role
from aboard.core.errors import StateInvalid, StateSpent
from aboard.core.links import BearerUrl
from aboard.core.owner import Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.core.tickets import (
    SESSION_LIFETIME,
    TICKET_LIFETIME,
    OwnerPage,
    PageSession,
    Ticket,
    Visit,
    issue_session,
    issue_ticket,
    verify_session,
    verify_ticket,
)
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.platform import Platform

PAGES_PATH = "/connect"
_PLACES = {OwnerPage.STATUS: "", OwnerPage.CHECKLIST: "/checklist", OwnerPage.BACK: "/back"}


@dataclass(frozen=True, slots=True)
class IssuedPageLink:
    """A link to the owner's pages, revealed once. `expires_at` is aware UTC."""

    url: BearerUrl
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody is in: their session, where they go, and how long the session lasts."""

    session_token: Secret
    location: str
    lifetime: timedelta


async def issue_page_link(
    platform: Platform, owner: Owner, caller: Caller, page: OwnerPage
) -> IssuedPageLink:
    """Return a link that opens the owner's pages once, within five minutes. It is audited.

    That the caller may see this owner was checked before. The visitor gets the caller's role in
    this organization, or comes as this creator; an operator's link comes with the owner's role.
    """
    now = platform.clock()
    is_creator = owner.kind is OwnerKind.CREATOR
    visit = Visit(
        user_id=owner.id if is_creator else caller.user_id,
        owner=owner,
        role=None if is_creator else _role_of(caller, owner),
        issued_at=now,
        expires_at=now + TICKET_LIFETIME,
    )
    ticket = Ticket(visit, page, _new_nonce())
    token = issue_ticket(ticket, platform.state_keys)
    await write_audit(
        platform, AuditAction.PAGE_LINK, outcome="link_issued", caller=caller, owner=owner
    )
    url = BearerUrl(f"{platform.public_url}{PAGES_PATH}/enter?ticket={token}")
    return IssuedPageLink(url, visit.expires_at)


async def enter(platform: Platform, ticket: str, *, request_id: str | None = None) -> Entered:
    """Use a ticket up and return the page session that it opens. Both ends are audited.

    Raises:
        StateInvalid: forged, expired, or used before.
        StoreUnavailable: nothing can be read or written down; the ticket is not used up.
    """
    now = platform.clock()
    visit: Visit | None = None
    try:
        verified = verify_ticket(ticket, keys=platform.state_keys, now=now)
        visit = verified.visit
        if not await platform.store.spend_ticket(verified.nonce, visit.expires_at, now):
            raise StateSpent
    except StateInvalid as refusal:
        await _audit(platform, f"refused:{refusal.code}", visit, request_id)
        raise
    await _audit(platform, "entered", visit, request_id)
    lasting = Visit(visit.user_id, visit.owner, visit.role, now, now + SESSION_LIFETIME)
    return Entered(
        Secret(issue_session(PageSession(lasting, _new_nonce()), platform.state_keys)),
        owner_address(platform, visit.owner, verified.page),
        SESSION_LIFETIME,
    )


async def find_page_session(platform: Platform, token: str) -> Caller | None:
    """Return who visits with this page session; nobody when it ended or was signed out.

    Raises:
        StoreUnavailable: nobody knows whether it was signed out.
    """
    session = _session_in(platform, token)
    if session is None or await platform.store.is_ticket_spent(session.nonce):
        return None
    return session.visit.caller()


async def find_other_owner(platform: Platform, ticket: str, session_token: str) -> Owner | None:
    """Return whose pages a browser is signed in for, where a good ticket would swap that.

    None where nobody is signed in, or the ticket is for the same user and owner, or opens
    nothing: `enter` says why. Nothing is used up.

    Raises:
        StoreUnavailable: nothing can be read.
    """
    session = _session_in(platform, session_token)
    if session is None or await platform.store.is_ticket_spent(session.nonce):
        return None
    try:
        offered = verify_ticket(ticket, keys=platform.state_keys, now=platform.clock())
    except StateInvalid:
        return None
    present, wanted = session.visit, offered.visit
    is_same = (present.user_id, present.owner) == (wanted.user_id, wanted.owner)
    if is_same or await platform.store.is_ticket_spent(offered.nonce):
        return None
    return present.owner


async def leave(platform: Platform, token: str, *, request_id: str | None = None) -> None:
    """End a page session everywhere, also for whoever copied it; audited. Others are nothing.

    Raises:
        StoreUnavailable: it cannot be written down; the session goes on.
    """
    session = _session_in(platform, token)
    if session is None:
        return
    visit = session.visit
    ends_at = visit.expires_at
    if await platform.store.spend_ticket(session.nonce, ends_at, platform.clock()):
        await _audit(platform, "left", visit, request_id)


def owner_address(platform: Platform, owner: Owner, page: OwnerPage = OwnerPage.STATUS) -> str:
    """Return the address of one of the owner's pages, as browsers see it."""
    return f"{platform.public_url}{owner_path(owner)}{_PLACES[page]}"


def owner_path(owner: Owner) -> str:
    """Return the path of the owner's pages, below our public address."""
    if owner.kind is OwnerKind.CREATOR:
        return f"{PAGES_PATH}/creator/{owner.mode}"
    return f"{PAGES_PATH}/organizations/{quote(owner.id, safe='')}/{owner.mode}"


def _session_in(platform: Platform, token: str) -> PageSession | None:
    try:
        return verify_session(token, keys=platform.state_keys, now=platform.clock())
    except StateInvalid:
        return None


def _new_nonce() -> str:
    return secrets.token_urlsafe(12)


def _role_of(caller: Caller, owner: Owner) -> Role | None:
    """Return the role that the caller's own token names; else the stored one is asked later."""
    return Role.OWNER if caller.is_operator else caller.organizations.get(owner.id)


async def _audit(
    platform: Platform, outcome: str, visit: Visit | None, request_id: str | None
) -> None:
    await write_audit(
        platform,
        AuditAction.PAGE_ENTRY,
        outcome=outcome,
        caller=visit.caller() if visit else None,
        owner=visit.owner if visit else None,
        request_id=request_id,
    )
