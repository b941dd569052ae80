"""What do we tell the platform when an account changes? Names and payloads, from before and after.

A payload says what changed in words of the vocabulary; it holds no personal data and no link.

Source: docs/webhooks.md, our own events; ADR-0014, the gate and its announcements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from aboard.core.account import ConnectedAccount, Requirements, Snapshot
from aboard.core.readiness import Assessment, assess, assess_snapshot

Words = str | bool | None | Sequence[str]


class AnnouncementType(StrEnum):
    """Everything that the platform is told."""

    READINESS_CHANGED = "connect.account.readiness_changed"
    REQUIREMENTS_CHANGED = "connect.account.requirements_changed"
    DISCONNECTED = "connect.account.disconnected"
    GO_LIVE_OPENED = "connect.golive.opened"
    GO_LIVE_CLOSED = "connect.golive.closed"
    REMINDER_DUE = "connect.onboarding.reminder_due"


@dataclass(frozen=True, slots=True)
class Announcement:
    """One thing to tell; owner and time are the row's own."""

    type: AnnouncementType
    payload: Mapping[str, Words] = field(default_factory=dict)


def announce_snapshot(before: ConnectedAccount, after: Snapshot) -> tuple[Announcement, ...]:
    """Name what a new snapshot changes; nothing for an account that says the same as before."""
    found: list[Announcement] = []
    was, now = assess(before), assess_snapshot(after)
    if was.readiness is not now.readiness:
        found.append(_readiness_changed(after, was, now))
    old = before.snapshot.requirements if before.snapshot else Requirements()
    if _wishes(old) != _wishes(after.requirements):
        found.append(_requirements_changed(after))
    return tuple(found)


def announce_disconnection(before: ConnectedAccount, case: str) -> tuple[Announcement, ...]:
    """Tell that an account is no longer ours; `case` is the row of the closed table."""
    payload: dict[str, Words] = {
        "stripe_account_id": before.stripe_account_id,
        "previous_readiness": assess(before).readiness.value,
        "reason": case,
    }
    return (Announcement(AnnouncementType.DISCONNECTED, payload),)


def announce_opening(stripe_account_id: str | None, opened_by: str) -> Announcement:
    """Tell that a person opened the gate."""
    payload: dict[str, Words] = {"stripe_account_id": stripe_account_id, "opened_by": opened_by}
    return Announcement(AnnouncementType.GO_LIVE_OPENED, payload)


def announce_closing(
    stripe_account_id: str | None, blockers: Sequence[str], closed_by: str
) -> Announcement:
    """Tell what closed the gate: facts with their blockers, or a person without any."""
    payload: dict[str, Words] = {
        "stripe_account_id": stripe_account_id,
        "closed_by": closed_by,
        "blockers": tuple(blockers),
    }
    return Announcement(AnnouncementType.GO_LIVE_CLOSED, payload)


def announce_reminder(
    account: ConnectedAccount, since: datetime, keys: Sequence[str]
) -> Announcement:
    """Tell that an owner has had something to do since then, aware UTC."""
    payload: dict[str, Words] = {
        "stripe_account_id": account.stripe_account_id,
        "readiness": assess(account).readiness.value,
        "waiting_since": since.isoformat(),
        "currently_due": tuple(keys),
    }
    return Announcement(AnnouncementType.REMINDER_DUE, payload)


def _readiness_changed(after: Snapshot, was: Assessment, now: Assessment) -> Announcement:
    payload: dict[str, Words] = {
        "stripe_account_id": after.stripe_account_id,
        "previous_readiness": was.readiness.value,
        "readiness": now.readiness.value,
        "who_must_act": now.who_must_act.value,
        "charges_enabled": after.charges_enabled,
        "payouts_enabled": after.payouts_enabled,
        "details_submitted": after.details_submitted,
        "deadline": now.deadline.isoformat() if now.deadline else None,
    }
    return Announcement(AnnouncementType.READINESS_CHANGED, payload)


def _requirements_changed(after: Snapshot) -> Announcement:
    wanted = after.requirements
    payload: dict[str, Words] = {
        "stripe_account_id": after.stripe_account_id,
        "currently_due": wanted.currently_due,
        "past_due": wanted.past_due,
        "pending_verification": wanted.pending_verification,
        "eventually_due": wanted.eventually_due,
        "deadline": wanted.current_deadline.isoformat() if wanted.current_deadline else None,
    }
    return Announcement(AnnouncementType.REQUIREMENTS_CHANGED, payload)


def _wishes(wanted: Requirements) -> tuple[object, ...]:
    return (
        frozenset(wanted.currently_due),
        frozenset(wanted.past_due),
        frozenset(wanted.pending_verification),
        frozenset(wanted.eventually_due),
        wanted.current_deadline,
    )
