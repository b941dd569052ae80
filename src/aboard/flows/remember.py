"""Write down what Stripe told us of an account, with everything that follows from it.

Source: ADR-0006, events are doorbells; ADR-0014, the gate and its announcements.
"""

from datetime import datetime

from aboard.core.account import ConnectedAccount
from aboard.core.readiness import assess_snapshot
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.stripe_api.v1 import AccountRead


async def remember_account(
    platform: Platform,
    account: ConnectedAccount,
    read: AccountRead,
    *,
    read_began_at: datetime,
    next_sync_at: datetime,
    attach: bool = False,
) -> None:
    """Write what was read, unless newer news is there; with `attach`, as a reservation's first.

    Both points in time are aware UTC.
    """
    assessment = assess_snapshot(read.snapshot)
    await platform.store.write_snapshot(
        account.id,
        read.snapshot,
        read.raw,
        readiness=assessment.readiness,
        who_must_act=assessment.who_must_act,
        read_began_at=read_began_at,
        next_sync_at=next_sync_at,
        now=platform.clock(),
        attach=attach,
    )


async def remember_disconnection(platform: Platform, account: ConnectedAccount, case: str) -> None:
    """Write down that the account is no longer ours, with the case of the closed table."""
    stripe_account_id = account.stripe_account_id or ""
    if await platform.store.mark_disconnected(
        account.id, stripe_account_id, case, platform.clock()
    ):
        platform.journal.note(LogEvent.ACCOUNT_DISCONNECTED, owner=account.owner, case=case)
