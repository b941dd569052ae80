"""B2: how many of 400 waiting clients does one process serve while Stripe takes 150 ms?

The ideal is arithmetic: clients divided by latency, with no time spent on anything else. The work
and its judge are B1's: distinct owners with fresh tokens, each link for the caller's own account
and never seen before, as many links at Stripe as were handed out, nothing written. The tutorial's
way is shown too, for a bounded time: it holds a connection of its database across the call.
"""

import asyncio
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from benchmarks.callers import Caller, Crowd, user_ids
from benchmarks.contest import Contest, Contestant, Sample, WrongAnswer
from benchmarks.load import Answer, Run, drive
from benchmarks.processes import cores, pinned
from benchmarks.ratios import Better, Spread, Target
from benchmarks.refresh_link import PATH, Judge, Meter
from benchmarks.sides import PEERS, Aboard, Side, Upstream, peer_server, seed

CLIENTS = 400
LATENCY_SECONDS = 0.15
IDEAL = CLIENTS / LATENCY_SECONDS
CALLERS = 4000
SECONDS, QUICK_SECONDS = 4.0, 1.0
TUTORIAL_SECONDS = 5.0
SHARE = Target(0.8, 0.95)
_P99_AIM = 1.3
_SETTLED_SECONDS = 0.5
_TUTORIAL = PEERS[0]
_STRONG = PEERS[1]


class Waits:
    """How long the clients of one side waited, over its samples."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self.rate: list[float] = []
        self.middle: list[float] = []
        self.worst: list[float] = []

    def take_in(self, run: Run, seconds: float) -> None:
        """Keep the rate once everybody waits, the median and the 99th percentile of a sample."""
        self.rate.append(run.steady_rate(_SETTLED_SECONDS, seconds))
        self.middle.append(1000 * run.within(0.5))
        self.worst.append(1000 * run.within(0.99))

    def note(self, name: str) -> str:
        """Say both in words, and what the 99th percentile is of Stripe's own latency."""
        middle, worst = Spread.of(self.middle).median, Spread.of(self.worst).median
        times = worst / (1000 * LATENCY_SECONDS)
        return (
            f"{name}: p50 {middle:.0f} ms, p99 {worst:.0f} ms: {times:.2f}x Stripe's latency "
            f"(moonshot under {_P99_AIM:g}x)"
        )


@contextmanager
def contest(*, is_quick: bool, upstream: str) -> Generator[Contest]:
    """Start every server, make the creators and their accounts, and offer the contest."""
    server_core, load_core = cores()
    users = user_ids(CALLERS)
    seconds = QUICK_SECONDS if is_quick else SECONDS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="aboard-bench-")))
        stack.enter_context(pinned(load_core))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        stripe = stack.enter_context(
            Upstream.started(upstream, core=load_core, latency_seconds=LATENCY_SECONDS)
        )

        ours = Aboard("aboard", folder / "ours", stripe, core=server_core)
        sides = [stack.enter_context(ours.running())]
        callers = seed(sides[0], users, runner, connections=CLIENTS)
        twin = ours.twin("aboard again (A/A)", folder / "again")
        sides.append(stack.enter_context(twin.running()))
        strong = peer_server(_STRONG, folder / _STRONG.module, callers, stripe, core=server_core)
        sides.append(stack.enter_context(strong))
        waits = [Waits() for _ in sides]

        def row(side: Side, waited: Waits) -> tuple[Meter, Contestant]:
            def run(side: Side, crowd: Crowd) -> tuple[list[Answer], float]:
                done = runner.run(
                    drive(side.port, crowd.requests(PATH), connections=CLIENTS, seconds=seconds)
                )
                waited.take_in(done, seconds)
                return done.answers, done.seconds

            meter = Meter(side, stripe, judge, Crowd(users), run)

            def measure() -> Sample:
                sample = meter.measure()
                return Sample(waited.rate[-1], sample.cpu_ms)

            return meter, Contestant(side.name, measure)

        links_before = stripe.links_made()
        rows_before = [side.rows() for side in sides]
        judge = Judge(callers)
        meters, rows = zip(*map(row, sides, waits), strict=True)
        said: list[str] = []

        def check() -> None:
            made = stripe.links_made() - links_before
            if made != judge.links:
                raise WrongAnswer(f"{judge.links} links handed out, {made} made at Stripe")
            for side, before in zip(sides, rows_before, strict=True):
                if side.rows() != before:
                    raise WrongAnswer(f"{side.name} wrote to its database")
            said.append(show_tutorial(folder, callers, stripe, runner, core=server_core))

        ideal = f"ideal: {CLIENTS} clients / {1000 * LATENCY_SECONDS:.0f} ms"
        yield Contest(
            id="B2",
            title=f"Refresh-link, Stripe answers after {1000 * LATENCY_SECONDS:.0f} ms",
            measure="requests/s",
            better=Better.HIGHER,
            ours=rows[0],
            again=rows[1],
            peers=(Contestant(ideal, lambda: Sample(IDEAL, 0.0), SHARE), *rows[2:]),
            check=check,
            notes=lambda: [
                *(waited.note(side.name) for side, waited in zip(sides, waits, strict=True)),
                *(meter.note() for meter in meters),
                f"{judge.links} answers judged; Stripe: {stripe.title}",
                *said,
            ],
        )


def show_tutorial(
    folder: Path, callers: list[Caller], stripe: Upstream, runner: asyncio.Runner, *, core: int
) -> str:
    """Load the tutorial's server for a few seconds, and say what became of its clients."""
    with peer_server(_TUTORIAL, folder / _TUTORIAL.module, callers, stripe, core=core) as side:
        crowd = Crowd([caller.user_id for caller in callers])
        run = runner.run(
            drive(
                side.port,
                crowd.requests(PATH),
                connections=CLIENTS,
                seconds=TUTORIAL_SECONDS,
                patience_seconds=0.5,
                must_answer=False,
            )
        )
    links = sum(answer.status == 200 for answer in run.answers)
    return (
        f"{_TUTORIAL.name}: {links} links within {run.seconds:.1f} s, "
        f"{len(run.answers) - links} errors, {run.unanswered} of {CLIENTS} clients left waiting"
    )
