"""What does the store remember that has no rules of its own? Small frozen records.

Source: docs/vocabulary.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from aboard.core.account import ConnectedAccount
from aboard.core.announcements import AnnouncementType, Words
from aboard.core.owner import Mode, Owner

Endpoint = Literal["platform", "connect"]
EventSource = Literal["delivered", "listed"]
"""How an event came: Stripe sent it, or we asked what we had missed."""


class EventStatus(StrEnum):
    """What became of a received event."""

    PENDING = "pending"
    PROCESSED = "processed"
    UNMATCHED = "unmatched"
    """No connected account of ours is meant, or not yet."""
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as a doorbell: who rang, when, and whether somebody went to look."""

    id: str
    mode: Mode
    endpoint: str
    type: str
    stripe_account_id: str | None
    created_at: datetime
    received_at: datetime
    processed_at: datetime | None
    status: EventStatus
    attempts: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events to list. `since` is included, `before` is not; None means any."""

    mode: Mode | None = None
    endpoint: Endpoint | None = None
    status: EventStatus | None = None
    stripe_account_id: str | None = None
    type: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A due account in the hands of one worker until its lease runs out.

    `attempts` counts the failed tries since the last good read.
    """

    account: ConnectedAccount
    lease: str
    attempts: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """That a link was issued. There is no URL in it, and nowhere to put one."""

    account_id: str
    onboarding_id: str | None
    purpose: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredAnnouncement:
    """One thing that the platform is told, with its owner and its time, aware UTC."""

    id: str
    type: AnnouncementType
    occurred_at: datetime
    owner: Owner
    payload: Mapping[str, Words]


Detail = str | int | bool | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to whom, and how it ended."""

    at: datetime
    actor: str
    action: str
    outcome: str
    owner: Owner | None = None
    request_id: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)


class IdempotencyScope(NamedTuple):
    """Within what a key is the same key."""

    caller: str
    operation: str
    organization: str
    key: str


class KeyOutcome(StrEnum):
    """What a claimed idempotency key turned out to be."""

    NEW = "new"
    """Nobody came before, or whoever did left without an answer: the work is the caller's."""
    BUSY = "busy"
    """The first request with this key and this body is at work right now."""
    SAME = "same"
    """The same request came before and was answered."""
    CONFLICT = "conflict"
    """Another body came before with this key."""


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """What a claim led to: a lease on the work, or the answer of the first request."""

    outcome: KeyOutcome
    leased_until: datetime | None = None
    answer: str | None = None
