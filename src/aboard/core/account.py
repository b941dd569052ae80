"""What do we know of one connected account, and since when?

`Snapshot` is the account as Stripe last told us, in one shape for v1 and v2. Field names are
Stripe's own. Points in time are aware UTC.

Source: Stripe's account object, API version 2026-10-28; ADR-0006, events are doorbells.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aboard.core.links import Collect, LinkPurpose
from aboard.core.owner import Owner


@dataclass(frozen=True, slots=True)
class RequirementError:
    """Why something that was given did not satisfy Stripe."""

    code: str
    reason: str
    requirement: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Giving all of `alternative_fields_due` settles all of `original_fields_due`."""

    original_fields_due: tuple[str, ...]
    alternative_fields_due: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirements:
    """What Stripe still wants, by timing. `past_due` lies within `currently_due`."""

    currently_due: tuple[str, ...] = ()
    past_due: tuple[str, ...] = ()
    eventually_due: tuple[str, ...] = ()
    pending_verification: tuple[str, ...] = ()
    errors: tuple[RequirementError, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    current_deadline: datetime | None = None
    disabled_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The account as Stripe told us in one answer."""

    stripe_account_id: str
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    generation: str = "v1"
    country: str | None = None
    business_type: str | None = None
    account_type: str | None = None
    dashboard: str | None = None
    email: str | None = None
    capabilities: Mapping[str, str] = field(default_factory=dict)
    requirements: Requirements = Requirements()
    future_requirements: Requirements = Requirements()


@dataclass(frozen=True, slots=True)
class AccountShape:
    """How a new account is made: either a legacy `type` or the four controller properties."""

    type: str | None = "express"
    controller: Mapping[str, str] = field(default_factory=dict)
    country: str | None = None
    business_type: str | None = None
    email: str | None = None
    capabilities: tuple[str, ...] = ("card_payments", "transfers")


@dataclass(frozen=True, slots=True)
class ConnectedAccount:
    """An owner's connected account, or the reservation of one.

    `stripe_account_id` is empty between the reservation and Stripe's answer. `attempt` counts the
    idempotency keys used up on creating it. `read_began_at` is when the read began that
    `snapshot` came from: older news never overwrites newer. `owner_acts_since` is since when the
    owner has had something to do without a break, `reminded_at` when they were last told so.
    `revision` tells two states of the row apart: a change that was judged by one of them is only
    written while it still is the row's.
    """

    id: str
    owner: Owner
    reserved_at: datetime
    attempt: int = 1
    stripe_account_id: str | None = None
    snapshot: Snapshot | None = None
    read_began_at: datetime | None = None
    synced_at: datetime | None = None
    disconnected_at: datetime | None = None
    disconnected_reason: str | None = None
    owner_acts_since: datetime | None = None
    reminded_at: datetime | None = None
    revision: int = field(default=0, compare=False)

    @property
    def is_disconnected(self) -> bool:
        """Say whether Stripe or the holder took the account away from us."""
        return self.disconnected_at is not None


@dataclass(frozen=True, slots=True)
class Onboarding:
    """One attempt to take an owner through the hosted flow: where it ends and what it asks."""

    id: str
    account_id: str
    owner: Owner
    return_url: str
    refresh_url: str
    created_at: datetime
    purpose: LinkPurpose = LinkPurpose.ONBOARDING
    collect: Collect = Collect.CURRENTLY_DUE
