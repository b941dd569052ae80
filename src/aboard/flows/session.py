"""What opens Stripe's embedded components on the platform's own page. Never cached or stored.

Source: Stripe's account sessions; docs/api/organizations.md, account sessions.
"""

import re
import secrets
from collections.abc import Sequence

from aboard.core.errors import AccountGone, AccountNotLinked, InputRefused
from aboard.core.owner import Owner
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.remember import remember_disconnection
from aboard.stripe_api import v1
from aboard.stripe_api.v1 import IssuedSession

MAX_COMPONENTS = 50
_COMPONENT = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")


async def create_account_session(
    platform: Platform, owner: Owner, components: Sequence[str]
) -> IssuedSession:
    """Return a session in which these embedded components are enabled, by Stripe's names.

    Which components there are, and which this account may have, Stripe decides: only their form
    is looked at here. An account that is not finished may have onboarding as a component.

    Raises:
        InputRefused: no component, too many, one twice, or a name that cannot be one.
        AccountNotLinked: the owner has no connected account.
        AccountGone: the account is no longer ours; it is now marked disconnected.
        StripeNotConfigured: no secret key for this mode.
        StripeKeySwapped: the key belongs to another platform.
        StripeRefused: Stripe's own refusal, such as a component that this account may not have.
        StripeUnavailable: no usable answer; safe to try again.
    """
    _check_components(components)
    account = await platform.store.find_account(owner)
    if account is None or account.stripe_account_id is None:
        raise AccountNotLinked
    if account.is_disconnected:
        raise AccountGone(account.disconnected_reason or "disconnected")
    try:
        session = await v1.create_account_session(
            platform.stripe_for(owner.mode),
            account.stripe_account_id,
            components,
            idempotency_key=f"aboard-session-{secrets.token_hex(16)}",
        )
    except AccountGone as gone:
        await remember_disconnection(platform, account, gone.case)
        raise
    platform.journal.note(LogEvent.ACCOUNT_SESSION_ISSUED, owner=owner)
    return session


def _check_components(components: Sequence[str]) -> None:
    if not 0 < len(components) <= MAX_COMPONENTS:
        raise InputRefused([("components", f"must name 1 to {MAX_COMPONENTS} components")])
    if len(set(components)) != len(components):
        raise InputRefused([("components", "names one more than once")])
    if not all(map(_COMPONENT.match, components)):
        raise InputRefused([("components", "must be names such as account_onboarding")])
