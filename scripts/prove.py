"""Run the long proofs in full and keep what they showed, dated, in docs/proofs.

Every test marked `browser` or `load` runs at its full count (PROVE=1), and every property test
with twenty times as many examples, all from one seed that is written down with the counts.
`--seed N` repeats a run; `--dry` writes no page. Paths of tests prove these alone: their page says
so, and has the hour in its name.
"""

import argparse
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
PROOFS = ROOT / "docs" / "proofs"
NOTHING_TO_RUN = 5  # pytest's word for it
PARTS = (
    ("Slow proofs: a real browser, killed processes, planted faults", ["-m", "browser or load"]),
    (
        "Property tests and fuzzing, twenty times the default examples",
        [
            "-n",
            "auto",
            "-m",
            "not browser and not load and hypothesis",
            "--hypothesis-profile=prove",
        ],
    ),
)


def main(arguments: Sequence[str]) -> int:
    """Run both parts; return non-zero if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31))
    parser.add_argument("--dry", action="store_true")
    parser.add_argument("paths", nargs="*")
    chosen = parser.parse_args(arguments)
    began_at = datetime.now(UTC)
    page = [*_head(began_at, chosen.seed, chosen.paths)]
    codes = []
    for title, options in PARTS:
        print(f"== {title}", flush=True)  # noqa: T201 -- a script that people watch
        code, lines = _run([*options, *chosen.paths], chosen.seed)
        if code == NOTHING_TO_RUN and chosen.paths:
            continue
        codes.append(code)
        page += ["", f"## {title}", "", *lines]
    if not chosen.dry:
        PROOFS.mkdir(parents=True, exist_ok=True)
        path = PROOFS / f"{began_at:{'%Y-%m-%d-%H%M' if chosen.paths else '%Y-%m-%d'}}.md"
        path.write_text("\n".join(page) + "\n", encoding="utf-8")
        (PROOFS / "README.md").write_text("\n".join(_index()) + "\n", encoding="utf-8")
        print(f"kept in {path.relative_to(ROOT)}")  # noqa: T201 -- says where to look
    return max(codes, default=NOTHING_TO_RUN)


def _index() -> Iterator[str]:
    yield "# Proofs"
    yield ""
    yield "What `make prove` showed, newest first: the slow proofs in full, with seeds and counts."
    yield ""
    for page in sorted(PROOFS.glob("20*.md"), reverse=True):
        yield f"- [{page.stem}]({page.name})"


def _head(began_at: datetime, seed: int, paths: Sequence[str]) -> Iterator[str]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 -- the reader's own git
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    yield f"# Proofs of {began_at:%Y-%m-%d}"
    yield ""
    yield "Written by `make prove`. Repeat it with the same seed:"
    wanted = " ".join([f"--seed={seed}", *paths])
    yield ""
    yield "```sh"
    yield f'make prove ARGS="{wanted}"'
    yield "```"
    if paths:
        yield ""
        yield "These alone were run; the rest is on other pages."
    yield ""
    yield "| what | value |"
    yield "|---|---|"
    yield f"| began | {began_at:%Y-%m-%d %H:%M} UTC |"
    yield f"| seed | {seed} |"
    yield f"| commit | {commit or 'unknown'} |"
    yield f"| Python | {platform.python_version()}, {os.cpu_count()} cores |"


def _run(options: Sequence[str], seed: int) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        began = time.monotonic()
        code = subprocess.run(  # noqa: S603 -- our own interpreter and options
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "--timeout=1800",
                f"--junitxml={report}",
                f"--hypothesis-seed={seed}",
                "-o",
                "junit_logging=no",
                "-o",
                "junit_family=xunit1",
                *options,
            ],
            cwd=ROOT,
            env={**os.environ, "PROVE": "1", "PROVE_SEED": str(seed)},
            check=False,
        ).returncode
        took = time.monotonic() - began
        lines = list(_rows(report)) if report.exists() else ["No report: pytest did not start."]
    word = "passed" if code == 0 else f"FAILED, exit {code}"
    return code, [f"Result: **{word}** in {took:.0f} s.", "", *lines]


def _rows(report: Path) -> Iterator[str]:
    yield "| proof | outcome | seconds | counts |"
    yield "|---|---|---|---|"
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 -- written by our own run
        outcome = "passed"
        for word in ("failure", "error", "skipped"):
            if case.find(word) is not None:
                outcome = word
        counts = ", ".join(
            f"{row.get('name')}: {row.get('value')}" for row in case.iter("property")
        )
        name = f"{case.get('classname', '').removeprefix('tests.')}.{case.get('name')}"
        name = name.replace("|", "\\|").replace("\n", " ")
        yield f"| `{name[:150]}` | {outcome} | {float(case.get('time', 0)):.1f} | {counts} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
