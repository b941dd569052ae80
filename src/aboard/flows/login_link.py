"""A door to Stripe's own dashboard, for owners whose account is ready. Never cached or stored.

Source: Stripe's login links: Express dashboard only, after onboarding.
"""

import secrets

from aboard.core.errors import AccountGone, AccountNotLinked, AccountNotReady
from aboard.core.links import BearerUrl
from aboard.core.owner import Owner
from aboard.core.readiness import CreatorStatus, creator_status
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.remember import remember_disconnection
from aboard.flows.sync import read_account
from aboard.stripe_api import v1


async def create_login_link(platform: Platform, owner: Owner) -> BearerUrl:
    """Return a single-use link to the owner's Express dashboard.

    Memory may lag behind Stripe, so an account that is not known to be active is read once
    before it is refused.

    Raises:
        AccountNotLinked: the owner has no connected account.
        AccountNotReady: the account is not active.
        AccountGone: the account is no longer ours; it is now marked disconnected.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal, such as an account without the Express dashboard.
        StripeUnavailable: no usable answer; safe to try again.
    """
    reading = await read_account(platform, owner, fresh=False)
    if reading.account is None or reading.account.stripe_account_id is None:
        raise AccountNotLinked
    stripe = platform.stripe_for(owner.mode)
    if creator_status(reading.assessment.readiness) is not CreatorStatus.ACTIVE:
        reading = await read_account(platform, owner, fresh=True)
    account = reading.account
    if account is None or account.stripe_account_id is None:
        raise AccountNotLinked
    if creator_status(reading.assessment.readiness) is not CreatorStatus.ACTIVE:
        raise AccountNotReady((reading.assessment.readiness.value,))
    try:
        url = await v1.create_login_link(
            stripe,
            account.stripe_account_id,
            idempotency_key=f"aboard-login-{secrets.token_hex(16)}",
        )
    except AccountGone as gone:
        await remember_disconnection(platform, account, gone.case)
        raise
    platform.journal.note(LogEvent.LOGIN_LINK_ISSUED, owner=owner)
    return url
