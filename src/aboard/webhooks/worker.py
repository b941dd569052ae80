"""Look where Stripe rang: read the accounts that are due, rest, begin again, until told to stop.

The queue is a column of the accounts (`sync_due_at`); this loop only keeps asking for it. One
account's failure is handled where it is read; a failure here, such as a database that is away,
makes the loop rest longer and never ends it.

Source: docs/webhooks.md, what happens next.
"""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass

from aboard.flows.housekeeping import forget_expired
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.sync import sync_due


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard the worker works: how many at once, and how long it rests, in seconds."""

    batch: int = 50
    idle_seconds: float = 0.5
    first_back_off_seconds: float = 1.0
    longest_back_off_seconds: float = 60.0
    housekeeping_seconds: float = 3600.0


async def run_worker(platform: Platform, stop: asyncio.Event, pace: Pace | None = None) -> None:
    """Sync due accounts until `stop` is set; a batch that has begun is finished first."""
    pace = pace or Pace()
    loop = asyncio.get_running_loop()
    failures = 0
    tidied_at = loop.time()
    while not stop.is_set():
        try:
            found = await sync_due(platform, limit=pace.batch)
            if loop.time() - tidied_at >= pace.housekeeping_seconds:
                tidied_at = loop.time()
                await forget_expired(platform)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round may go well
            failures += 1
            rest = _back_off(pace, failures)
            platform.journal.note(
                LogEvent.WORKER_FAILED, cause=type(error).__name__, retry_seconds=round(rest, 1)
            )
            await _rest(stop, rest)
            continue
        failures = 0
        if found < pace.batch:
            await _rest(stop, pace.idle_seconds)


def _back_off(pace: Pace, failures: int) -> float:
    doubled = pace.first_back_off_seconds * 2.0 ** min(failures - 1, 16)
    longest = min(doubled, pace.longest_back_off_seconds)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, guards nothing


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
