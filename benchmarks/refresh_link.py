"""B1: how many fresh links a second, the whole path, when Stripe itself costs nothing?

Every side verifies a token, looks the creator up in SQLite, asks Stripe for an account link and
answers the same envelope. Guards: thousands of callers with tokens that are new in every sample;
each link must be for the caller's own account and must never have been seen before; Stripe must
have made exactly as many links as were handed out; the database must be as it was.
"""

import asyncio
import json
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from benchmarks.callers import Caller, Crowd, user_ids
from benchmarks.contest import Contest, Contestant, Sample, WrongAnswer
from benchmarks.load import Answer, drive
from benchmarks.processes import cores, pinned
from benchmarks.ratios import Better, Spread
from benchmarks.sides import PEERS, Aboard, Side, Upstream, peer_server, seed

PATH = "/api/v1/creators/stripe-connect/refresh-link"
CONNECTIONS = 32
CALLERS, QUICK_CALLERS = 4000, 500
SECONDS, QUICK_SECONDS = 2.0, 0.5


class Judge:
    """Looks at every answer of every side: the caller's own account, and a link nobody had."""

    def __init__(self, callers: list[Caller]) -> None:
        """Know whose account is whose."""
        self.links = 0
        self._callers = callers
        self._seen: set[str] = set()

    def look_at(self, answer: Answer) -> None:
        """Accept one answer.

        Raises:
            WrongAnswer: another status, body, header, account, or a link seen before.
        """
        if answer.status != 200:
            raise WrongAnswer(f"status {answer.status}: {answer.body[:300]!r}")
        if b"\r\ncache-control: no-store" not in answer.head:
            raise WrongAnswer("a bearer URL without Cache-Control: no-store")
        said = json.loads(answer.body)
        url = said.get("data", {}).get("onboardingUrl", "")
        if said != {"success": True, "data": {"onboardingUrl": url}}:
            raise WrongAnswer("not the envelope of refresh-link")
        if f"/{self._callers[answer.caller].stripe_account_id}/" not in url:
            raise WrongAnswer("a link to somebody else's account")
        if url in self._seen:
            raise WrongAnswer("a link that was handed out before")
        self._seen.add(url)
        self.links += 1


class Meter:
    """Takes samples of one side and remembers how busy both cores were."""

    def __init__(
        self,
        side: Side,
        upstream: Upstream,
        judge: Judge,
        crowd: Crowd,
        run: Callable[[Side, Crowd], tuple[list[Answer], float]],
    ) -> None:
        """Bind one side to its own crowd of callers."""
        self.side = side
        self.upstream = upstream
        self.judge = judge
        self.crowd = crowd
        self.run = run
        self.server_busy: list[float] = []
        self.load_busy: list[float] = []

    def measure(self) -> Sample:
        """Load the server once and judge every answer afterwards."""
        before = (self.side.cpu_seconds(), self.upstream.server.cpu_seconds(), time.process_time())
        answers, seconds = self.run(self.side, self.crowd)
        after = (self.side.cpu_seconds(), self.upstream.server.cpu_seconds(), time.process_time())
        server, upstream, load = (end - start for start, end in zip(before, after, strict=True))
        self.crowd.move_on(len(answers))
        for answer in answers:
            self.judge.look_at(answer)
        self.server_busy.append(100 * server / seconds)
        self.load_busy.append(100 * (upstream + load) / seconds)
        return Sample(len(answers) / seconds, 1000 * server / len(answers))

    def note(self) -> str:
        """Say how busy both cores were."""
        server, load = Spread.of(self.server_busy), Spread.of(self.load_busy)
        return (
            f"{self.side.name}: server core {server.median:.0f} % busy, "
            f"load core {load.median:.0f} %"
        )


@contextmanager
def contest(*, is_quick: bool, upstream: str) -> Generator[Contest]:
    """Start every server, make the creators and their accounts, and offer the contest."""
    server_core, load_core = cores()
    users = user_ids(QUICK_CALLERS if is_quick else CALLERS)
    seconds = QUICK_SECONDS if is_quick else SECONDS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="aboard-bench-")))
        stack.enter_context(pinned(load_core))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        stripe = stack.enter_context(Upstream.started(upstream, core=load_core))

        def load(side: Side, crowd: Crowd) -> tuple[list[Answer], float]:
            run = runner.run(
                drive(side.port, crowd.requests(PATH), connections=CONNECTIONS, seconds=seconds)
            )
            return run.answers, run.seconds

        ours = Aboard("aboard", folder / "ours", stripe, core=server_core)
        sides = [stack.enter_context(ours.running())]
        callers = seed(sides[0], users, runner)
        twin = ours.twin("aboard again (A/A)", folder / "again")
        sides.append(stack.enter_context(twin.running()))
        sides.extend(
            stack.enter_context(
                peer_server(peer, folder / peer.module, callers, stripe, core=server_core)
            )
            for peer in PEERS
        )
        links_before = stripe.links_made()
        rows_before = [side.rows() for side in sides]
        judge = Judge(callers)
        meters = [Meter(side, stripe, judge, Crowd(users), load) for side in sides]

        def check() -> None:
            made = stripe.links_made() - links_before
            if made != judge.links:
                raise WrongAnswer(f"{judge.links} links handed out, {made} made at Stripe")
            for side, before in zip(sides, rows_before, strict=True):
                if side.rows() != before:
                    raise WrongAnswer(f"{side.name} wrote to its database")

        def notes() -> list[str]:
            judged = f"{judge.links} answers judged; {len(users)} callers on {CONNECTIONS} lines"
            return [*(meter.note() for meter in meters), f"{judged}; Stripe: {stripe.title}"]

        targets = {peer.name: peer.target for peer in PEERS}
        rows = [Contestant(m.side.name, m.measure, targets.get(m.side.name)) for m in meters]
        yield Contest(
            id="B1",
            title="Refresh-link, whole path, Stripe at zero latency",
            measure="requests/s",
            better=Better.HIGHER,
            ours=rows[0],
            again=rows[1],
            peers=tuple(rows[2:]),
            check=check,
            notes=notes,
        )
