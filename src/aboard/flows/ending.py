"""How does an account end at Stripe? What is its holder's is let go, what is ours is deleted.

An account with Stripe's full dashboard belongs to its holder: the connection is ended by OAuth,
the account stays. Any other lives through the platform, and is deleted where Stripe allows.

Source: Stripe's OAuth reference, `deauthorize`; Stripe's accounts, delete: in test mode at any
time, in live mode only with a balance of zero.
"""

from enum import StrEnum

from aboard.core.account import ConnectedAccount
from aboard.flows.platform import Platform
from aboard.stripe_api import v1

_FULL_DASHBOARD = "full"


class Ending(StrEnum):
    """What became of the account at Stripe."""

    DEAUTHORIZED = "deauthorized"
    DELETED = "deleted"
    FORGOTTEN = "forgotten"
    """Nothing: it is as it was, or was gone already. We alone know it no more."""


async def end_at_stripe(platform: Platform, account: ConnectedAccount) -> Ending:
    """End a linked account at Stripe and say how; nothing of ours is written.

    Without a client id for the mode, and for an account that was never read, there is no way.

    Raises:
        AccountGone: it is gone already, or the key is another platform's.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe lets it stay, in its own words.
        StripeUnavailable: no usable answer; it may have ended.
    """
    mode, stripe_account_id = account.owner.mode, account.stripe_account_id or ""
    stripe = platform.stripe_for(mode)
    if account.snapshot is None:
        return Ending.FORGOTTEN
    if account.snapshot.dashboard == _FULL_DASHBOARD:
        client_id = platform.client_ids.get(mode)
        if client_id is None:
            return Ending.FORGOTTEN
        await v1.deauthorize_account(stripe, client_id, stripe_account_id)
        return Ending.DEAUTHORIZED
    await v1.delete_account(stripe, stripe_account_id)
    return Ending.DELETED
