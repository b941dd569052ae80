"""Run the benchmarks: `python -m benchmarks [B1 B2 B3 B4 B5 B6 B7 B8 B9] [--rounds N] [--quick]`.

Ends with 1 when any side gave a wrong answer, with 0 otherwise, also when a ratio was missed: the
table says so plainly.
"""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks import (
    cold_start,
    intake,
    journey,
    lending,
    refresh_link,
    sandbox_load,
    status,
    syncing,
    waiting_stripe,
)
from benchmarks.contest import LEAST_ROUNDS, Contest, LeftOut, Outcome, WrongAnswer, hold, steps
from benchmarks.picture import draw
from benchmarks.processes import ServerFailed
from benchmarks.report import as_json, machine, show

RESULTS = Path(__file__).parent / "results"
Opened = AbstractContextManager[Contest]


def contests(arguments: argparse.Namespace) -> dict[str, list[Callable[[], Opened]]]:
    """Return what can be measured, by id."""
    is_quick = arguments.quick
    return {
        "B1": [lambda: refresh_link.contest(is_quick=is_quick, upstream=arguments.upstream)],
        "B2": [lambda: waiting_stripe.contest(is_quick=is_quick, upstream=arguments.upstream)],
        "B3": [
            lambda: intake.contest("SQLite", is_quick=is_quick),
            lambda: intake.contest("PostgreSQL", is_quick=is_quick),
        ],
        "B4": [
            lambda: lending.contest("POST", is_quick=is_quick),
            lambda: lending.contest("GET", is_quick=is_quick),
        ],
        "B5": [
            lambda: sandbox_load.create_contest("stripe-stateful-mock", is_quick=is_quick),
            lambda: sandbox_load.read_contest("stripe-stateful-mock", is_quick=is_quick),
            lambda: sandbox_load.create_contest("localstripe", is_quick=is_quick),
            lambda: sandbox_load.read_contest("localstripe", is_quick=is_quick),
            lambda: sandbox_load.link_contest(is_quick=is_quick),
            lambda: sandbox_load.flat_contest("read", is_quick=is_quick),
            lambda: sandbox_load.flat_contest("change", is_quick=is_quick),
        ],
        "B6": [lambda: journey.contest(is_quick=is_quick)],
        "B7": [
            lambda: status.contest("SQLite", is_quick=is_quick, accounts=arguments.accounts),
            lambda: status.contest("PostgreSQL", is_quick=is_quick, accounts=arguments.accounts),
        ],
        "B8": [
            lambda: syncing.contest(2, latency_seconds=0.15, is_quick=is_quick),
            lambda: syncing.contest(4, latency_seconds=0.15, is_quick=is_quick, has_kill=True),
            lambda: syncing.contest(2, latency_seconds=0, is_quick=is_quick, has_sqlite=True),
        ],
        "B9": [cold_start.sandbox_contest, cold_start.import_contest],
    }


def main(given: Sequence[str]) -> int:
    """Hold the chosen contests, print them, and write results/latest.json and .svg."""
    arguments = _parser().parse_args(given)
    console = Console()
    if not hasattr(sys, "platform") or not sys.platform.startswith("linux"):
        console.print("The benchmarks pin processes and read /proc: they run on Linux alone.")
        return 2
    found = contests(arguments)
    unknown = [name for name in arguments.ids if name not in found]
    if unknown:
        console.print(f"No such benchmark: {', '.join(unknown)}. There are {', '.join(found)}.")
        return 2
    chosen = [opened for name in arguments.ids or found for opened in found[name]]
    outcomes: list[Outcome] = []
    try:
        for opened in chosen:
            try:
                outcomes.append(_held(opened, arguments.rounds, console))
            except LeftOut as reason:
                console.print(f"Left out: {reason}", markup=False, highlight=False)
            else:
                show(console, outcomes[-1])
    except (WrongAnswer, ServerFailed) as refusal:
        console.print(f"[bold red]FAILED[/]: {type(refusal).__name__}", highlight=False)
        console.print(str(refusal), markup=False, highlight=False)
        return 1
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(as_json(outcomes, is_quick=arguments.quick))
    (RESULTS / "latest.svg").write_text(draw(outcomes, caption=_caption(is_quick=arguments.quick)))
    console.print("Written: benchmarks/results/latest.json, benchmarks/results/latest.svg")
    return 0


def _held(opened: Callable[[], Opened], rounds: int, console: Console) -> Outcome:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("setting up", total=None)
        with opened() as contest:
            done = iter(range(steps(contest, rounds)))
            progress.update(task, total=steps(contest, rounds))

            def on_sample(name: str, number: int) -> None:
                stage = f"round {number} of {rounds}" if number else "warming up"
                description = f"{contest.id}  {stage}  {name}"
                progress.update(task, completed=next(done), description=description)

            return hold(contest, rounds=rounds, on_sample=on_sample)


def _caption(*, is_quick: bool) -> str:
    facts = machine()
    caption = f"{facts['cores']} cores, {facts['processor']}, Python {facts['python']}"
    return f"{caption}. Bars: median; lines: least to greatest round; 1.23x: ours divided by it" + (
        ". QUICK RUN" if is_quick else ""
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="B1 to B9; all when none is named")
    parser.add_argument("--rounds", type=_rounds, default=7, help="counted rounds, at least 5")
    parser.add_argument(
        "--quick", action="store_true", help="short samples: a trial, not a finding"
    )
    parser.add_argument(
        "--upstream",
        choices=("sandbox", "responder"),
        default="sandbox",
        help="Stripe in B1 and B2: the sandbox, or a responder that costs next to nothing",
    )
    parser.add_argument(
        "--accounts", type=int, help="how many accounts B7 has beside ten thousand: a million"
    )
    return parser


def _rounds(text: str) -> int:
    rounds = int(text)
    if rounds < LEAST_ROUNDS:
        raise argparse.ArgumentTypeError(f"at least {LEAST_ROUNDS}")
    return rounds


def _leave(number: int, _: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    # Whoever ends a run ends its servers, too: they have sessions of their own.
    signal.signal(signal.SIGTERM, _leave)
    sys.exit(main(sys.argv[1:]))
