"""Do windows open, fill up and end, without a thread and without growing for ever?"""

import asyncio
import threading

import pytest

from aboard.core.errors import TooManyRequests
from aboard.flows.limits import Allowance, MemoryLimits


async def test_a_window_fills_up_and_ends() -> None:
    limits = MemoryLimits()
    assert await limits.take("ada", "x", limit=2, window_seconds=1) == Allowance(2, 1, 1)
    assert await limits.take("ada", "x", limit=2, window_seconds=1) == Allowance(2, 0, 1)
    for _ in range(2):
        with pytest.raises(TooManyRequests) as refused:
            await limits.take("ada", "x", limit=2, window_seconds=1)
        assert refused.value.retry_after_seconds == 1
    await asyncio.sleep(1.05)
    assert (await limits.take("ada", "x", limit=2, window_seconds=1)).remaining == 1


async def test_the_end_of_a_window_comes_nearer() -> None:
    limits = MemoryLimits()
    assert (await limits.take("ada", "x", limit=9, window_seconds=3600)).reset_seconds == 3600
    await asyncio.sleep(1.05)
    assert (await limits.take("ada", "x", limit=9, window_seconds=3600)).reset_seconds == 3599


async def test_counting_starts_no_thread() -> None:
    before = threading.active_count()
    limits = MemoryLimits()
    for number in range(100):
        await limits.take(f"caller_{number}", "x", limit=1, window_seconds=60)
        assert threading.active_count() == before


async def test_ended_windows_are_forgotten() -> None:
    limits = MemoryLimits()
    for number in range(1500):
        await limits.take(f"old_{number}", "x", limit=1, window_seconds=1)
    await asyncio.sleep(1.05)
    for number in range(1500):
        await limits.take(f"new_{number}", "x", limit=1, window_seconds=60)
    assert limits.size == 1500
    with pytest.raises(TooManyRequests):
        await limits.take("new_0", "x", limit=1, window_seconds=60)


async def test_what_is_given_back_can_be_used_again() -> None:
    limits = MemoryLimits()
    for _ in range(2):
        await limits.take("ada", "x", limit=2, window_seconds=60)
    for _ in range(3):  # refused calls count for nothing
        with pytest.raises(TooManyRequests):
            await limits.take("ada", "x", limit=2, window_seconds=60)
    await limits.give_back("ada", "x", limit=2, window_seconds=60)
    assert (await limits.take("ada", "x", limit=2, window_seconds=60)).remaining == 0
    with pytest.raises(TooManyRequests):
        await limits.take("ada", "x", limit=2, window_seconds=60)


async def test_nobody_gets_back_more_than_was_taken() -> None:
    limits = MemoryLimits()
    await limits.give_back("ada", "x", limit=2, window_seconds=60)
    await limits.take("ada", "x", limit=2, window_seconds=60)
    for _ in range(3):
        await limits.give_back("ada", "x", limit=2, window_seconds=60)
    assert (await limits.take("ada", "x", limit=2, window_seconds=60)).remaining == 1
