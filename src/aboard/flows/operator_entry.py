"""Let an operator into the operator's pages: a ticket that works once, then a session.

Nothing of either is stored but the nonce, once it is spent. Whoever can run the command line with
the service's settings is an operator; so is whoever shows a token with the operator's claim.

Source: docs/gateway/explorer.md, entering; ADR-0013, membership and operators.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from aboard.core.caller import Caller
from aboard.core.errors import StateInvalid, StateSpent
from aboard.core.links import BearerUrl
from aboard.core.operator_tickets import (
    OPERATOR_SESSION_LIFETIME,
    OPERATOR_TICKET_LIFETIME,
    OperatorPass,
    OperatorVisit,
    issue_operator_pass,
    verify_operator_pass,
)
from aboard.core.secret import Secret
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.platform import Platform

OPERATOR_PATH = "/connect/gateway"


@dataclass(frozen=True, slots=True)
class OperatorEntered:
    """An operator is in: their session, and how long it lasts."""

    session_token: Secret
    lifetime: timedelta


async def issue_operator_link(platform: Platform, operator: Caller) -> BearerUrl:
    """Return a link that opens the operator's pages once, within five minutes. It is audited.

    That the caller is an operator was checked before.
    """
    token = _new_pass(platform, OperatorPass.TICKET, operator.user_id, OPERATOR_TICKET_LIFETIME)
    await write_audit(platform, AuditAction.OPERATOR_LINK, outcome="issued", caller=operator)
    return BearerUrl(f"{platform.public_url}{OPERATOR_PATH}/enter?ticket={token}")


async def enter_as_operator(
    platform: Platform, ticket: str, *, request_id: str | None = None
) -> OperatorEntered:
    """Use a ticket up and return the session that it opens. Both ends are audited.

    Raises:
        StateInvalid: forged, expired, or used before.
        StoreUnavailable: nothing can be read or written down; the ticket is not used up.
    """
    visit: OperatorVisit | None = None
    try:
        now = platform.clock()
        visit = verify_operator_pass(OperatorPass.TICKET, ticket, keys=platform.state_keys, now=now)
        if not await platform.store.spend_ticket(visit.nonce, visit.expires_at, now):
            raise StateSpent
    except StateInvalid as refusal:
        await _audit(platform, f"refused:{refusal.code}", visit, request_id)
        raise
    await _audit(platform, "entered", visit, request_id)
    token = _new_pass(platform, OperatorPass.SESSION, visit.name, OPERATOR_SESSION_LIFETIME)
    return OperatorEntered(Secret(token), OPERATOR_SESSION_LIFETIME)


async def find_operator(platform: Platform, token: str) -> Caller | None:
    """Return the operator of a session; nobody when it ended or was signed out.

    Raises:
        StoreUnavailable: nobody knows whether it was signed out.
    """
    visit = _session_in(platform, token)
    if visit is None or await platform.store.is_ticket_spent(visit.nonce):
        return None
    return visit.caller()


async def leave_as_operator(
    platform: Platform, token: str, *, request_id: str | None = None
) -> None:
    """End a session everywhere, also for whoever copied it; audited. Others are nothing.

    Raises:
        StoreUnavailable: it cannot be written down; the session goes on.
    """
    visit = _session_in(platform, token)
    if visit is None:
        return
    if await platform.store.spend_ticket(visit.nonce, visit.expires_at, platform.clock()):
        await _audit(platform, "left", visit, request_id)


def _session_in(platform: Platform, token: str) -> OperatorVisit | None:
    try:
        return verify_operator_pass(
            OperatorPass.SESSION, token, keys=platform.state_keys, now=platform.clock()
        )
    except StateInvalid:
        return None


def _new_pass(platform: Platform, kind: OperatorPass, name: str, lifetime: timedelta) -> str:
    now = platform.clock()
    visit = OperatorVisit(name, secrets.token_urlsafe(12), now, now + lifetime)
    return issue_operator_pass(kind, visit, platform.state_keys)


async def _audit(
    platform: Platform, outcome: str, visit: OperatorVisit | None, request_id: str | None
) -> None:
    await write_audit(
        platform,
        AuditAction.OPERATOR_ENTRY,
        outcome=outcome,
        caller=visit.caller() if visit else None,
        request_id=request_id,
    )
