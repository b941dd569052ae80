"""What does `health` answer?

Written from the service's description by `make client-python`; not by hand.
"""

from datetime import datetime

import msgspec

from aboard.client.answers import Answer
from aboard.client.described.words import HealthStatus


class HealthDetails(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Health details of an answer."""

    latency_ms: int | None = None
    last_seen_seconds: int | None = None
    oldest_due_seconds: int | None = None
    reason: str | None = None


class Health(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `health.read` answers."""

    ok: bool
    status: HealthStatus
    timestamp: datetime
    services: dict[str, str]
    details: dict[str, HealthDetails]
