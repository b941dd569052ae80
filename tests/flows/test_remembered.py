"""An answer is good for its time from when it was asked for, and the oldest gives way."""

import time

from aboard.flows.remembered import Remembered


def test_an_answer_ends_by_when_it_was_asked_for_not_by_when_it_came() -> None:
    kept: Remembered[str, int] = Remembered(seconds=0.5, most=10)
    kept.keep("late", 1, asked_at=time.monotonic() - 0.5)
    kept.keep("good", 2, asked_at=time.monotonic() - 0.1)
    assert (kept.find("late"), kept.find("good"), kept.find("none")) == (None, 2, None)
    assert len(kept) == 1


def test_the_oldest_gives_way_and_what_is_kept_again_is_the_newest() -> None:
    kept: Remembered[int, int] = Remembered(seconds=60, most=3)
    for number in (1, 2, 3, 1, 4):
        kept.keep(number, number * 10, asked_at=time.monotonic())
    assert [kept.find(number) for number in (1, 2, 3, 4)] == [10, None, 30, 40]
    kept.forget()
    assert len(kept) == 0
