"""B7: is an account found as fast among a million as among ten thousand?

Organizations ask for their connection: token, role, one row by owner, one answer; Stripe is never
asked. Owners are drawn from the whole table, each with a token that is new in every sample.
Guards: every answer must be that owner's, field by field, and no row may have changed.
"""

import asyncio
import json
import random
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import uvloop

from benchmarks.callers import JWT_AUDIENCE, JWT_ISSUER, JWT_SECRET, mint
from benchmarks.contest import Contest, Contestant, Sample, WrongAnswer
from benchmarks.databases import Database
from benchmarks.load import Answer, Request, Run, drive
from benchmarks.metered import Metered
from benchmarks.processes import cores, pinned
from benchmarks.ratios import Better, Target
from benchmarks.serving import aboard_running, peer_running
from benchmarks.shelf import Shelf
from benchmarks.worlds import SYNCED_AT, spread

PATH = "/v1/connect/accounts/"
CONNECTIONS = 32
MANY, QUICK_MANY = 1_000_000, 20_000
FEW, QUICK_FEW = 10_000, 1_000
SECONDS, QUICK_SECONDS = 2.0, 0.5
FLAT = Target(0.83, 1)
PEER = "FastAPI, SQLAlchemy async"
_FIRST_GUESS = 2_000
_SPARE = 1.3


class Owners:
    """Who asks: owners drawn from the whole table, with fresh tokens."""

    def __init__(self, count: int, seed: int = 0) -> None:
        """Take a world of `count` accounts."""
        self._count = count
        self._chance = random.Random(seed)  # noqa: S311 - whose turn it is is no secret
        self._serial = 0
        self._ready: list[Request] = []

    def prepare(self, count: int) -> None:
        """Write so many requests before the clock runs."""
        self._ready = [self._next() for _ in range(count)]

    def requests(self) -> Iterator[Request]:
        """Yield what was prepared, and more for as long as it is wanted."""
        ready, self._ready = self._ready, []
        yield from ready
        while True:
            yield self._next()

    def _next(self) -> Request:
        number = self._chance.randrange(self._count)
        self._serial += 1
        name = spread("org", number)
        token = mint(f"usr_{name}", self._serial, organizations={name: "owner"})
        raw = (
            f"GET {PATH}{name}?mode=test HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        )
        return Request(number, raw.encode())


def look_at(answer: Answer) -> None:
    """Accept the connection of one owner.

    Raises:
        WrongAnswer: another status, header, owner or field.
    """
    if answer.status != 200:
        raise WrongAnswer(f"status {answer.status}: {answer.body[:300]!r}")
    if b"\r\ncache-control: no-store" not in answer.head:
        raise WrongAnswer("a status that may be stored on its way")
    said = json.loads(answer.body)
    at = said.pop("syncedAt", None)
    if said != _connection(answer.caller) or datetime.fromisoformat(at) != _SYNCED:
        raise WrongAnswer(f"not the connection of owner {answer.caller}: {answer.body[:300]!r}")


_SYNCED = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=SYNCED_AT)


def _connection(number: int) -> dict[str, object]:
    return {
        "organizationId": spread("org", number),
        "mode": "test",
        "stripeAccountId": spread("acct", number),
        "readiness": "complete",
        "whoMustAct": "nobody",
        "chargesEnabled": True,
        "payoutsEnabled": True,
        "detailsSubmitted": True,
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "disabledReason": None,
        "currentDeadline": None,
        "source": "stored",
    }


@dataclass
class Side:
    """A server over a world, and who asks it."""

    metered: Metered
    owners: Owners
    run: Callable[[Iterator[Request]], Run]
    ahead: int = _FIRST_GUESS

    def measure(self) -> Sample:
        """Ask for a while; look at every answer afterwards."""
        self.owners.prepare(self.ahead)
        run, sample = self.metered.sample(lambda: self.run(self.owners.requests()))
        for answer in run.answers:
            look_at(answer)
        self.ahead = int(_SPARE * len(run.answers))
        return sample


@contextmanager
def contest(kind: str, *, is_quick: bool, accounts: int | None = None) -> Generator[Contest]:
    """Take both worlds from the shelf, start the servers, and offer the contest.

    Raises:
        LeftOut: PostgreSQL is not installed here.
    """
    server_core, load_core = cores()
    many = accounts or (QUICK_MANY if is_quick else MANY)
    few = QUICK_FEW if is_quick else FEW
    seconds = QUICK_SECONDS if is_quick else SECONDS
    with ExitStack() as stack:
        stack.enter_context(pinned(load_core))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        shelf = stack.enter_context(Shelf.opened(kind, core=load_core))
        worlds = {count: shelf.world(count) for count in (few, many)}
        before = {count: _rows(world) for count, world in worlds.items()}

        def side(name: str, count: int) -> Side:
            address = worlds[count].address
            if name == PEER:
                environ = {
                    "BENCH_DATABASE": worlds[count].sqlalchemy_url,
                    "BENCH_JWT_AUDIENCE": JWT_AUDIENCE,
                    "BENCH_JWT_ISSUER": JWT_ISSUER,
                    "BENCH_JWT_SECRET": JWT_SECRET,
                }
                opened = peer_running(name, "status_sqlalchemy", environ, core=server_core)
            else:
                opened = aboard_running(name, address, core=server_core)
            server = stack.enter_context(opened)

            def ask(requests: Iterator[Request]) -> Run:
                return runner.run(
                    drive(server.port, requests, connections=CONNECTIONS, seconds=seconds)
                )

            return Side(Metered(server, shelf.behind), Owners(count), ask)

        sides = [
            side(f"aboard, {many:,} accounts", many),
            side(f"aboard, {many:,} again (A/A)", many),
            side(f"aboard, {few:,} accounts", few),
            side(PEER, many),
        ]

        def check() -> None:
            for count, world in worlds.items():
                if _rows(world) != before[count]:
                    raise WrongAnswer("reading a status wrote to the database")

        rows = [Contestant(each.metered.name, each.measure) for each in sides]
        yield Contest(
            id="B7",
            title=f"Status by owner on {kind}",
            measure="requests/s",
            better=Better.HIGHER,
            ours=rows[0],
            again=rows[1],
            peers=(Contestant(rows[2].name, rows[2].measure, FLAT), rows[3]),
            check=check,
            notes=lambda: [each.metered.note() for each in sides],
        )


def _rows(world: Database) -> list[tuple[object, ...]]:
    return world.rows(
        "SELECT count(*), max(synced_at), sum(revision), (SELECT count(*) FROM audit) FROM accounts"
    )
