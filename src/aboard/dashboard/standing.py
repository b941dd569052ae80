"""What does an owner need to see of their account? Only what is true, and only what they may do.

Readiness and its reasons become a title, a next step and the buttons that make sense now. Why
Stripe rejected somebody is told to nobody here: neutral words, and whom to ask.

Source: docs/vocabulary.md, "Words for state"; docs/owner-pages.md.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aboard.core.account import Snapshot
from aboard.core.readiness import Actor, CreatorStatus, Readiness, creator_status
from aboard.dashboard.visitor import Visitor
from aboard.flows.sync import Reading

_EXPRESS: Final = "express"
_STARTABLE: Final = frozenset({Readiness.NOT_STARTED, Readiness.INCOMPLETE})
_TONES: Final = {
    Readiness.NOT_STARTED: "act",
    Readiness.DISCONNECTED: "bad",
    Readiness.REJECTED: "bad",
    Readiness.INCOMPLETE: "act",
    Readiness.RESTRICTED: "bad",
    Readiness.PENDING: "wait",
    Readiness.RESTRICTED_SOON: "act",
    Readiness.ENABLED: "good",
    Readiness.COMPLETE: "good",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One account as its owner's page shows it. Times are aware UTC."""

    readiness: Readiness
    actor: Actor
    tone: str
    deadline: datetime | None
    is_charging: bool | None
    is_paid_out: bool | None
    is_submitted: bool | None
    as_of: datetime | None
    country: str | None
    may_go_on: bool
    may_open_dashboard: bool
    may_start_over: bool
    may_change_country: bool
    has_checklist: bool

    @property
    def is_fresh_start(self) -> bool:
        """Say whether going on means beginning."""
        return self.readiness is Readiness.NOT_STARTED


def standing_of(visitor: Visitor, reading: Reading) -> Standing:
    """Return what this visitor sees of this reading."""
    assessment, account = reading.assessment, reading.account
    readiness, actor = assessment.readiness, assessment.who_must_act
    is_ours = account is not None and not account.is_disconnected
    snapshot = account.snapshot if account is not None and is_ours else None
    may_act = visitor.may_act
    has_deadline = is_owners_turn(reading) and visitor.sees_compliance
    return Standing(
        readiness=readiness,
        actor=actor,
        tone=_TONES[readiness],
        deadline=assessment.deadline if has_deadline else None,
        is_charging=snapshot.charges_enabled if snapshot else None,
        is_paid_out=snapshot.payouts_enabled if snapshot else None,
        is_submitted=snapshot.details_submitted if snapshot else None,
        as_of=account.synced_at if account and snapshot else None,
        country=snapshot.country if snapshot else None,
        may_go_on=may_act and is_owners_turn(reading),
        may_open_dashboard=may_act and has_dashboard(reading),
        may_start_over=may_act and readiness is Readiness.DISCONNECTED,
        may_change_country=may_act and may_change_country(snapshot, readiness),
        has_checklist=snapshot is not None and readiness is not Readiness.REJECTED,
    )


def is_owners_turn(reading: Reading) -> bool:
    """Say whether Stripe has questions for the owner now, so that going there makes sense."""
    return reading.assessment.who_must_act is Actor.OWNER


def has_dashboard(reading: Reading) -> bool:
    """Say whether Stripe has an Express dashboard for this account that would open now."""
    account = reading.account
    if account is None or account.snapshot is None or account.snapshot.dashboard != _EXPRESS:
        return False
    return creator_status(reading.assessment.readiness) is CreatorStatus.ACTIVE


def may_change_country(snapshot: Snapshot | None, readiness: Readiness) -> bool:
    """Say whether nothing was handed in yet, so that another country loses nothing."""
    return readiness in _STARTABLE and not (snapshot and snapshot.details_submitted)
