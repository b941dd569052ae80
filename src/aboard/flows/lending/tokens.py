"""Hand out caller tokens, rotate them and end them. A token is told once, when it is made.

Whatever is done here is audited, in the commit that does it, and holds in every process within a
second.

Source: ADR-0029, the gateway; docs/gateway/callers.md.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from aboard.core.caller import Caller
from aboard.core.errors import InputRefused
from aboard.core.lending.callers import CallerToken, GatewayCaller, TokenRecord
from aboard.core.owner import Mode
from aboard.flows.audit import AuditAction
from aboard.flows.lending.callers import (
    CallerAbsent,
    audit_of,
    get_caller,
    note_caller,
    note_change,
)
from aboard.flows.platform import Platform
from aboard.store import AuditEntry
from aboard.store.records import Detail

GRACE: Final = timedelta(hours=24)
LONGEST_GRACE: Final = timedelta(days=30)
LONGEST_LIFETIME: Final = timedelta(days=3660)
_ID_BYTES: Final = 12


class TokenAbsent(Exception):
    """There is no such token, or none any more."""


class TokenOver(Exception):
    """The token is revoked or expired: there is nothing left to rotate."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token that was made just now, to be told once, and what is kept of it."""

    record: TokenRecord
    token: CallerToken


async def add_token(
    platform: Platform,
    operator: Caller,
    id_or_name: str,
    mode: Mode,
    *,
    lifetime: timedelta | None = None,
) -> IssuedToken:
    """Make a token of a mode, and keep its digest; without a lifetime it is good until revoked.

    Raises:
        InputRefused: the lifetime is none, or absurdly long.
        CallerAbsent: there is no such caller, or none any more.
        StoreUnavailable: it cannot be written down.
    """
    caller = await get_caller(platform, id_or_name)
    issued = _issue(platform, caller, mode, _end_of(platform, lifetime))
    audit = _audit_token(platform, operator, caller, issued.record, "added")
    if not await platform.store.add_gateway_token(issued.record, audit):
        raise CallerAbsent
    note_caller(platform, caller, "token_added")
    return issued


async def list_tokens(platform: Platform, id_or_name: str) -> Sequence[TokenRecord]:
    """Return what is kept of a caller's tokens, the oldest first.

    Raises:
        CallerAbsent: there is no such caller, or none any more.
        StoreUnavailable: they cannot be read.
    """
    caller = await get_caller(platform, id_or_name)
    return await platform.store.list_gateway_tokens(caller.id)


async def rotate_token(
    platform: Platform,
    operator: Caller,
    token_id: str,
    *,
    grace: timedelta = GRACE,
    lifetime: timedelta | None = None,
) -> IssuedToken:
    """Make a token in the place of one, which is good for the grace besides, and then expired.

    Without a lifetime the new one lives as long, from now, as the old one was meant to.

    Raises:
        InputRefused: the grace or the lifetime will not do.
        TokenAbsent: there is none, or none any more.
        TokenOver: it is revoked or expired.
        StoreUnavailable: it cannot be written down.
    """
    before, caller = await _get_token(platform, token_id)
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise InputRefused([("grace", f"must be 0 to {LONGEST_GRACE.days} days")])
    if lifetime is None and before.expires_at is not None:
        lifetime = before.expires_at - before.created_at
    issued = _issue(platform, caller, before.mode, _end_of(platform, lifetime))
    ends_at = platform.clock() + grace
    audit = _audit_token(platform, operator, caller, issued.record, "rotated", instead_of=before.id)
    if not await platform.store.replace_gateway_token(
        before, issued.record, audit, ends_at=ends_at
    ):
        raise TokenOver
    note_change(platform, caller, "token_rotated")
    return issued


async def revoke_token(platform: Platform, operator: Caller, token_id: str) -> TokenRecord:
    """Refuse a token from now on, for good. Harmless when repeated.

    Raises:
        TokenAbsent: there is none, or none any more.
        StoreUnavailable: it cannot be written down.
    """
    token, caller = await _get_token(platform, token_id)
    if token.revoked_at is not None:
        return token
    now = platform.clock()
    audit = _audit_token(platform, operator, caller, token, "revoked")
    if await platform.store.revoke_gateway_token(token_id, now, audit):
        note_change(platform, caller, "token_revoked")
    found = await platform.store.find_gateway_token(token_id)
    if found is None:
        raise TokenAbsent
    return found


async def _get_token(platform: Platform, token_id: str) -> tuple[TokenRecord, GatewayCaller]:
    token = await platform.store.find_gateway_token(token_id)
    caller = None if token is None else await platform.store.find_gateway_caller(token.caller_id)
    if token is None or caller is None:
        raise TokenAbsent
    return token, caller


def _issue(
    platform: Platform, caller: GatewayCaller, mode: Mode, expires_at: datetime | None
) -> IssuedToken:
    token = CallerToken.make(mode)
    record = TokenRecord(
        id=f"gwt_{secrets.token_hex(_ID_BYTES)}",
        caller_id=caller.id,
        mode=mode,
        digest=token.digest,
        hint=token.hint,
        created_at=platform.clock(),
        expires_at=expires_at,
    )
    return IssuedToken(record, token)


def _end_of(platform: Platform, lifetime: timedelta | None) -> datetime | None:
    if lifetime is None:
        return None
    if not timedelta(0) < lifetime <= LONGEST_LIFETIME:
        raise InputRefused(
            [("lifetime", f"must be more than 0, up to {LONGEST_LIFETIME.days} days")]
        )
    return platform.clock() + lifetime


def _audit_token(
    platform: Platform,
    operator: Caller,
    caller: GatewayCaller,
    token: TokenRecord,
    outcome: str,
    **details: Detail,
) -> AuditEntry:
    until = None if token.expires_at is None else token.expires_at.isoformat()
    return replace(
        audit_of(platform, operator, caller, outcome, **details),
        action=AuditAction.GATEWAY_TOKEN.value,
        details={
            "caller": caller.id,
            "name": caller.name,
            "token": token.id,
            "mode": token.mode.value,
            "expires_at": until,
            **details,
        },
    )
