"""What goes over the wire in the creators dialect; camelCase there, Python's names here.

Source: docs/api/creators.md.
"""

import msgspec

from aboard.core.readiness import CreatorStatus


class Initiated(msgspec.Struct, frozen=True, rename="camel"):
    """The connected account and a single-use link to its onboarding."""

    account_id: str
    onboarding_url: str


class OnboardingLink(msgspec.Struct, frozen=True, rename="camel"):
    """A single-use link to the onboarding of the account that is there."""

    onboarding_url: str


class DashboardLink(msgspec.Struct, frozen=True):
    """A single-use link to Stripe's Express dashboard."""

    url: str


class AccountStatus(msgspec.Struct, frozen=True, rename="camel"):
    """The account as Stripe sees it, or as we remember it (`X-Status-Source: stored`)."""

    stripe_account_id: str | None
    stripe_account_status: CreatorStatus
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
