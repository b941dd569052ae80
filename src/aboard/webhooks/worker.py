"""Look where Stripe rang: read the accounts that are due, rest, begin again, until told to stop.

Beside that, owners who have had something to do for too long are reminded, and subscribers are
told what is due for them.

The queue is a column of the accounts (`sync_due_at`); this loop only keeps asking for it. One
account's failure is handled where it is read; a failure here, such as a database that is away,
makes the loop rest longer and never ends it.

Source: docs/webhooks.md, what happens next.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from aboard.flows.deliver import Lanes
from aboard.flows.housekeeping import forget_expired
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.reminders import remind_due
from aboard.flows.sync import sync_due


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard the worker works: how many at once, and how long it rests, in seconds."""

    batch: int = 50
    idle_seconds: float = 0.5
    first_back_off_seconds: float = 1.0
    longest_back_off_seconds: float = 60.0
    housekeeping_seconds: float = 3600.0
    reminder_seconds: float = 600.0


async def run_worker(platform: Platform, stop: asyncio.Event, pace: Pace | None = None) -> None:
    """Sync, remind and tell until `stop` is set; what has begun is finished first."""
    pace = pace or Pace()
    syncing = _Syncing(platform, pace)

    async def remind() -> float:
        reminded = await remind_due(platform, limit=pace.batch)
        return 0.0 if reminded == pace.batch else pace.reminder_seconds

    # Apart, because a mail server that is slow must not keep anybody's account from being read.
    async with asyncio.TaskGroup() as rounds:
        rounds.create_task(_keep_on(platform, stop, pace, syncing.round))
        rounds.create_task(_keep_on(platform, stop, pace, remind))
        rounds.create_task(_tell_subscribers(platform, stop, pace))


async def _tell_subscribers(platform: Platform, stop: asyncio.Event, pace: Pace) -> None:
    lanes = Lanes(platform)

    async def tell() -> float:
        await lanes.open_due()
        return pace.idle_seconds

    try:
        await _keep_on(platform, stop, pace, tell)
    finally:
        await lanes.finish()


class _Syncing:
    """The rounds that read accounts, with the housekeeping now and then."""

    def __init__(self, platform: Platform, pace: Pace) -> None:
        """Begin now: the first housekeeping is a whole interval away."""
        self._platform, self._pace = platform, pace
        self._tidied_at = asyncio.get_running_loop().time()

    async def round(self) -> float:
        """Sync one batch; return how long to rest, in seconds."""
        found = await sync_due(self._platform, limit=self._pace.batch)
        now = asyncio.get_running_loop().time()
        if now - self._tidied_at >= self._pace.housekeeping_seconds:
            self._tidied_at = now
            await forget_expired(self._platform)
        return self._pace.idle_seconds if found < self._pace.batch else 0.0


async def _keep_on(
    platform: Platform, stop: asyncio.Event, pace: Pace, work: Callable[[], Awaitable[float]]
) -> None:
    failures = 0
    while not stop.is_set():
        try:
            rest = await work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round may go well
            failures += 1
            rest = _back_off(pace, failures)
            platform.journal.note(
                LogEvent.WORKER_FAILED, cause=type(error).__name__, retry_seconds=round(rest, 1)
            )
        else:
            failures = 0
        if rest:
            await _rest(stop, rest)


def _back_off(pace: Pace, failures: int) -> float:
    doubled = pace.first_back_off_seconds * 2.0 ** min(failures - 1, 16)
    longest = min(doubled, pace.longest_back_off_seconds)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, guards nothing


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
