"""Who borrows, and may they? From the token presented to the word that lets the call pass.

A token and its caller are looked up once in half a second for each process, so that a revocation
is seen everywhere within one.

Source: ADR-0029, the gateway; docs/gateway/callers.md.
"""

import time
from collections.abc import Collection
from typing import Final

from aboard.core.errors import StoreUnavailable, TooManyRequests
from aboard.core.lending.callers import Borrower, CallerToken, GatewayCaller, TokenRecord
from aboard.core.lending.grants import Grant
from aboard.core.lending.operations import Operation
from aboard.core.lending.policies import rules_of
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.core.owner import Mode
from aboard.flows.limits import Allowance
from aboard.flows.platform import Platform

MOST_ACCOUNTS: Final = 20
"""How many accounts one call may name; none of Stripe's operations takes half as many."""
_TURN: Final = "gateway"


async def find_borrower(platform: Platform, presented: CallerToken) -> Borrower:
    """Return who presented a token, with what holds for them now.

    A token that is none of ours costs what a good one costs: a digest and one look.

    Raises:
        CallRefused: nobody has this token, it has expired or was revoked, its caller is shut out,
            or the store gives no answer.
    """
    if not presented.is_well_formed:
        raise CallRefused(RefusalCode.CALLER_UNKNOWN)
    caller, token = await _look_up(platform, presented.digest)
    if token.revoked_at is not None or caller.disabled_at is not None:
        raise CallRefused(RefusalCode.CALLER_REVOKED)
    if token.expires_at is not None and token.expires_at <= platform.clock():
        raise CallRefused(RefusalCode.CALLER_EXPIRED)
    return borrower_of(platform, caller, token)


def borrower_of(platform: Platform, caller: GatewayCaller, token: TokenRecord) -> Borrower:
    """Return a caller with one of its tokens and what holds for it now, good or over."""
    allow_list, limits = rules_of(caller, platform.lending.policies)
    return Borrower(caller, token, allow_list, limits)


def permit(platform: Platform, borrower: Borrower, operation: Operation) -> Grant:
    """Return the word that lets a borrower call an operation.

    Raises:
        CallRefused: no word does, in live mode none that names what is written, or an operator
            has switched writing or live mode off.
    """
    mode = borrower.mode
    grant = borrower.allow_list.find_grant(operation, mode)
    if grant is None:
        is_live_write = mode.is_live and operation.is_write
        raise CallRefused(
            RefusalCode.LIVE_WRITE_NOT_GRANTED
            if is_live_write
            else RefusalCode.OPERATION_NOT_ALLOWED,
            detail=f"The word that would let it pass is {operation.grant}.",
        )
    require_switches(platform, mode, operation)
    return grant


def require_switches(platform: Platform, mode: Mode, operation: Operation) -> None:
    """Let an operation pass that no operator has switched off.

    Raises:
        CallRefused: writing through the gateway, or live mode, is switched off.
    """
    if operation.is_write and not platform.lending.writes:
        raise CallRefused(RefusalCode.WRITES_DISABLED)
    if mode.is_live and not platform.switches.live:
        raise CallRefused(RefusalCode.LIVE_DISABLED)


async def require_owned(
    platform: Platform, borrower: Borrower, operation: Operation, accounts: Collection[str]
) -> None:
    """Let a call pass that is about accounts of the caller's owners alone.

    A caller without owners acts for the platform itself, and may name any account or none. One
    with owners names at least one, and each must be connected, in this mode, to one of them.

    Raises:
        CallRefused: the call names no account, or another's, or the store gives no answer.
    """
    if borrower.caller.owners is None:
        return
    if not accounts:
        told = f"{operation.id} names no connected account."
        raise CallRefused(RefusalCode.OWNER_NOT_ALLOWED, detail=told)
    names = set(accounts)
    if len(names) > MOST_ACCOUNTS:
        raise CallRefused(RefusalCode.OWNER_NOT_ALLOWED)
    for name in sorted(names):
        if not await _is_owned(platform, borrower, name):
            raise CallRefused(RefusalCode.OWNER_NOT_ALLOWED)


async def take_turn(platform: Platform, borrower: Borrower) -> Allowance | None:
    """Use one call of the caller's second, whichever of its tokens; None where nobody counts.

    Raises:
        CallRefused: the second has had its calls; says when the next begins.
    """
    most = borrower.limits.per_second
    if most is None:
        return None
    try:
        return await platform.limits.take(borrower.caller.id, _TURN, limit=most, window_seconds=1)
    except TooManyRequests as refused:
        raise CallRefused(
            RefusalCode.RATE_LIMITED, retry_after=max(1, refused.retry_after_seconds)
        ) from None


async def _look_up(platform: Platform, digest: str) -> tuple[GatewayCaller, TokenRecord]:
    memory = platform.lending.memory.borrowers
    found = memory.find(digest)
    if found is None:
        asked_at = time.monotonic()
        try:
            known = await platform.store.find_borrower(digest)
        except StoreUnavailable:
            raise CallRefused(RefusalCode.STORE_UNAVAILABLE) from None
        if known is None:
            raise CallRefused(RefusalCode.CALLER_UNKNOWN)
        found = (known.caller, known.token)
        memory.keep(digest, found, asked_at=asked_at)
    return found


async def _is_owned(platform: Platform, borrower: Borrower, stripe_account_id: str) -> bool:
    try:
        account = await platform.store.find_account_by_stripe_id(stripe_account_id, borrower.mode)
    except StoreUnavailable:
        raise CallRefused(RefusalCode.STORE_UNAVAILABLE) from None
    return (
        account is not None
        and account.disconnected_at is None
        and borrower.caller.owns(account.owner)
    )
