"""B5: how fast is the sandbox, and does it stay so when it holds 100,000 accounts?

Create, read, link and visit, beside other local Stripes where they can answer the same thing:
stripe-stateful-mock knows accounts, localstripe knows charges. Then a sandbox of 100,000 accounts
beside one of ten. Guards: every account and charge is made with facts of its own, which must come
back in every answer and again when it is read later; links must be new and open once.
"""

import asyncio
import json
import random
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import uvloop

from benchmarks.contest import Contest, Contestant, Sample, WrongAnswer
from benchmarks.load import Answer, Request, Run, drive
from benchmarks.peer_sandboxes import PEERS, Local, command_of, missing
from benchmarks.processes import Server, cores, free_port, pinned
from benchmarks.ratios import Better, Target

ROOT = Path(__file__).parents[1]
CONNECTIONS = 16
MANY, QUICK_MANY = 100_000, 2_000
FEW = 10
STOCK, QUICK_STOCK = 2_000, 200
SECONDS, QUICK_SECONDS = 2.0, 0.4
_GROWING_SECONDS = 900.0
_READ_BACK = 25
READS, WRITES = Target(4, 8), Target(5, 10)
FLAT = Target(0.83, 1)
_ACCOUNT = {
    "type": "express",
    "country": "US",
    "capabilities[card_payments][requested]": "true",
    "capabilities[transfers][requested]": "true",
}
_CARD = {
    "type": "card",
    "card[number]": "4242424242424242",
    "card[exp_month]": "12",
    "card[exp_year]": "2040",
    "card[cvc]": "123",
}
_LINK = {
    "type": "account_onboarding",
    "refresh_url": "http://localhost:3000/again",
    "return_url": "http://localhost:3000/done",
}


def request(caller: int, method: str, path: str, form: dict[str, str] | None = None) -> Request:
    """Return a whole request, ready to be sent."""
    body = urlencode(form or {}).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Authorization: Bearer sk_test_aboard_benchmark\r\n"
    )
    if body:
        head += (
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        )
    return Request(caller, head.encode() + b"\r\n" + body)


@dataclass
class Side:
    """One running sandbox, and what was made in it: the id of each thing and whose it is."""

    local: Local
    server: Server
    run: Callable[[Iterator[Request], float], Run]
    things: list[tuple[str, str]] = field(default_factory=list)
    made: int = 0
    links: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    form: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """Make what things are made with."""
        self.form = dict(self.local.form)
        if self.local.needs_source:
            asked = iter([request(0, "POST", "/v1/payment_methods", _CARD)])
            self.form["source"] = str(told(self.run(asked, 10.0).answers[0])["id"])

    def create_forever(self) -> Iterator[Request]:
        """Make one thing after the other, each with an owner of its own."""
        while True:
            self.made += 1
            form = {**self.form, "metadata[owner]": f"seller-{self.made}"}
            yield request(self.made, "POST", self.local.path, form)

    def read_forever(self) -> Iterator[Request]:
        """Read what was made, in no order."""
        while True:
            place = random.randrange(len(self.things))  # noqa: S311 - a place is no secret
            yield request(place, "GET", f"{self.local.path}/{self.things[place][0]}")

    def update_forever(self) -> Iterator[Request]:
        """Change what was made, in no order."""
        while True:
            place = random.randrange(len(self.things))  # noqa: S311 - as above
            self.made += 1
            form = {"metadata[order]": str(self.made)}
            yield request(place, "POST", f"{self.local.path}/{self.things[place][0]}", form)

    def link_forever(self) -> Iterator[Request]:
        """Make a link for an account, again and again."""
        while True:
            place = random.randrange(len(self.things))  # noqa: S311 - as above
            form = {**_LINK, "account": self.things[place][0]}
            yield request(place, "POST", "/v1/account_links", form)

    def visit_each(self) -> Iterator[Request]:
        """Open links that nobody has opened."""
        while self.links:
            yield request(0, "GET", self.links.pop())

    def take_in(self, run: Run) -> None:
        """Remember what was made.

        Raises:
            WrongAnswer: an answer is not what was asked for, or an id was there before.
        """
        for answer in run.answers:
            thing = told(answer)
            owner = f"seller-{answer.caller}"
            if thing.get("object") != self.local.thing or owner != owner_of(thing):
                raise WrongAnswer(f"{self.local.name} made something else: {answer.body[:300]!r}")
            if thing["id"] in self.seen:
                raise WrongAnswer(f"{self.local.name} gave an id twice")
            self.seen.add(str(thing["id"]))
            self.things.append((str(thing["id"]), owner))

    def check_reads(self, run: Run) -> None:
        """Judge what was read or changed.

        Raises:
            WrongAnswer: it is not the thing that was asked for, with its own facts.
        """
        for answer in run.answers:
            key, owner = self.things[answer.caller]
            thing = told(answer)
            if (thing.get("id"), owner_of(thing)) != (key, owner):
                raise WrongAnswer(f"{self.local.name} read something else: {answer.body[:300]!r}")

    def check_links(self, run: Run) -> None:
        """Judge links, and keep their paths to be visited.

        Raises:
            WrongAnswer: a link to somebody else's account, or one that was there before.
        """
        for answer in run.answers:
            url = str(told(answer).get("url"))
            path = re.sub(r"^https?://[^/]+", "", url)
            if f"/{self.things[answer.caller][0]}/" not in path or path in self.seen:
                raise WrongAnswer("not a new link to the account that was asked for")
            self.seen.add(path)
            self.links.append(path)

    def read_back(self) -> None:
        """Read some of what was made, picked afterwards.

        Raises:
            WrongAnswer: it is not there any more, or another.
        """
        places = random.sample(range(len(self.things)), min(_READ_BACK, len(self.things)))
        asked = (
            request(place, "GET", f"{self.local.path}/{self.things[place][0]}") for place in places
        )
        run = self.run(asked, 30.0)
        if len(run.answers) != len(places):
            raise WrongAnswer("not everything that was made could be read back")
        self.check_reads(run)


