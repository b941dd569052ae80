"""How is a run told? As JSON for machines and as a table for people; the same numbers in both."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.contest import Outcome, Standing
from benchmarks.ratios import Better, Spread, Verdict, is_equal

_PACKAGES = ("aiohttp", "fastapi", "litestar", "msgspec", "sqlalchemy", "stripe", "uvicorn")


def machine() -> dict[str, object]:
    """Describe what the numbers were taken on; nothing in it names the machine or its owner."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: found for name in _PACKAGES if (found := _find_version(name))},
    }


def _find_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None  # the peers' packages are installed for `make bench` alone


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def verdict_words(standing: Standing, better: Better) -> str:
    """Say in words how far a row came, and by how much it missed."""
    if standing.target is None:
        return ""
    is_ratio = standing.ratio is not None
    value = standing.ratio.median if standing.ratio else standing.value.median
    verdict = standing.target.judge(value, better)
    mark = "x" if is_ratio else ""
    aim = f"{standing.target.reach:g}{mark}, moonshot {standing.target.moonshot:g}{mark}"
    if verdict is Verdict.MISSED:
        short = standing.target.shortfall_percent(value, better)
        return f"missed by {short:.0f} % (aim {aim})"
    return f"{verdict.value} (aim {aim})"


def as_json(outcomes: Sequence[Outcome], *, is_quick: bool) -> str:
    """Return the whole run, every sample included."""
    run = {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "is_quick": is_quick,
        "machine": machine(),
        "benchmarks": [_outcome(outcome) for outcome in outcomes],
    }
    return json.dumps(run, indent=2) + "\n"


def _outcome(outcome: Outcome) -> dict[str, object]:
    return {
        "id": outcome.id,
        "title": outcome.title,
        "measure": outcome.measure,
        "better": outcome.better.value,
        "rounds": outcome.rounds,
        "rows": [_row(standing, outcome.better) for standing in outcome.standings],
        "notes": list(outcome.notes),
    }


def _row(standing: Standing, better: Better) -> dict[str, object]:
    return {
        "name": standing.name,
        "values": [round(value, 4) for value in standing.values],
        "cpu_ms": [round(value, 4) for value in standing.cpu_ms],
        "value": _spread(standing.value),
        "cpu": _spread(standing.cpu),
        "ours_to_this": _spread(standing.ratio),
        "ours_to_this_cpu": _spread(standing.cpu_ratio),
        "verdict": verdict_words(standing, better) or None,
    }


def _spread(spread: Spread | None) -> dict[str, float] | None:
    if spread is None:
        return None
    return {
        "median": round(spread.median, 4),
        "min": round(spread.least, 4),
        "max": round(spread.greatest, 4),
    }


def figure(value: float) -> str:
    """Write a number as shortly as it stays honest.

    >>> figure(1543.2), figure(12.34), figure(0.4567)
    ('1,543', '12.3', '0.46')
    """
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(ratio: Spread | None) -> str:
    """Write a ratio with its least and greatest.

    >>> times(Spread(2.0, 1.5, 3.25))
    '2.00x (1.50-3.25)'
    """
    return f"{ratio.median:.2f}x ({ratio.least:.2f}-{ratio.greatest:.2f})" if ratio else ""


def show(console: Console, outcome: Outcome) -> None:
    """Print one contest as a table, with what it means below."""
    table = Table(
        title=f"{outcome.id}  {outcome.title}", title_justify="left", box=SIMPLE, pad_edge=False
    )
    table.add_column("side")
    table.add_column(outcome.measure, justify="right")
    table.add_column("CPU ms", justify="right")
    table.add_column("ours / this", justify="right")
    table.add_column("CPU", justify="right")
    for standing in outcome.standings:
        value = standing.value
        table.add_row(
            standing.name,
            f"{figure(value.median)} ({figure(value.least)}-{figure(value.greatest)})",
            f"{standing.cpu.median:.3f}" if any(standing.cpu_ms) else "",
            times(standing.ratio),
            times(standing.cpu_ratio),
        )
    console.print(table)
    for standing in outcome.standings:
        if words := verdict_words(standing, outcome.better):
            tone = "red" if words.startswith("missed") else "green"
            console.print(f"  {standing.name}: [{tone}]{words}[/]", highlight=False)
    for note in (*noise(outcome), *outcome.notes):
        console.print(f"  {note}", highlight=False, markup=False)
    console.print()


def noise(outcome: Outcome) -> list[str]:
    """Say so when the A/A row shows that this run proves little."""
    ratio = outcome.again.ratio
    if ratio is None or is_equal(ratio.median):
        return []
    return [f"NOISY: the same side differs from itself by {ratio.median:.2f}x; take it again"]
