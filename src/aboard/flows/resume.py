"""Pick up where it stopped: a fresh link for an account that exists. Writes nothing.

Source: docs/api/creators/refresh-link.md.
"""

from aboard.core.errors import AccountGone, AccountNotLinked
from aboard.core.owner import Owner
from aboard.flows.links import mint_link
from aboard.flows.platform import Platform
from aboard.stripe_api.v1 import IssuedLink


async def issue_link(platform: Platform, owner: Owner) -> IssuedLink:
    """Return a fresh link to the owner's onboarding, with the addresses it was started with.

    Nothing is written; a log event and a counter tell that a link was issued.

    Raises:
        FeatureDisabled: onboarding, or live mode, is switched off.
        AccountNotLinked: onboarding was never started, or stopped before Stripe answered.
        AccountGone: the account is no longer ours.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal.
        StripeUnavailable: no usable answer; safe to try again.
    """
    platform.switches.require_onboarding(owner.mode)
    found = await platform.store.find_account_and_onboarding(owner)
    if found is None:
        raise AccountNotLinked
    account, onboarding = found
    if account.is_disconnected:
        raise AccountGone(account.disconnected_reason or "disconnected")
    if account.stripe_account_id is None or onboarding is None:
        raise AccountNotLinked
    return await mint_link(platform, account, onboarding)
