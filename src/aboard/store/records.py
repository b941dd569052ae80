"""What does the store remember that has no rules of its own? Small frozen records.

Source: docs/vocabulary.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Generic, Literal, NamedTuple, TypeVar

from aboard.core.account import ConnectedAccount
from aboard.core.announcements import AnnouncementType, Words
from aboard.core.owner import Mode, Owner

Endpoint = Literal["platform", "connect"]
T = TypeVar("T")
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
    source: EventSource = "delivered"


class EventKey(NamedTuple):
    """The place of an event among all: in the order of when they were received."""

    received_at: datetime
    mode: Mode
    id: str


@dataclass(frozen=True, slots=True)
class WalkedEvent:
    """An event on a walk, and whether its account is a connected account of ours by now."""

    event: StoredEvent
    is_of_ours: bool

    @property
    def key(self) -> EventKey:
        """Return its place."""
        return EventKey(self.event.received_at, self.event.mode, self.event.id)


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many events are pending again, and how many accounts are due because of them."""

    events: int
    accounts: int


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are meant, by when they were received; None means any.

    `since` is included, `before` is not.
    """

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

    `attempts` counts the failed tries since the last good read, and `due_since` is when the
    account became due the first time of them. `last_error` is what the last one failed of.
    """

    account: ConnectedAccount
    lease: str
    attempts: int
    due_at: datetime
    claimed_at: datetime
    due_since: datetime
    last_error: str | None


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


class Place(NamedTuple):
    """Where a walk through a table in the order of time stands."""

    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Walked(Generic[T]):
    """A row on a walk, with its place."""

    row: T
    place: Place


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when, and of which mode; None means both. `before` is not included."""

    since: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    before: datetime = datetime(9999, 12, 31, tzinfo=UTC)
    mode: Mode | None = None


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """An account that is ours at Stripe, by our own id and by Stripe's."""

    id: str
    stripe_account_id: str


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


class DeliveryStatus(StrEnum):
    """How the sending of one announcement to one subscriber stands."""

    PENDING = "pending"
    """It is due now or later."""
    DELIVERED = "delivered"
    DEAD = "dead"
    """Nobody tries again, unless somebody replays it."""


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """One announcement on its way to one subscriber; `number` tells the newer from the older.

    `answered` is the status of the last answer, `last_error` why it was none that counts.
    """

    number: int
    announcement_id: str
    subscriber_id: str
    type: AnnouncementType
    occurred_at: datetime
    status: DeliveryStatus
    due_at: datetime | None
    attempts: int
    attempted_at: datetime | None
    delivered_at: datetime | None
    answered: int | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class DeliveryClaim:
    """A due delivery in the hands of one worker until its lease runs out."""

    number: int
    lease: str
    attempts: int
    announcement: StoredAnnouncement


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """How many deliveries of a subscriber are open, and how many are dead."""

    pending: int
    dead: int
