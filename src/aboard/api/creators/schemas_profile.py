"""What goes over the wire about creators themselves: profiles, payouts, checks of who they are.

Source: docs/api/creators.md.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from aboard.core.creator import Creator, CreatorCheck
from aboard.core.kyc import KycStanding, KycStatus
from aboard.core.readiness import CreatorStatus, creator_status
from aboard.flows.kyc import StartedKyc
from aboard.flows.sync import Reading

DisplayName = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f-\x9f]+(?![\s\S])",
        description="1 to 100 characters on one line.",
    ),
]
Bio = Annotated[
    str,
    msgspec.Meta(
        max_length=500,
        pattern=r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*(?![\s\S])",
        description="Up to 500 characters.",
    ),
]
Reason = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=500,
        pattern=r"^[^\x00-\x1f\x7f-\x9f]+(?![\s\S])",
        description="1 to 500 characters on one line.",
    ),
]


class Upgraded(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A creator's profile as it was made, or as it was there already."""

    creator_id: str
    bio_page_url: str | msgspec.UnsetType = msgspec.UNSET


class NewProfile(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What a new creator says of themselves, if anything."""

    display_name: DisplayName | None = None
    bio: Bio | None = None


class ProfileChanges(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What changes; what is left out stays, and null empties it."""

    display_name: DisplayName | msgspec.UnsetType | None = msgspec.UNSET
    bio: Bio | msgspec.UnsetType | None = msgspec.UNSET


class PayoutMethod(StrEnum):
    """How a creator is paid out."""

    STRIPE_CONNECT = "STRIPE_CONNECT"


class Profile(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A creator: what they say of themselves, how their check stands, and their account."""

    creator_id: str
    display_name: str | None
    bio: str | None
    kyc_status: KycStatus
    kyc_provider: str | None
    kyc_completed_at: datetime | None
    stripe_account_id: str | None
    stripe_account_status: CreatorStatus
    stripe_charges_enabled: bool
    stripe_payouts_enabled: bool
    preferred_payout_method: PayoutMethod | None
    created_at: datetime
    updated_at: datetime


class ConnectPayouts(msgspec.Struct, frozen=True, rename="camel"):
    """Whether there is a connected account, and whether Stripe pays it out."""

    connected: bool
    payouts_enabled: bool


class AvailableMethods(msgspec.Struct, frozen=True):
    """Which ways to be paid work now."""

    STRIPE_CONNECT: bool
    BANK_TRANSFER: bool = False


class PayoutSettings(msgspec.Struct, frozen=True, rename="camel"):
    """How a creator is paid, as it is remembered. Bank details are Stripe's, never ours."""

    bank_details: None
    stripe_connect: ConnectPayouts
    preferred_payout_method: PayoutMethod | None
    available_methods: AvailableMethods


class KycSession(msgspec.Struct, frozen=True, rename="camel"):
    """A check that was begun: where the creator goes now."""

    redirect_url: str
    session_id: str
    provider: str


class KycState(msgspec.Struct, frozen=True, rename="camel"):
    """How a check stands. `completedAt` is empty until there is a decision."""

    status: KycStatus
    provider: str | None
    provider_id: str | None
    completed_at: datetime | None


class PendingCheck(msgspec.Struct, frozen=True, rename="camel"):
    """A check that waits for a decision."""

    creator_id: str
    display_name: str | None
    provider: str
    provider_id: str | None
    attempt: int
    started_at: datetime


class PendingChecks(msgspec.Struct, frozen=True, rename="camel"):
    """Checks that wait, by creator id; `next` continues as `after`."""

    checks: list[PendingCheck]
    next: str | None


class Decision(StrEnum):
    """What may be decided."""

    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


class DecisionRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Decide a creator's check; the reason goes into the audit."""

    decision: Decision
    reason: Reason | None = None


class Decided(msgspec.Struct, frozen=True, rename="camel"):
    """How a creator's check stands after a decision."""

    creator_id: str
    status: KycStatus
    provider: str | None
    provider_id: str | None
    completed_at: datetime | None


def profile_of(creator: Creator, standing: KycStanding, reading: Reading) -> Profile:
    """Return a profile with what is remembered of the account."""
    account = reading.account
    snapshot = account.snapshot if account and not account.is_disconnected else None
    return Profile(
        creator_id=creator.id,
        display_name=creator.display_name,
        bio=creator.bio,
        kyc_status=standing.status,
        kyc_provider=standing.provider,
        kyc_completed_at=standing.completed_at,
        stripe_account_id=account.stripe_account_id if account else None,
        stripe_account_status=creator_status(reading.assessment.readiness),
        stripe_charges_enabled=snapshot is not None and snapshot.charges_enabled,
        stripe_payouts_enabled=snapshot is not None and snapshot.payouts_enabled,
        preferred_payout_method=_preferred(reading),
        created_at=creator.created_at,
        updated_at=creator.updated_at,
    )


def payout_settings_of(reading: Reading) -> PayoutSettings:
    """Return how a creator is paid, from what is remembered of the account."""
    account = reading.account
    snapshot = account.snapshot if account and not account.is_disconnected else None
    is_paid_out = snapshot is not None and snapshot.payouts_enabled
    return PayoutSettings(
        bank_details=None,
        stripe_connect=ConnectPayouts(_is_connected(reading), is_paid_out),
        preferred_payout_method=_preferred(reading),
        available_methods=AvailableMethods(STRIPE_CONNECT=is_paid_out),
    )


def kyc_session_of(started: StartedKyc) -> KycSession:
    """Return where the creator goes now."""
    return KycSession(started.redirect_url, started.session_id, started.provider)


def kyc_state_of(standing: KycStanding) -> KycState:
    """Return how a check stands."""
    return KycState(standing.status, standing.provider, standing.provider_id, standing.completed_at)


def decided_of(creator_id: str, standing: KycStanding) -> Decided:
    """Return how a creator's check stands."""
    return Decided(
        creator_id,
        standing.status,
        standing.provider,
        standing.provider_id,
        standing.completed_at,
    )


def pending_of(found: Sequence[CreatorCheck], limit: int) -> PendingChecks:
    """Return one page of at most `limit`; one more was asked for, to know whether it goes on."""
    page = [
        PendingCheck(
            one.creator.id,
            one.creator.display_name,
            one.check.provider,
            one.check.provider_id,
            one.check.attempt,
            one.check.started_at,
        )
        for one in found[:limit]
    ]
    return PendingChecks(page, page[-1].creator_id if len(found) > limit else None)


def _is_connected(reading: Reading) -> bool:
    account = reading.account
    return bool(account and account.stripe_account_id and not account.is_disconnected)


def _preferred(reading: Reading) -> PayoutMethod | None:
    return PayoutMethod.STRIPE_CONNECT if _is_connected(reading) else None
