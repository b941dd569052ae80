"""What does an answer mean for a delivery, and when is it tried again? And what is sent?

Source: ADR-0025, outgoing events; Standard Webhooks, the specification, "Retry schedule".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from aboard.core.announcements import Words
from aboard.core.owner import Mode, Owner, OwnerKind

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long to wait after each failed attempt; after the last there is none any more."""
MOST_ATTEMPTS = len(PAUSES) + 1
LONGEST_WAIT = timedelta(hours=24)
"""How long a receiver may ask us to wait."""
FAILING_FOR = timedelta(days=5)
"""A subscriber that took nothing in for so long is disabled."""
FORGET_FAILURES = timedelta(days=2)
"""After so long without an attempt, a failure begins a new row of failures."""
PING = "connect.test.ping"
"""The type of what is sent to try a subscriber: no announcement, and nobody can leave it out."""
_JITTER = (0.8, 1.2)
_FIRST_SUCCESS, _BEYOND_SUCCESS, _GONE = 200, 300, 410


class DeliveryOutcome(StrEnum):
    """What came of one attempt."""

    DELIVERED = "delivered"
    RETRY = "retry"
    DEAD = "dead"
    """It was the last attempt, or the subscriber is gone."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How a receiver answered: a status, or the cause why there is none. `seconds` it took."""

    status: int | None
    seconds: float
    cause: str | None = None
    retry_after_seconds: int | None = None

    @property
    def is_success(self) -> bool:
        """Say whether it was taken in: any 2xx."""
        return self.status is not None and _FIRST_SUCCESS <= self.status < _BEYOND_SUCCESS

    @property
    def is_gone(self) -> bool:
        """Say whether the receiver wants nothing any more: 410."""
        return self.status == _GONE

    @property
    def word(self) -> str | None:
        """Return why it failed in one word, such as `timeout` or `status_500`; None if not."""
        if self.is_success:
            return None
        return self.cause or f"status_{self.status}"


def judge(answered: Answered, attempts_before: int) -> DeliveryOutcome:
    """Say what an answer means after so many attempts before it.

    >>> judge(Answered(204, 0.1), 0).value, judge(Answered(500, 0.1), 0).value
    ('delivered', 'retry')
    >>> judge(Answered(500, 0.1), MOST_ATTEMPTS - 1).value, judge(Answered(410, 0.1), 0).value
    ('dead', 'dead')
    """
    if answered.is_success:
        return DeliveryOutcome.DELIVERED
    if answered.is_gone or attempts_before + 1 >= MOST_ATTEMPTS:
        return DeliveryOutcome.DEAD
    return DeliveryOutcome.RETRY


def pause_after(attempts_before: int, retry_after_seconds: int | None, chance: float) -> timedelta:
    """Return how long to wait after a failed attempt, with so many attempts before it.

    `chance`, from 0 to 1, spreads the wait. What the receiver asks for counts where it is more,
    up to a day.

    >>> pause_after(0, None, 0.5), pause_after(0, 60, 0.5), pause_after(0, 10**9, 0.5).days
    (datetime.timedelta(seconds=5), datetime.timedelta(seconds=60), 1)
    """
    low, high = _JITTER
    pause = PAUSES[min(attempts_before, len(PAUSES) - 1)] * (low + (high - low) * chance)
    if retry_after_seconds is None:
        return pause
    asked = min(max(retry_after_seconds, 0), int(LONGEST_WAIT.total_seconds()))
    return max(pause, timedelta(seconds=asked))


def write_body(
    event_id: str,
    event_type: str,
    occurred_at: datetime,
    owner: Owner,
    payload: Mapping[str, Words],
) -> bytes:
    """Return what is sent of an announcement: the same bytes at every attempt.

    One of `organization_id` and `creator_id` is null. `occurred_at` is aware UTC.
    """
    is_organization = owner.kind is OwnerKind.ORGANIZATION
    return _encode(
        event_id,
        event_type,
        occurred_at,
        owner.id if is_organization else None,
        None if is_organization else owner.id,
        owner.mode,
        payload,
    )


def write_ping(event_id: str, occurred_at: datetime, mode: Mode, subscriber_id: str) -> bytes:
    """Return what is sent to try a subscriber: of nobody, with its own id as the payload."""
    return _encode(event_id, PING, occurred_at, None, None, mode, {"subscriber_id": subscriber_id})


def _encode(
    event_id: str,
    event_type: str,
    occurred_at: datetime,
    organization_id: str | None,
    creator_id: str | None,
    mode: Mode,
    payload: Mapping[str, Words],
) -> bytes:
    body = {
        "event_id": event_id,
        "event_type": event_type,
        "occurred_at": occurred_at.isoformat().replace("+00:00", "Z"),
        "mode": mode.value,
        "organization_id": organization_id,
        "creator_id": creator_id,
        "payload": payload,
    }
    return json.dumps(body, separators=(",", ":")).encode()
