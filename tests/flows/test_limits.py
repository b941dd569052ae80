"""Do windows open, fill up and end, without a thread and without growing for ever?"""

import threading
import time

import pytest

from aboard.core.errors import TooManyRequests
from aboard.flows.limits import Allowance, Limits


def test_a_window_fills_up_and_ends() -> None:
    limits = Limits()
    assert limits.take("ada", "x", limit=2, window_seconds=1) == Allowance(2, 1, 1)
    assert limits.take("ada", "x", limit=2, window_seconds=1) == Allowance(2, 0, 1)
    for _ in range(2):
        with pytest.raises(TooManyRequests) as refused:
            limits.take("ada", "x", limit=2, window_seconds=1)
        assert refused.value.retry_after_seconds == 1
    time.sleep(1.05)
    assert limits.take("ada", "x", limit=2, window_seconds=1).remaining == 1


def test_the_end_of_a_window_comes_nearer() -> None:
    limits = Limits()
    assert limits.take("ada", "x", limit=9, window_seconds=3600).reset_seconds == 3600
    time.sleep(1.05)
    assert limits.take("ada", "x", limit=9, window_seconds=3600).reset_seconds == 3599


def test_counting_starts_no_thread() -> None:
    before = threading.active_count()
    limits = Limits()
    for number in range(100):
        limits.take(f"caller_{number}", "x", limit=1, window_seconds=60)
        assert threading.active_count() == before


def test_ended_windows_are_forgotten() -> None:
    limits = Limits()
    for number in range(1500):
        limits.take(f"old_{number}", "x", limit=1, window_seconds=1)
    time.sleep(1.05)
    for number in range(1500):
        limits.take(f"new_{number}", "x", limit=1, window_seconds=60)
    assert limits.size == 1500
    with pytest.raises(TooManyRequests):
        limits.take("new_0", "x", limit=1, window_seconds=60)
