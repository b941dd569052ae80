"""Part with an owner's account, as far as Stripe allows, and say what became of it.

Stripe is asked first and our own row is written after: a crash in between leaves an account that
the next sync finds gone.

Source: docs/api/organizations.md, disconnecting; ADR-0007.
"""

from dataclasses import dataclass

from aboard.core.account import ConnectedAccount
from aboard.core.caller import Caller
from aboard.core.errors import AccountGone, AccountNotLinked, StripeRefused
from aboard.core.owner import Owner
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.ending import Ending, end_at_stripe
from aboard.flows.platform import Platform
from aboard.flows.remember import remember_disconnection
from aboard.flows.sync import read_live

_NOT_CONNECTED = "invalid_client"


@dataclass(frozen=True, slots=True)
class Disconnection:
    """What became of the account at Stripe: deauthorized, deleted, or only forgotten here."""

    how: Ending


async def disconnect_owner(
    platform: Platform,
    owner: Owner,
    caller: Caller,
    *,
    forget: bool = False,
    request_id: str | None = None,
) -> Disconnection:
    """End the owner's account at Stripe where Stripe allows, and remember the owner as without.

    Repeating it is harmless. With `forget`, an account that Stripe lets nobody end stays there
    and is forgotten here. Closes the gate, tells the platform, and is audited.

    Raises:
        AccountNotLinked: there is no account to part with.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe lets it stay, as with money in it, and `forget` was not given; or
            the key is another platform's (StripeKeySwapped).
        StripeUnavailable: no usable answer; it may have ended, and asking again is safe.
        StoreUnavailable: nothing can be read or written down.
    """
    account = await platform.store.find_account(owner)
    if account is None or account.stripe_account_id is None:
        raise AccountNotLinked
    if account.is_disconnected:
        return Disconnection(_ending_of(account))
    try:
        how = await _end(platform, account, forget=forget)
    except StripeRefused as refusal:
        await _audit(platform, account, caller, refusal.code, request_id)
        raise
    await remember_disconnection(platform, account, how.value)
    await _audit(platform, account, caller, how.value, request_id)
    return Disconnection(how)


async def _end(platform: Platform, account: ConnectedAccount, *, forget: bool) -> Ending:
    if account.snapshot is None:
        reading = await read_live(platform, account)
        account = reading.account or account
        if account.is_disconnected:
            return Ending.FORGOTTEN
    try:
        return await end_at_stripe(platform, account)
    except AccountGone as gone:
        await remember_disconnection(platform, account, gone.case)
    except StripeRefused as refusal:
        if not (forget or await _is_gone(platform, account, refusal)):
            raise
    return Ending.FORGOTTEN


async def _is_gone(platform: Platform, account: ConnectedAccount, refusal: StripeRefused) -> bool:
    """Say whether OAuth's refusal means that the connection had ended before."""
    if refusal.error_code != _NOT_CONNECTED:
        return False
    reading = await read_live(platform, account)
    return reading.account is not None and reading.account.is_disconnected


def _ending_of(account: ConnectedAccount) -> Ending:
    try:
        return Ending(account.disconnected_reason or "")
    except ValueError:
        return Ending.FORGOTTEN


async def _audit(
    platform: Platform,
    account: ConnectedAccount,
    caller: Caller,
    outcome: str,
    request_id: str | None,
) -> None:
    await write_audit(
        platform,
        AuditAction.ACCOUNT_DISCONNECT,
        outcome=outcome,
        caller=caller,
        owner=account.owner,
        request_id=request_id,
        details={"stripe_account_id": account.stripe_account_id},
    )
