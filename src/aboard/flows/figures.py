"""What waits, since when, and who is silent? Read for a scrape, and remembered until the next.

Source: ADR-0026, operations; docs/operations.md, metrics.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from aboard.core.owner import Mode
from aboard.core.silence import are_events_missing
from aboard.flows.endpoint import Endpoint
from aboard.flows.platform import Platform
from aboard.store import EventStatus, StoreUnavailable, Waiting

REMEMBERED_SECONDS: Final = 10.0
PATIENCE_SECONDS: Final = 5.0
_NOTHING: Final = Waiting()
OPEN: Final = (EventStatus.PENDING, EventStatus.UNMATCHED, EventStatus.DEAD)


@dataclass(frozen=True, slots=True)
class ModeFigures:
    """What waits in one mode; `first_at` of the accounts held is when the first lease ends."""

    events: Mapping[EventStatus, Waiting]
    due: Waiting
    leased: Waiting
    deliveries: Waiting
    dead_deliveries: int
    disabled_subscribers: int
    seen: Mapping[Endpoint, datetime]
    changed_at: datetime | None

    @property
    def oldest_event_at(self) -> datetime | None:
        """Return when the oldest pending event was received."""
        return self.events[EventStatus.PENDING].first_at

    def are_events_missing(self, now: datetime) -> bool:
        """Say whether accounts change and the Connect endpoint is silent about it."""
        return are_events_missing(self.seen.get(Endpoint.CONNECT), self.changed_at, now)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the store says, by mode; empty where it gave no answer."""

    is_database_up: bool
    are_limits_shared: bool | None
    modes: Mapping[Mode, ModeFigures] = field(default_factory=dict)


class FigureBoard:
    """Reads the figures of one platform, for whoever wants to see them."""

    def __init__(
        self, platform: Platform, *, remembered_seconds: float = REMEMBERED_SECONDS
    ) -> None:
        """Read nothing yet."""
        self._platform = platform
        self._remembered_seconds = remembered_seconds
        self._lock = asyncio.Lock()
        self._last: tuple[float, Figures] | None = None

    async def read(self) -> Figures:
        """Ask the store, or tell what it said a moment ago. Never fails."""
        async with self._lock:
            now = time.monotonic()
            if self._last is None or now - self._last[0] >= self._remembered_seconds:
                self._last = (now, await read_figures(self._platform))
            return self._last[1]


async def read_figures(platform: Platform) -> Figures:
    """Ask the store for everything that waits, for five seconds at most. Never fails."""
    shared = await platform.limits.are_shared()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return Figures(True, shared, await _read_modes(platform))
    except (StoreUnavailable, TimeoutError):
        return Figures(False, shared)


async def _read_modes(platform: Platform) -> Mapping[Mode, ModeFigures]:
    store, now = platform.store, platform.clock()
    due = await store.count_due_accounts(now)
    leased = await store.count_leased_accounts()
    deliveries = await store.count_pending_deliveries()
    dead = await store.count_dead_deliveries()
    changed = await store.last_changes()
    found: dict[Mode, ModeFigures] = {}
    for mode in platform.stripe:
        await asyncio.sleep(0)  # on SQLite these are answered on the loop: let others have a turn
        seen = await store.endpoint_last_seen(mode)
        found[mode] = ModeFigures(
            events={status: await store.count_waiting_events(mode, status) for status in OPEN},
            due=due.get(mode, _NOTHING),
            leased=leased.get(mode, _NOTHING),
            deliveries=deliveries.get(mode, _NOTHING),
            dead_deliveries=dead.get(mode, 0),
            disabled_subscribers=await store.count_disabled_subscribers(mode),
            seen={Endpoint(name): at for name, at in seen.items()},
            changed_at=changed.get(mode),
        )
    return found
