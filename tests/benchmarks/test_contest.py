"""Is a contest fair, and does a wrong answer end it?"""

from collections.abc import Callable
from itertools import count

import pytest

from benchmarks.contest import Contest, Contestant, Sample, WrongAnswer, hold, steps
from benchmarks.ratios import Better, Spread, Target


def contestant(
    name: str, values: list[float], heard: list[str], target: Target | None = None
) -> Contestant:
    numbers = count()

    def measure() -> Sample:
        heard.append(name)
        value = values[next(numbers)]
        return Sample(value, 1000 / value)

    return Contestant(name, measure, target)


def contest(
    heard: list[str],
    *,
    peer: Contestant | None = None,
    check: Callable[[], None] = lambda: None,
) -> Contest:
    return Contest(
        id="B0",
        title="A contest of fixed numbers",
        measure="requests/s",
        better=Better.HIGHER,
        ours=contestant("ours", [999.0, 200.0, 220.0, 180.0, 210.0, 190.0], heard),
        again=contestant("again", [999.0, 200.0, 200.0, 200.0, 200.0, 200.0], heard),
        peers=(
            peer
            or contestant("peer", [1.0, 100.0, 100.0, 100.0, 100.0, 100.0], heard, Target(1.8, 5)),
        ),
        check=check,
    )


def test_every_round_begins_with_another_side() -> None:
    heard: list[str] = []
    hold(contest(heard), rounds=5)
    rounds = [tuple(heard[at : at + 3]) for at in range(0, len(heard), 3)]
    assert rounds[:4] == [
        ("ours", "again", "peer"),
        ("again", "peer", "ours"),
        ("peer", "ours", "again"),
        ("ours", "again", "peer"),
    ]
    assert len(heard) == steps(contest([]), 5) == 18


def test_the_first_round_warms_up_and_does_not_count() -> None:
    outcome = hold(contest([]), rounds=5)
    assert outcome.ours.values == (200.0, 220.0, 180.0, 210.0, 190.0)
    assert outcome.ours.value == Spread(median=200.0, least=180.0, greatest=220.0)


def test_each_side_is_compared_with_ours_and_the_second_of_ours_shows_the_noise() -> None:
    outcome = hold(contest([]), rounds=5)
    assert outcome.ours.ratio is None
    assert outcome.again.ratio == Spread(median=1.0, least=0.9, greatest=1.1)
    assert outcome.standings[2].ratio == Spread(median=2.0, least=1.8, greatest=2.2)
    cpu = outcome.standings[2].cpu_ratio
    assert cpu is not None
    assert cpu.median == pytest.approx(0.5)


def test_fewer_than_five_rounds_prove_nothing() -> None:
    with pytest.raises(ValueError, match="at least 5"):
        hold(contest([]), rounds=4)


def test_one_wrong_answer_ends_the_contest_whatever_its_speed() -> None:
    def measure() -> Sample:
        raise WrongAnswer("a link to somebody else's account")

    with pytest.raises(WrongAnswer, match="somebody else"):
        hold(contest([], peer=Contestant("peer", measure)), rounds=5)


def test_a_wrong_row_found_after_the_last_round_ends_it_too() -> None:
    def check() -> None:
        raise WrongAnswer("it wrote to its database")

    with pytest.raises(WrongAnswer, match="database"):
        hold(contest([], check=check), rounds=5)


def test_whoever_watches_hears_each_side_and_round() -> None:
    heard: list[tuple[str, int]] = []
    hold(contest([]), rounds=5, on_sample=lambda name, number: heard.append((name, number)))
    assert heard[0] == ("ours", 0)
    assert heard[-1] == ("again", 5)  # round 5 begins with the third side
    assert len(heard) == 18
