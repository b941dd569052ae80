"""How are the operations of `creators` called in an event loop?

Written from the service's description by `make client-python`; not by hand.
"""

from aboard.client.asking import AsyncCalls
from aboard.client.described import creators_operations as operations
from aboard.client.described.creators_shapes import (
    AccountStatus,
    DashboardLink,
    Initiated,
    OnboardingLink,
    Profile,
)


class AsyncCreatorsCalls(AsyncCalls):
    """The operations of `creators`: each raises `CallFailed`, or a kind of it."""

    async def upgrade(self) -> Profile:
        """Make the caller a creator; the same answer when they already are one."""
        return await self._ask(operations.UPGRADE)

    async def initiate(self) -> Initiated:
        """Make the creator's Express account once, and answer with a link to its onboarding.

        With an account already there, the link is a new one for the same account.
        """
        return await self._ask(operations.INITIATE)

    async def refresh_link(self) -> OnboardingLink:
        """Answer with a new single-use link for the account that is there; writes nothing."""
        return await self._ask(operations.REFRESH_LINK)

    async def status(self) -> AccountStatus:
        """Read the account from Stripe and remember it; without Stripe, answer from memory.

        From memory, `detailsSubmitted` is false and means unknown, and the header
        `X-Status-Source` says `stored`.
        """
        return await self._ask(operations.STATUS)

    async def dashboard_link(self) -> DashboardLink:
        """Answer with a single-use link to Stripe's Express dashboard, for an active account."""
        return await self._ask(operations.DASHBOARD_LINK)
