"""What is the true state of an account in one word, and who must act?

One pure function from what we know of the account and nothing else; the first rule that holds
wins. A combination that no rule names is `restricted` with the platform to act, never silently
fine.

Source: docs/vocabulary.md, "Words for state"; Stripe's `requirements.disabled_reason`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aboard.core.account import ConnectedAccount, Snapshot
from aboard.core.links import Collect


class Readiness(StrEnum):
    """Our one-word judgement of an account."""

    NOT_STARTED = "not_started"
    DISCONNECTED = "disconnected"
    REJECTED = "rejected"
    INCOMPLETE = "incomplete"
    RESTRICTED = "restricted"
    PENDING = "pending"
    RESTRICTED_SOON = "restricted_soon"
    ENABLED = "enabled"
    COMPLETE = "complete"


class Actor(StrEnum):
    """Who must act for the account to move on."""

    OWNER = "owner"
    STRIPE = "stripe"
    PLATFORM = "platform"
    NOBODY = "nobody"


class CreatorStatus(StrEnum):
    """The five words of the creators dialect."""

    NOT_STARTED = "NOT_STARTED"
    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"
    DISABLED = "DISABLED"


@dataclass(frozen=True, slots=True)
class Assessment:
    """A readiness with its reasons. `deadline` is when the owner must have acted, aware UTC."""

    readiness: Readiness
    who_must_act: Actor
    reasons: tuple[str, ...] = ()
    deadline: datetime | None = None


_CREATOR_WORDS = {
    Readiness.NOT_STARTED: CreatorStatus.NOT_STARTED,
    Readiness.DISCONNECTED: CreatorStatus.DISABLED,
    Readiness.REJECTED: CreatorStatus.DISABLED,
    Readiness.INCOMPLETE: CreatorStatus.PENDING,
    Readiness.RESTRICTED: CreatorStatus.RESTRICTED,
    Readiness.PENDING: CreatorStatus.PENDING,
    Readiness.RESTRICTED_SOON: CreatorStatus.ACTIVE,
    Readiness.ENABLED: CreatorStatus.ACTIVE,
    Readiness.COMPLETE: CreatorStatus.ACTIVE,
}

_REVIEW_REASONS = frozenset({"under_review", "requirements.pending_verification"})


def creator_status(readiness: Readiness) -> CreatorStatus:
    """Translate a readiness into the creators dialect's word.

    >>> creator_status(Readiness.RESTRICTED_SOON).value
    'ACTIVE'
    """
    return _CREATOR_WORDS[readiness]


def assess(account: ConnectedAccount | None) -> Assessment:
    """Judge what we know of an owner's account.

    An account that was made but never read counts as incomplete: its owner has not been through
    the hosted flow yet.
    """
    if account is None or (account.stripe_account_id is None and not account.is_disconnected):
        return Assessment(Readiness.NOT_STARTED, Actor.OWNER)
    if account.is_disconnected:
        reason = account.disconnected_reason
        return Assessment(Readiness.DISCONNECTED, Actor.PLATFORM, (reason,) if reason else ())
    if account.snapshot is None:
        return Assessment(Readiness.INCOMPLETE, Actor.OWNER)
    return assess_snapshot(account.snapshot)


def assess_snapshot(snapshot: Snapshot) -> Assessment:
    """Judge one snapshot of a connected account."""
    wanted = snapshot.requirements
    reason = wanted.disabled_reason
    reasons = (reason,) if reason else ()
    if _is_rejection(reason):
        return Assessment(Readiness.REJECTED, Actor.NOBODY, reasons)
    if not snapshot.details_submitted:
        return Assessment(
            Readiness.INCOMPLETE, Actor.OWNER, reasons, deadline=wanted.current_deadline
        )
    both_on = snapshot.charges_enabled and snapshot.payouts_enabled
    if wanted.past_due or (wanted.currently_due and not both_on):
        is_theirs = reason == "platform_paused" or _is_left_to_the_platform(snapshot)
        return Assessment(
            Readiness.RESTRICTED,
            Actor.PLATFORM if is_theirs else Actor.OWNER,
            reasons or wanted.past_due or wanted.currently_due,
            deadline=wanted.current_deadline,
        )
    if both_on:
        return _assess_enabled(snapshot)
    if wanted.pending_verification or reason in _REVIEW_REASONS:
        return Assessment(Readiness.PENDING, Actor.STRIPE, reasons or wanted.pending_verification)
    return Assessment(Readiness.RESTRICTED, Actor.PLATFORM, reasons)


def is_anything_due(account: ConnectedAccount, collect: Collect) -> bool:
    """Say whether Stripe's hosted form would ask this owner for anything, collecting so much.

    Before the form was handed in it does. Of what Stripe is checking, and of a bank account that
    the platform gives, it asks nothing.
    """
    snapshot = account.snapshot
    if snapshot is None or not snapshot.details_submitted:
        return True
    wanted = snapshot.requirements
    if (wanted.past_due or wanted.currently_due) and not _is_left_to_the_platform(snapshot):
        return True
    return collect is Collect.EVENTUALLY_DUE and bool(wanted.eventually_due)


def _is_rejection(disabled_reason: str | None) -> bool:
    return disabled_reason is not None and (
        disabled_reason.startswith("rejected.") or disabled_reason == "listed"
    )


def _is_left_to_the_platform(snapshot: Snapshot) -> bool:
    """Say whether all that is due is a bank account that Stripe's hosted form does not ask for.

    Of accounts without a dashboard of Stripe's it does not: their platform gives it.
    """
    due = {*snapshot.requirements.past_due, *snapshot.requirements.currently_due}
    return snapshot.dashboard == "none" and due == {"external_account"}


def _assess_enabled(snapshot: Snapshot) -> Assessment:
    wanted = snapshot.requirements
    if wanted.currently_due:
        return Assessment(
            Readiness.RESTRICTED_SOON,
            Actor.PLATFORM if _is_left_to_the_platform(snapshot) else Actor.OWNER,
            wanted.currently_due,
            deadline=wanted.current_deadline,
        )
    if wanted.eventually_due or wanted.pending_verification:
        return Assessment(
            Readiness.ENABLED, Actor.NOBODY, wanted.eventually_due or wanted.pending_verification
        )
    return Assessment(Readiness.COMPLETE, Actor.NOBODY)
