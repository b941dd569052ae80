"""Which process makes an owner's account at Stripe? Whichever holds its claim.

One conditional write claims a reservation. Whoever comes while the claim is fresh is told to wait
and does not ask Stripe. A claim that was left behind by a crash ends by the clock, and whoever
takes over makes the account under the same idempotency key: what the dead one made is found again.

Source: ADR-0007, what is due is claimed with a lease, not with a lock.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from aboard.core.account import ConnectedAccount
from aboard.core.errors import OnboardingBusy, StoreUnavailable
from aboard.flows.platform import Platform
from aboard.store.records import IdempotencyScope, KeyOutcome

CLAIM_LEASE = timedelta(seconds=60)
"""How long a process that said nothing more is believed to be at work."""


@asynccontextmanager
async def creation_claim(platform: Platform, account: ConnectedAccount) -> AsyncIterator[None]:
    """Hold the claim on a reservation for the block, at most for `CLAIM_LEASE` on the clock.

    Writes the claim, and takes it away at the end, whatever the end was.

    Raises:
        OnboardingBusy: another process holds it.
        StoreUnavailable: the database gives no answer; nothing was claimed.
    """
    # A key of ours among the callers' keys: leased, never answered, swept when its time is over.
    scope = IdempotencyScope(caller="", operation="account.create", organization="", key=account.id)
    claim = await platform.store.claim_idempotency_key(
        scope, "", platform.clock(), ttl=CLAIM_LEASE, lease=CLAIM_LEASE
    )
    if claim.outcome is not KeyOutcome.NEW or claim.leased_until is None:
        raise OnboardingBusy
    try:
        yield
    finally:
        with suppress(StoreUnavailable):  # then the lease ends by itself
            await platform.store.forget_idempotency_key(scope, claim.leased_until)
