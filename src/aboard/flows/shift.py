"""How does a worker work off one mode's due accounts? Claim, keep the pace, read, and leave tidily.

A shift claims no more than it will begin within a second or two, begins each read in a place of
the budget, and holds a bounded number under way. Whoever stops it loses nothing: reads under way
are finished, and what was not begun is given back, for another worker to take at once.

Source: ADR-0023, the worker; docs/webhooks.md, what happens next.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from aboard.core.errors import StoreUnavailable
from aboard.core.owner import Mode
from aboard.flows.budget import Rest, seconds_ahead, take_places
from aboard.flows.journal import LogEvent
from aboard.flows.meter import Gauge, Tally
from aboard.flows.platform import Platform
from aboard.flows.sync import claim_due, give_up, sync_claimed
from aboard.store import LEASE_EXPIRED, Claim

AT_ONCE = 16
MOST_CLAIMED = 50
GRACE_SECONDS = 8.0
_AHEAD_SECONDS = 2.0
_BATCH_SECONDS = 1.0
_LOOK_UP_SECONDS = 0.25
# After so many lost workers an account is read alone, so that its neighbours are not suspected.
_SUSPECT_AFTER = 2


class Shift:
    """One worker's work in one mode."""

    def __init__(
        self,
        platform: Platform,
        mode: Mode,
        stop: asyncio.Event,
        rest: Rest,
        *,
        idle_seconds: float = 0.5,
        at_once: int = AT_ONCE,
    ) -> None:
        """Begin nothing yet. `rest` must end early when `stop` is set."""
        self._platform, self._mode = platform, mode
        self._stop, self._rest = stop, rest
        self._idle_seconds = idle_seconds
        self._at_once = at_once
        self._reads: dict[asyncio.Task[None], Claim] = {}
        platform.meter.set_gauge(Gauge.BREAKER_OPEN, 0, mode=mode.value)

    async def round(self) -> float:
        """Begin the reads of one batch; return how long to rest, in seconds.

        Raises:
            StoreUnavailable: the database gives no answer; leases end by the clock.
        """
        pause = await self._pause_seconds()
        if pause > 0:
            return pause
        platform, breaker = self._platform, self._platform.breakers[self._mode]
        rate = platform.reads_per_second[self._mode]
        wanted = max(1, min(MOST_CLAIMED, round(rate * _BATCH_SECONDS)))
        claims = await claim_due(platform, self._mode, wanted)
        if not claims:
            return self._idle_seconds
        suspect = _suspect_of(claims)
        if suspect is not None:
            await self._read_alone(suspect, claims)
            return 0.0
        was_closed = breaker.is_closed
        if not await self._begin_all(claims):
            return _AHEAD_SECONDS
        if not was_closed:
            # One is read to find out; nobody else is, until it is known.
            await self._finish_reads()
            return 0.0
        return 0.0 if len(claims) == wanted else self._idle_seconds

    async def _pause_seconds(self) -> float:
        """Return for how long nothing is claimed: Stripe is away, or others took the places."""
        platform = self._platform
        pause = platform.breakers[self._mode].pause_seconds(platform.clock())
        return pause or await seconds_ahead(platform, self._mode) - _AHEAD_SECONDS

    async def end(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Finish the reads under way; give back those that take longer than the grace.

        Never fails: what cannot be given back comes back when its lease ends.
        """
        if not self._reads:
            return
        _, late = await asyncio.wait(self._reads, timeout=grace_seconds)
        claims = [self._reads[task] for task in late]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        with suppress(StoreUnavailable):
            await self._platform.store.release_claims(claims)

    async def _begin_all(self, claims: Sequence[Claim]) -> bool:
        """Begin a read for each claim in its place; say False where the budget has none.

        What is not begun is given back: when told to stop, when the breaker opens meanwhile, and
        when so much time went by that a lease may end before its read does.
        """
        platform, breaker = self._platform, self._platform.breakers[self._mode]
        was_closed = breaker.is_closed
        begin_until = platform.clock() + platform.schedule.lease / 2
        waiting = list(claims)
        try:
            places = await take_places(platform, self._mode, len(waiting))
            if places is None:
                return False
            for number, claim in enumerate(claims):
                await self._rest_until(places.at(number))
                await self._wait_while(lambda: len(self._reads) >= self._at_once)
                is_opened = was_closed and not breaker.is_closed
                if self._stop.is_set() or is_opened or platform.clock() > begin_until:
                    break
                waiting.remove(claim)
                self._begin(claim)
        finally:
            # Also when we are broken off: whoever comes next need not wait for the clock.
            await platform.store.release_claims(waiting)
        return True

    def _begin(self, claim: Claim) -> None:
        task = asyncio.create_task(sync_claimed(self._platform, claim))
        self._reads[task] = claim
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._reads[task]
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # Not even its failure could be written down; the lease ends by the clock.
            self._platform.journal.note(LogEvent.WORKER_FAILED, cause=type(error).__name__)

    async def _read_alone(self, suspect: Claim, claims: Sequence[Claim]) -> None:
        """Read an account that lost its workers before, with nothing else in hand.

        One that ends its worker each time is given up without another read.
        """
        platform = self._platform
        await platform.store.release_claims([each for each in claims if each is not suspect])
        if suspect.attempts < platform.schedule.give_up_attempts:
            await self._finish_reads()
            await self._begin_all([suspect])
            await self._finish_reads()
            return
        await give_up(platform, suspect, LEASE_EXPIRED)
        owner = suspect.account.owner
        platform.journal.note(LogEvent.ACCOUNT_SYNC_GIVEN_UP, owner=owner, error_code=LEASE_EXPIRED)
        platform.meter.count(Tally.STRIPE_READS, mode=owner.mode.value, outcome="given_up")

    async def _finish_reads(self) -> None:
        await self._wait_while(lambda: bool(self._reads))

    async def _wait_while(self, holds: Callable[[], bool]) -> None:
        """Wait for reads to end while this holds, but not beyond being told to stop."""
        while holds() and not self._stop.is_set():
            await asyncio.wait(
                self._reads, timeout=_LOOK_UP_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )

    async def _rest_until(self, at: datetime) -> None:
        wait = (at - self._platform.clock()).total_seconds()
        if wait > 0 and not self._stop.is_set():
            await self._rest(wait)


def _suspect_of(claims: Sequence[Claim]) -> Claim | None:
    return next(
        (
            claim
            for claim in claims
            if claim.last_error == LEASE_EXPIRED and claim.attempts >= _SUSPECT_AFTER
        ),
        None,
    )
