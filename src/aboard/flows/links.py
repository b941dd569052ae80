"""Mint one account link for an existing account, and remember that it was minted, never where to.

Source: Stripe's account links: single use, a few minutes, return and refresh addresses carry our
signed state. ADR-0005, signed state.
"""

import secrets
from datetime import datetime

from aboard.core.account import ConnectedAccount, Onboarding
from aboard.core.errors import AccountGone, AccountNotLinked
from aboard.core.state import Purpose, State, issue_state
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.remember import remember_disconnection
from aboard.stripe_api import v1
from aboard.stripe_api.v1 import IssuedLink

CALLBACK_PATH = "/v1/connect/accounts"


async def mint_link(
    platform: Platform, account: ConnectedAccount, onboarding: Onboarding
) -> IssuedLink:
    """Ask Stripe for a fresh link; nothing is written here unless the account turns out gone.

    Every link gets an idempotency key of its own, because a replayed link may be used up.

    Raises:
        AccountNotLinked: the account has not been made at Stripe yet.
        AccountGone: Stripe no longer knows it; it is now marked disconnected.
        StripeNotConfigured: no secret key for this mode.
        StripeRefused: Stripe's own refusal.
        StripeUnavailable: no usable answer; safe to try again.
    """
    if account.stripe_account_id is None:
        raise AccountNotLinked
    now = platform.clock()
    try:
        link = await v1.create_account_link(
            platform.stripe_for(account.owner.mode),
            account_id=account.stripe_account_id,
            purpose=onboarding.purpose,
            refresh_url=callback_address(platform, onboarding, Purpose.REFRESH, now),
            return_url=callback_address(platform, onboarding, Purpose.RETURN, now),
            collect=onboarding.collect,
            idempotency_key=f"aboard-link-{secrets.token_hex(16)}",
        )
    except AccountGone as gone:
        await remember_disconnection(platform, account, gone.case)
        raise
    platform.journal.note(
        LogEvent.LINK_ISSUED, owner=account.owner, purpose=onboarding.purpose.value
    )
    return link


def callback_address(
    platform: Platform, onboarding: Onboarding, purpose: Purpose, now: datetime
) -> str:
    """Return our own callback address with a fresh signed state in it."""
    state = State(
        purpose=purpose,
        onboarding_id=onboarding.id,
        owner=onboarding.owner,
        issued_at=now,
        expires_at=now + platform.state_lifetime,
        nonce=secrets.token_urlsafe(12),
    )
    token = issue_state(state, platform.state_keys)
    return f"{platform.public_url}{CALLBACK_PATH}/{purpose.value}?state={token}"
