"""Does this process do its work, and do the things it stands on? Words and numbers, no names.

Each question is bounded in time, asked for all who want to know at once, and remembered for a
moment, so that a stranger who asks often costs no more. Stripe is never asked: what this process
heard of it last is told.

Source: ADR-0026, operations; docs/operations.md, health.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from aboard.core.owner import Mode
from aboard.core.silence import are_events_missing
from aboard.flows.contact import Contact, Standing
from aboard.flows.endpoint import Endpoint
from aboard.flows.platform import Platform
from aboard.store import LATEST_REVISION, EventStatus, StoreUnavailable

REMEMBERED_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 2.0
LATE: Final = timedelta(minutes=5)
"""How long an event may wait for its account to be read before the worker counts as late."""


class Word(StrEnum):
    """How one thing stands."""

    UP = "up"
    UNKNOWN = "unknown"
    """Not heard of yet; nothing is wrong because of it."""
    DEGRADED = "degraded"
    """The service goes on, with less."""
    DOWN = "down"
    """The service cannot do its work."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the process stands on. Whole milliseconds and seconds; None: nothing to say."""

    word: Word
    latency_ms: int | None = None
    last_seen_seconds: int | None = None
    oldest_due_seconds: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class HealthReport:
    """How everything stands, with the time it was looked at; aware UTC."""

    at: datetime
    parts: Mapping[str, Part] = field(default_factory=dict)

    @property
    def word(self) -> Word:
        """Say how it stands as a whole: up, degraded or down."""
        words = {part.word for part in self.parts.values()}
        return next((word for word in (Word.DOWN, Word.DEGRADED) if word in words), Word.UP)


class HealthWatch:
    """Looks after one platform, for whoever asks."""

    def __init__(
        self, platform: Platform, *, remembered_seconds: float = REMEMBERED_SECONDS
    ) -> None:
        """Look at nothing yet."""
        self._platform = platform
        self._remembered_seconds = remembered_seconds
        self._database = _Remembered()
        self._whole = _Remembered()

    async def read(self) -> HealthReport:
        """Look at every part, or tell what was seen a moment ago. Never fails."""
        async with self._whole.lock:
            if not self._whole.is_fresh(self._remembered_seconds):
                self._whole.keep(await self._look())
            return HealthReport(self._platform.clock(), self._whole.parts)

    async def find_hindrance(self) -> str | None:
        """Return why requests should go elsewhere: `draining` or `database`; None for no reason."""
        if self._platform.draining.is_on:
            return "draining"
        async with self._database.lock:
            if not self._database.is_fresh(self._remembered_seconds):
                self._database.keep({"database": await _look_at_database(self._platform)})
            part = self._database.parts["database"]
        return None if part.word is Word.UP else "database"

    async def _look(self) -> Mapping[str, Part]:
        database = await _look_at_database(self._platform)
        parts = {"database": database, **await _look_at_limits(self._platform)}
        for mode, contact in self._platform.contacts.items():
            parts[f"stripe_{mode}"] = _of_contact(contact)
        if database.word is Word.UP:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    parts.update(await _look_at_events(self._platform))
            except (StoreUnavailable, TimeoutError):
                parts["database"] = Part(Word.DOWN, reason="unanswered")
        return parts


class _Remembered:
    """What was seen last, and when; asked for once, however many want to know."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.parts: Mapping[str, Part] = {}
        self._seen_at: float | None = None

    def is_fresh(self, seconds: float) -> bool:
        return self._seen_at is not None and time.monotonic() - self._seen_at < seconds

    def keep(self, parts: Mapping[str, Part]) -> None:
        self.parts, self._seen_at = parts, time.monotonic()


async def _look_at_database(platform: Platform) -> Part:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            # By its own words: a database that was put back or replaced answers otherwise.
            revision = await platform.store.read_revision()
    except TimeoutError:
        return Part(Word.DOWN, reason="timeout")
    except StoreUnavailable as away:
        return Part(Word.DOWN, reason=away.cause)
    if revision is None or revision < LATEST_REVISION:
        return Part(Word.DOWN, _since(began), reason="not_migrated")
    return Part(Word.UP, _since(began))


async def _look_at_limits(platform: Platform) -> Mapping[str, Part]:
    began = time.perf_counter()
    are_shared = await platform.limits.are_shared()
    if are_shared is None:
        return {}
    if not are_shared:
        return {"redis": Part(Word.DEGRADED, reason="counting_alone")}
    return {"redis": Part(Word.UP, _since(began))}


def _of_contact(contact: Contact) -> Part:
    silence = contact.silence_seconds
    seen = None if silence is None else round(silence)
    standing = contact.standing
    if standing is Standing.ANSWERING:
        return Part(Word.UP, last_seen_seconds=seen)
    if standing is Standing.UNKNOWN:
        return Part(Word.UNKNOWN)
    return Part(Word.DEGRADED, last_seen_seconds=seen, reason=standing.value)


async def _look_at_events(platform: Platform) -> Mapping[str, Part]:
    now = platform.clock()
    parts: dict[str, Part] = {}
    oldest: datetime | None = None
    for mode in platform.stripe:
        if platform.switches.webhooks:
            parts |= await _look_at_endpoints(platform, mode, now)
        waiting = await platform.store.count_waiting_events(mode, EventStatus.PENDING)
        if waiting.first_at is not None:
            oldest = min(oldest or waiting.first_at, waiting.first_at)
    seconds = 0 if oldest is None else _seconds(now - oldest)
    is_late = seconds > LATE.total_seconds()
    parts["worker"] = Part(
        Word.DEGRADED if is_late else Word.UP,
        oldest_due_seconds=seconds,
        reason="late" if is_late else None,
    )
    return parts


async def _look_at_endpoints(platform: Platform, mode: Mode, now: datetime) -> Mapping[str, Part]:
    seen = await platform.store.endpoint_last_seen(mode)
    changed_at = (await platform.store.last_changes()).get(mode)
    parts: dict[str, Part] = {}
    for endpoint, mode_of in platform.webhook_secrets:
        if mode_of is mode:
            last = seen.get(endpoint.value)
            silence = None if last is None else _seconds(now - last)
            if endpoint is Endpoint.CONNECT and are_events_missing(last, changed_at, now):
                part = Part(Word.DEGRADED, last_seen_seconds=silence, reason="events_missing")
            elif last is None:
                part = Part(Word.UNKNOWN, reason="never_spoken")
            else:
                part = Part(Word.UP, last_seen_seconds=silence)
            parts[f"webhooks_{mode}_{endpoint}"] = part
    return parts


def _seconds(span: timedelta) -> int:
    return max(0, round(span.total_seconds()))


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