def told(answer: Answer) -> dict[str, object]:
    """Return what an answer says.

    Raises:
        WrongAnswer: it is a refusal.
    """
    if answer.status != 200:
        raise WrongAnswer(f"status {answer.status}: {answer.body[:300]!r}")
    said: dict[str, object] = json.loads(answer.body)
    return said


def owner_of(thing: dict[str, object]) -> object:
    """Return whose thing it is, as it was made."""
    metadata = thing.get("metadata")
    return metadata.get("owner") if isinstance(metadata, dict) else None


@contextmanager
def sandboxes(*locals_: Local) -> Generator[list[Side]]:
    """Start local Stripes, each on the server's core, and end them."""
    server_core, load_core = cores()
    with ExitStack() as stack:
        stack.enter_context(pinned(load_core))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))

        def runs(port: int) -> Callable[[Iterator[Request], float], Run]:
            def run(asked: Iterator[Request], seconds: float) -> Run:
                return runner.run(drive(port, asked, connections=CONNECTIONS, seconds=seconds))

            return run

        sides = []
        for local in locals_:
            port = free_port()
            command, environ = command_of(local, port)
            server = Server(local.name, command, core=server_core, port=port)
            stack.callback(server.stop)
            server.start(environ, folder=ROOT)
            server.wait()
            sides.append(Side(local, server, runs(port)))
            sides[-1].prepare()
        yield sides


def grow(side: Side, count: int) -> None:
    """Make things until there are `count`."""
    asked = (each for each, _ in zip(side.create_forever(), range(count), strict=False))
    run = side.run(asked, _GROWING_SECONDS)
    side.take_in(run)
    if len(side.things) < count:
        raise WrongAnswer(f"only {len(side.things)} of {count} were made in time")


def _sampler(
    side: Side,
    asked: Callable[[], Iterator[Request]],
    judge: Callable[[Run], None],
    seconds: float,
) -> Callable[[], Sample]:
    def measure() -> Sample:
        before = side.server.cpu_seconds()
        run = side.run(asked(), seconds)
        burnt = side.server.cpu_seconds() - before
        judge(run)
        return Sample(len(run.answers) / run.seconds, 1000 * burnt / len(run.answers))

    return measure


OURS = Local("aboard sandbox", "/v1/accounts", _ACCOUNT, "account")
AGAIN = Local("aboard sandbox again (A/A)", "/v1/accounts", _ACCOUNT, "account")


def _beside(name: str) -> tuple[Local, Local, tuple[Local, ...], list[str]]:
    """Return our two sides as a peer's work has them, the peer, and why it is left out if it is."""
    peer = PEERS[name]
    form = _ACCOUNT if peer.thing == "account" else peer.form
    ours = [Local(local.name, peer.path, form, peer.thing) for local in (OURS, AGAIN)]
    why = missing(peer)
    notes = [f"{peer.name} was left out: {why}"] if why else []
    return ours[0], ours[1], () if why else (peer,), notes


