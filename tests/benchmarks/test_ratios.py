"""Is the arithmetic right? Fixed numbers in, fixed numbers out."""

import pytest

from benchmarks.ratios import Better, Spread, Target, Verdict, is_equal, ratios


def test_a_spread_is_the_median_and_the_ends() -> None:
    assert Spread.of([5.0, 1.0, 4.0, 2.0, 100.0]) == Spread(median=4.0, least=1.0, greatest=100.0)
    assert Spread.of([1.0, 2.0]).median == 1.5


def test_ratios_are_taken_within_each_round_and_not_between_medians() -> None:
    ours, theirs = [10.0, 100.0, 30.0], [10.0, 50.0, 10.0]
    assert ratios(ours, theirs) == (1.0, 2.0, 3.0)
    assert Spread.of(ratios(ours, theirs)).median == 2.0  # medians alone would say 3


def test_sides_with_unequal_rounds_are_not_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratios([1.0], [1.0, 2.0])


@pytest.mark.parametrize(
    ("value", "better", "verdict"),
    [
        (1.79, Better.HIGHER, Verdict.MISSED),
        (1.8, Better.HIGHER, Verdict.REACHED),
        (4.99, Better.HIGHER, Verdict.REACHED),
        (5.0, Better.HIGHER, Verdict.MOONSHOT),
    ],
)
def test_more_is_better(value: float, better: Better, verdict: Verdict) -> None:
    assert Target(reach=1.8, moonshot=5).judge(value, better) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(20.1, Verdict.MISSED), (20.0, Verdict.REACHED), (5.0, Verdict.MOONSHOT)],
)
def test_less_is_better(value: float, verdict: Verdict) -> None:
    assert Target(reach=20, moonshot=5).judge(value, Better.LOWER) is verdict


def test_a_shortfall_is_told_in_per_cent_of_what_had_to_be_reached() -> None:
    assert Target(6, 20).shortfall_percent(4.5, Better.HIGHER) == 25.0
    assert Target(20, 5).shortfall_percent(25.0, Better.LOWER) == 25.0
    assert Target(6, 20).shortfall_percent(7.0, Better.HIGHER) == 0.0


@pytest.mark.parametrize(
    ("ratio", "expected"), [(1.0, True), (1.19, True), (1.2, False), (0.84, True), (0.83, False)]
)
def test_ratios_under_1_2_mean_equal(ratio: float, *, expected: bool) -> None:
    assert is_equal(ratio) is expected
