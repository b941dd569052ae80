"""What stands between an owner and live money right now? The policy, the account, what is around.

Source: ADR-0014, the gate and its announcements.
"""

from aboard.core.account import ConnectedAccount
from aboard.core.go_live import Surroundings, find_blockers
from aboard.core.owner import Mode
from aboard.flows.plans import policy_for
from aboard.flows.platform import Platform


async def name_blockers(platform: Platform, account: ConnectedAccount) -> tuple[str, ...]:
    """Name every reason why this account may not be live, most basic first; none: it may.

    Reads the owner's policy and when each endpoint last heard from Stripe; writes nothing.
    """
    policy = await policy_for(platform, account.owner)
    return find_blockers(account, policy, await look_around(platform, account.owner.mode))


async def look_around(platform: Platform, mode: Mode) -> Surroundings:
    """Return the facts beside the account: whether both endpoints ever spoke, and the switch."""
    seen = await platform.store.endpoint_last_seen(mode)
    return Surroundings(
        has_platform_webhook_spoken="platform" in seen,
        has_connect_webhook_spoken="connect" in seen,
        is_switched_off=mode.is_live and not platform.switches.live,
    )
