"""What does `creators` answer?

Written from the service's description by `make client-python`; not by hand.
"""

from datetime import datetime
from typing import Any

import msgspec

from aboard.client.answers import Answer
from aboard.client.described.words import CreatorStatus, KycStatus, PayoutMethod, Source
from aboard.core.links import BearerUrl


class Upgraded(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.upgrade` answers."""

    creator_id: str
    bio_page_url: str | None = None


class Profile(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.profile` and `creators.change_profile` answers."""

    creator_id: str
    display_name: str | None = None
    bio: str | None = None
    kyc_status: KycStatus
    kyc_provider: str | None = None
    kyc_completed_at: datetime | None = None
    stripe_account_id: str | None = None
    stripe_account_status: CreatorStatus
    stripe_charges_enabled: bool
    stripe_payouts_enabled: bool
    preferred_payout_method: PayoutMethod | None = None
    created_at: datetime
    updated_at: datetime


class ConnectPayouts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Connect payouts of an answer."""

    connected: bool
    payouts_enabled: bool


class AvailableMethods(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Available methods of an answer."""

    stripe_connect: bool = msgspec.field(name="STRIPE_CONNECT")
    bank_transfer: bool | None = msgspec.field(name="BANK_TRANSFER", default=None)


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


class KycSession(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.start_kyc` answers."""

    redirect_url: BearerUrl
    session_id: str
    provider: str


class KycState(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.kyc_status` answers."""

    status: KycStatus
    provider: str | None = None
    provider_id: str | None = None
    completed_at: datetime | None = None


class PendingCheck(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Pending check of an answer."""

    creator_id: str
    display_name: str | None = None
    provider: str
    provider_id: str | None = None
    attempt: int
    started_at: datetime


class Decided(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.decide_kyc` answers."""

    creator_id: str
    status: KycStatus
    provider: str | None = None
    provider_id: str | None = None
    completed_at: datetime | None = None


class PayoutSettings(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.payout_settings` answers."""

    bank_details: Any
    stripe_connect: ConnectPayouts
    preferred_payout_method: PayoutMethod | None = None
    available_methods: AvailableMethods


class PendingChecks(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `creators.list_pending_kyc` answers."""

    checks: tuple[PendingCheck, ...]
    next: str | None = None
