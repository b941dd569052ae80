"""Is Redis there, where several processes count calls together?

Source: docs/self-hosting.md, several processes.
"""

from aboard.cli.doctor.findings import Finding, bad, good
from aboard.flows.journal import Journal
from aboard.flows.shared_limits import SharedLimits
from aboard.settings import Settings

_PATIENCE_SECONDS = 5.0


async def look_at_redis(settings: Settings) -> list[Finding]:
    """Say whether Redis gives a sign of life; nothing where none is set."""
    if settings.redis_url is None:
        return []
    limits = SharedLimits(settings.redis_url, Journal(), patience_seconds=_PATIENCE_SECONDS)
    try:
        is_there = await limits.are_shared()
    finally:
        await limits.close()
    if is_there:
        return [good("redis", "answers")]
    return [
        bad(
            "redis",
            "gives no answer: each process counts calls alone",
            "Does it run, and is ABOARD_REDIS_URL right? Nothing else depends on it.",
        )
    ]
