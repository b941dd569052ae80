"""Do JSON, table and picture tell the same, and do they tell a miss plainly?"""

import json
import xml.etree.ElementTree as ET
from io import StringIO
from itertools import cycle

import pytest
from rich.console import Console

from benchmarks.contest import Contest, Contestant, Outcome, Sample, hold
from benchmarks.picture import draw
from benchmarks.ratios import Better, Target
from benchmarks.report import as_json, figure, noise, show, verdict_words


def side(name: str, value: float, target: Target | None = None) -> Contestant:
    values = cycle([value, value * 1.1, value * 0.9])
    return Contestant(name, lambda: Sample(next(values), 2.0), target)


def outcome(*, ours: float = 200.0, again: float = 200.0) -> Outcome:
    contest = Contest(
        id="B0",
        title="Bars & <angles>",
        measure="requests/s",
        better=Better.HIGHER,
        ours=side("ours", ours),
        again=side("ours again (A/A)", again),
        peers=(
            side("slow peer", 20.0, Target(6, 20)),
            side("quick peer", 160.0, Target(2, 5)),
        ),
        notes=lambda: ["judged every answer"],
    )
    return hold(contest, rounds=6)


def test_json_holds_every_sample_and_the_summary() -> None:
    run = json.loads(as_json([outcome()], is_quick=False))
    rows = run["benchmarks"][0]["rows"]
    assert [row["name"] for row in rows] == [
        "ours",
        "ours again (A/A)",
        "slow peer",
        "quick peer",
    ]
    assert [len(row["values"]) for row in rows] == [6] * 4
    assert rows[2]["ours_to_this"] == {"median": 10.0, "min": 10.0, "max": 10.0}
    assert rows[2]["verdict"] == "reached (aim 6x, moonshot 20x)"
    assert rows[3]["verdict"] == "missed by 38 % (aim 2x, moonshot 5x)"
    assert rows[0]["verdict"] is None
    assert run["machine"]["cores"] >= 1


def test_the_machine_is_described_and_not_named() -> None:
    told = json.loads(as_json([], is_quick=True))
    assert set(told["machine"]) == {"cores", "packages", "processor", "python", "system"}
    assert told["is_quick"] is True


def test_the_table_tells_a_miss() -> None:
    paper = StringIO()
    show(Console(width=180, file=paper), outcome())
    told = paper.getvalue()
    assert "missed by 38 %" in told
    assert "10.00x (10.00-10.00)" in told
    assert "judged every answer" in told


def test_a_noisy_run_says_so_and_a_calm_one_does_not() -> None:
    assert noise(outcome()) == []
    assert noise(outcome(again=100.0)) == [
        "NOISY: the same side differs from itself by 2.00x; take it again"
    ]


def test_a_target_of_our_own_is_held_against_the_measure() -> None:
    contest = Contest(
        id="B0",
        title="A journey",
        measure="ms",
        better=Better.LOWER,
        ours=side("ours", 25.0, Target(20, 5)),
        again=side("again", 25.0),
    )
    held = hold(contest, rounds=6)
    assert verdict_words(held.ours, held.better) == "missed by 25 % (aim 20, moonshot 5)"


def test_the_picture_is_one_well_formed_file_with_a_bar_for_each_side() -> None:
    picture = ET.fromstring(draw([outcome(), outcome()], caption="2 cores & more"))  # noqa: S314 - our own text
    bars = [bar for bar in picture.iter("{http://www.w3.org/2000/svg}rect") if bar.get("x")]
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert [bar.get("class") for bar in bars] == ["ours", "again", "peer", "peer"] * 2
    assert "B0  Bars & <angles>" in words
    assert "missed by 38 % (aim 2x, moonshot 5x)" in words
    assert "2 cores & more" in words


def test_a_bars_length_is_its_share_of_the_longest_round() -> None:
    picture = ET.fromstring(draw([outcome()], caption=""))  # noqa: S314 - our own text
    bars = [bar for bar in picture.iter("{http://www.w3.org/2000/svg}rect") if bar.get("x")]
    lengths = [float(bar.get("width", "0")) for bar in bars]
    assert lengths[0] == lengths[1] == pytest.approx(290 * 200 / 220, abs=0.1)
    assert lengths[2] == pytest.approx(lengths[0] / 10, abs=0.1)
    assert lengths[3] == pytest.approx(lengths[0] * 0.8, abs=0.1)


@pytest.mark.parametrize(
    ("value", "written"), [(0.4567, "0.46"), (9.99, "9.99"), (12.34, "12.3"), (1543.2, "1,543")]
)
def test_figures_are_short_and_honest(value: float, written: str) -> None:
    assert figure(value) == written
