"""What does `creators` answer?

Written from the service's description by `make client-python`; not by hand.
"""

from aboard.client.answers import Answer
from aboard.client.described.words import CreatorStatus, Source
from aboard.core.links import BearerUrl


class Profile(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.upgrade` answers."""

    creator_id: str


class Initiated(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.initiate` answers."""

    account_id: str
    onboarding_url: BearerUrl


class OnboardingLink(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.refresh_link` answers."""

    onboarding_url: BearerUrl


class AccountStatus(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.status` answers."""

    stripe_account_id: str | None = None
    stripe_account_status: CreatorStatus
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool

    @property
    def source(self) -> Source:
        """Return whether Stripe says this now, or it was stored before."""
        return Source(self.meta.facts.get("x-status-source", "stored"))


class DashboardLink(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.dashboard_link` answers."""

    url: BearerUrl