@contextmanager
def create_contest(name: str, *, is_quick: bool) -> Generator[Contest]:
    """Offer making things, beside a peer."""
    ours, again, peers, notes = _beside(name)
    seconds = QUICK_SECONDS if is_quick else SECONDS
    with sandboxes(ours, again, *peers) as sides:
        rows = [
            Contestant(
                side.local.name,
                _sampler(side, side.create_forever, side.take_in, seconds),
                WRITES if side.local.needs_source else None,
            )
            for side in sides
        ]

        def check() -> None:
            for side in sides:
                side.read_back()

        yield Contest(
            id="B5",
            title=f"Sandbox: {ours.thing}s made",
            measure="requests/s",
            better=Better.HIGHER,
            ours=rows[0],
            again=rows[1],
            peers=tuple(rows[2:]),
            check=check,
            notes=lambda: notes,
        )


@contextmanager
def read_contest(name: str, *, is_quick: bool) -> Generator[Contest]:
    """Offer reading things, beside a peer."""
    ours, again, peers, notes = _beside(name)
    seconds = QUICK_SECONDS if is_quick else SECONDS
    with sandboxes(ours, again, *peers) as sides:
        for side in sides:
            grow(side, QUICK_STOCK if is_quick else STOCK)
        rows = [
            Contestant(
                side.local.name,
                _sampler(side, side.read_forever, side.check_reads, seconds),
                READS if side.local.needs_source else None,
            )
            for side in sides
        ]
        yield Contest(
            id="B5",
            title=f"Sandbox: {ours.thing}s read",
            measure="requests/s",
            better=Better.HIGHER,
            ours=rows[0],
            again=rows[1],
            peers=tuple(rows[2:]),
            notes=lambda: notes,
        )


@contextmanager
def link_contest(*, is_quick: bool) -> Generator[Contest]:
    """Offer making account links and opening them; nobody else has either."""
    seconds = QUICK_SECONDS if is_quick else SECONDS
    with sandboxes(OURS, AGAIN) as sides:
        visits: list[float] = []
        rows = []
        for side in sides:
            grow(side, QUICK_STOCK if is_quick else STOCK)
            links = _sampler(side, side.link_forever, side.check_links, seconds)

            def measure(side: Side = side, links: Callable[[], Sample] = links) -> Sample:
                sample = links()
                run = side.run(side.visit_each(), seconds)
                if any(answer.status not in {200, 302, 303} for answer in run.answers):
                    raise WrongAnswer("a new link did not open")
                visits.append(run.rate)
                side.links.clear()
                return sample

            rows.append(Contestant(side.local.name, measure))
        yield Contest(
            id="B5",
            title="Sandbox: account links made",
            measure="requests/s",
            better=Better.HIGHER,
            ours=rows[0],
            again=rows[1],
            notes=lambda: [f"links opened: {sorted(visits)[len(visits) // 2]:,.0f} visits/s"],
        )


@contextmanager
def flat_contest(what: str, *, is_quick: bool) -> Generator[Contest]:
    """Offer reads or writes with 100,000 accounts beside the same with ten."""
    many = QUICK_MANY if is_quick else MANY
    seconds = QUICK_SECONDS if is_quick else SECONDS
    big = Local(f"with {many:,} accounts", OURS.path, OURS.form, OURS.thing)
    small = Local(f"with {FEW} accounts", OURS.path, OURS.form, OURS.thing)
    with sandboxes(big, small) as (large, little):
        before = resident_bytes(large.server)
        grow(large, many)
        each = (resident_bytes(large.server) - before) / many
        grow(little, FEW)

        def row(side: Side, name: str, target: Target | None = None) -> Contestant:
            asked = side.read_forever if what == "read" else side.update_forever
            return Contestant(name, _sampler(side, asked, side.check_reads, seconds), target)

        yield Contest(
            id="B5",
            title=f"Sandbox: accounts {'read' if what == 'read' else 'changed'}, many and few",
            measure="requests/s",
            better=Better.HIGHER,
            ours=row(large, big.name),
            again=row(large, f"{big.name} again (A/A)"),
            peers=(row(little, small.name, FLAT),),
            check=large.read_back,
            notes=lambda: [f"{each:,.0f} bytes of memory for each account, its events included"],
        )


def resident_bytes(server: Server) -> int:
    """Return how much memory a server holds."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return 1024 * int(found[1]) if found else 0
