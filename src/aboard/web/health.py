"""How is the health told? The same answer on the public port and on the one for operators.

Source: docs/operations.md, health.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final, Self

import msgspec

from aboard.flows.health import HealthReport, Word

HEALTH_PATH: Final = "/v1/health"
LIVE_PATH: Final = "/v1/health/live"
READY_PATH: Final = "/v1/health/ready"


class HealthStatus(StrEnum):
    """How the service stands as a whole."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


class HealthDetails(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """What is known of one part; only what applies is there. Whole milliseconds and seconds."""

    latency_ms: int | None = None
    last_seen_seconds: int | None = None
    oldest_due_seconds: int | None = None
    reason: str | None = None


class Health(msgspec.Struct, frozen=True, rename="camel"):
    """Whether the service can do its work, and how each part stands."""

    ok: bool
    status: HealthStatus
    timestamp: datetime
    services: dict[str, str]
    details: dict[str, HealthDetails]

    @classmethod
    def of(cls, health: HealthReport) -> Self:
        """Return what is told of it. Only what is down stops the work."""
        word = health.word
        return cls(
            ok=word is not Word.DOWN,
            status=HealthStatus.OK if word is Word.UP else HealthStatus(word.value),
            timestamp=health.at,
            services={name: part.word.value for name, part in health.parts.items()},
            details={
                name: HealthDetails(
                    part.latency_ms, part.last_seen_seconds, part.oldest_due_seconds, part.reason
                )
                for name, part in health.parts.items()
            },
        )

    @property
    def http_status(self) -> int:
        """Return 200 while the work is done, else 503."""
        return 200 if self.ok else 503
