"""Look where Stripe rang: read the accounts that are due, rest, begin again, until told to stop.

Beside that, owners who have had something to do for too long are reminded, subscribers are told
what is due for them, and what has had its time is forgotten.

The queue is a column of the accounts; this loop only keeps asking for it, in each mode apart. One
account's failure is handled where it is read; a failure here, such as a database that is away,
makes the loop rest longer and never ends it.

Source: docs/webhooks.md, what happens next; ADR-0023, the worker.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from aboard.core.owner import Mode
from aboard.flows.budget import Rest
from aboard.flows.deliver import Lanes
from aboard.flows.housekeeping import forget_expired, prune_old
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.reminders import remind_due
from aboard.flows.shift import AT_ONCE, GRACE_SECONDS, Shift


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard the worker works: how many at once, and how long it rests, in seconds.

    What is read from Stripe in a second is bounded elsewhere, for all processes together.
    """

    batch: int = 50
    at_once: int = AT_ONCE
    idle_seconds: float = 0.5
    first_back_off_seconds: float = 1.0
    longest_back_off_seconds: float = 60.0
    housekeeping_seconds: float = 3600.0
    reminder_seconds: float = 600.0
    grace_seconds: float = GRACE_SECONDS


async def run_worker(platform: Platform, stop: asyncio.Event, pace: Pace | None = None) -> None:
    """Sync, remind and tell until `stop` is set; what has begun is finished first.

    What takes longer than the grace is given back, for another worker to begin at once.
    """
    pace = pace or Pace()

    async def remind() -> float:
        reminded = await remind_due(platform, limit=pace.batch)
        return 0.0 if reminded == pace.batch else pace.reminder_seconds

    async def tidy() -> float:
        await forget_expired(platform)
        is_more = await prune_old(platform)
        return pace.idle_seconds if is_more else pace.housekeeping_seconds

    # Apart, because a mail server that is slow, or very much that is old, must not keep anybody's
    # account from being read, and Stripe's trouble in one mode must not keep the other's.
    async with asyncio.TaskGroup() as rounds:
        for mode in platform.stripe:
            rounds.create_task(_sync(platform, mode, stop, pace))
        rounds.create_task(_keep_on(platform, stop, pace, remind))
        rounds.create_task(_keep_on(platform, stop, pace, tidy, pace.housekeeping_seconds))
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


async def _sync(platform: Platform, mode: Mode, stop: asyncio.Event, pace: Pace) -> None:
    async def rest(seconds: float) -> None:
        await _rest(stop, seconds)

    shift = Shift(platform, mode, stop, rest, idle_seconds=pace.idle_seconds, at_once=pace.at_once)
    ear = _Ear(platform, stop)
    await _keep_on(platform, stop, pace, shift.round, rest=ear.rest)
    await shift.end(pace.grace_seconds)


class _Ear:
    """Rests until something is due, the time is over, or it is told to stop."""

    def __init__(self, platform: Platform, stop: asyncio.Event) -> None:
        """Hear from now on."""
        self._platform, self._stop = platform, stop
        self._heard: int | None = None

    async def rest(self, seconds: float) -> None:
        """Rest; a bell that rang since the last rest ends this one at once."""
        ringing = asyncio.create_task(self._platform.store.wait_for_ring(seconds, self._heard))
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait((ringing, stopping), return_when=asyncio.FIRST_COMPLETED)
            if ringing.done():
                self._heard = ringing.result()
        finally:
            ringing.cancel()
            stopping.cancel()
            await asyncio.gather(ringing, stopping, return_exceptions=True)


async def _keep_on(
    platform: Platform,
    stop: asyncio.Event,
    pace: Pace,
    work: Callable[[], Awaitable[float]],
    first_rest_seconds: float = 0.0,
    rest: Rest | None = None,
) -> None:
    failures = 0
    if first_rest_seconds:
        await _rest(stop, first_rest_seconds)
    while not stop.is_set():
        try:
            seconds = await work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round may go well
            failures += 1
            seconds = _back_off(pace, failures)
            platform.journal.note(
                LogEvent.WORKER_FAILED, cause=type(error).__name__, retry_seconds=round(seconds, 1)
            )
        else:
            failures = 0
        if seconds and (rest is None or failures):
            await _rest(stop, seconds)
        elif seconds and rest is not None:
            await rest(seconds)


def _back_off(pace: Pace, failures: int) -> float:
    doubled = pace.first_back_off_seconds * 2.0 ** min(failures - 1, 16)
    longest = min(doubled, pace.longest_back_off_seconds)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, guards nothing


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
