"""How much may workers ask of Stripe, all processes together, so that people are never in the way?

Stripe counts the requests of a platform, whoever makes them. What workers ask is bounded well
below that, in one row of the database; what people ask is not counted here.

Source: ADR-0023, the worker; Stripe's documentation, "Rate limits".
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aboard.core.owner import Mode
from aboard.flows.platform import Platform

BURST = timedelta(milliseconds=200)
_FOR_EVER = timedelta(days=1)
_PATIENCE = timedelta(seconds=10)

Rest = Callable[[float], Awaitable[None]]
"""Waits for so many seconds, or less when there is a reason to."""


@dataclass(frozen=True, slots=True)
class Places:
    """So many moments, evenly spaced, each for one request."""

    first_at: datetime
    spacing: timedelta

    def at(self, number: int) -> datetime:
        """Return the moment of one request, counted from zero."""
        return self.first_at + number * self.spacing


async def take_places(
    platform: Platform, mode: Mode, wanted: int, *, patience: timedelta = _PATIENCE
) -> Places | None:
    """Take places for so many requests; None where the first would be further off than `patience`.

    Raises:
        StoreUnavailable: the database gives no answer; nothing was taken.
    """
    spacing = _spacing(platform, mode)
    first_at = await platform.store.take_places(
        _name(mode), wanted, platform.clock(), spacing=spacing, burst=BURST, patience=patience
    )
    return None if first_at is None else Places(first_at, spacing)


async def wait_for_place(platform: Platform, mode: Mode, rest: Rest = asyncio.sleep) -> None:
    """Return when one request fits into the budget, however long that takes.

    Raises:
        StoreUnavailable: the database gives no answer.
    """
    places = await take_places(platform, mode, 1, patience=_FOR_EVER)
    if places is not None:
        wait = (places.first_at - platform.clock()).total_seconds()
        if wait > 0:
            await rest(wait)


async def charge_place(platform: Platform, mode: Mode) -> None:
    """Count one request that was made without asking before.

    Raises:
        StoreUnavailable: the database gives no answer; nothing was counted.
    """
    await take_places(platform, mode, 1, patience=_FOR_EVER)


async def seconds_ahead(platform: Platform, mode: Mode) -> float:
    """Return for how many seconds from now the places are taken.

    Raises:
        StoreUnavailable: the database gives no answer.
    """
    free_at = await platform.store.budget_free_at(_name(mode))
    return 0.0 if free_at is None else (free_at - platform.clock()).total_seconds()


def _name(mode: Mode) -> str:
    return f"stripe:{mode.value}"


def _spacing(platform: Platform, mode: Mode) -> timedelta:
    # In whole microseconds, rounded up: never faster than the rate.
    return timedelta(microseconds=-(-1_000_000 // platform.reads_per_second[mode]))
