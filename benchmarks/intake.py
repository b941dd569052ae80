"""B3: how many webhooks a second are taken in, each of them durable before its 200?

Whole signed events of the usual size, one in five of them posted twice, over many lines at once.
The peer verifies with the official library and inserts with SQLAlchemy; ours also makes the
account due, in the same commit. Guards: every acknowledged id is stored once with its type and
account and nothing else is, every account rang, and a server that is killed at a random moment
has lost nothing that it acknowledged. An early 200 does not pass that.
"""

import asyncio
import random
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from benchmarks.clusters import Cluster, cluster_running
from benchmarks.contest import Contest, Contestant, Sample, WrongAnswer
from benchmarks.databases import Database, PostgresDatabase, SqliteDatabase
from benchmarks.load import Answer, Request, Run, drive
from benchmarks.metered import Metered
from benchmarks.postbag import SECRET, TYPE, Postbag, event_id
from benchmarks.processes import Server, cores, pinned
from benchmarks.ratios import Better, Target
from benchmarks.serving import aboard_running, migrate, peer_running
from benchmarks.worlds import populate, spread

CONNECTIONS = 64
ACCOUNTS = 1000
SECONDS, QUICK_SECONDS = 2.0, 0.5
KILLS = 2
AIM = Target(10, 25)
PEER = "FastAPI, construct_event, SQLAlchemy"
_KILLED_AFTER = (150, 900)
"""How many events are posted before the kill; a random moment follows, in seconds:"""
_KILLED_WITHIN = 0.05
_KILL_SECONDS = 60.0
_FIRST_GUESS = 2_000
_SPARE = 1.3
_STORED = {
    "aboard": "SELECT id, type, stripe_account_id FROM events",
    "peer": "SELECT id, type, account FROM events",
}
_RUNG = """SELECT DISTINCT accounts.stripe_account_id FROM accounts JOIN account_syncs
    ON account_syncs.account_id = accounts.id WHERE account_syncs.rung_at IS NOT NULL"""

Open = Callable[[str, Database], AbstractContextManager[Server]]


@dataclass
class Ledger:
    """Which events of one side were acknowledged; an answer says nothing else."""

    accounts: list[str]
    acknowledged: set[int] = field(default_factory=set)

    def take_in(self, answers: list[Answer]) -> None:
        """Remember who was told that their event is safe.

        Raises:
            WrongAnswer: another status or body.
        """
        for answer in answers:
            if answer.status != 200 or answer.body != b'{"received":true}':
                raise WrongAnswer(f"status {answer.status}: {answer.body[:300]!r}")
            self.acknowledged.add(answer.caller)

    def compare(self, stored: list[tuple[object, ...]], *, is_whole: bool = True) -> None:
        """Hold what is stored against what was acknowledged.

        With `is_whole` off, events may be stored whose sender never heard so.

        Raises:
            WrongAnswer: an acknowledged event is not stored, one is stored twice, or changed, or
                was never posted.
        """
        found = {key: (kind, account) for key, kind, account in stored}
        if len(found) != len(stored):
            raise WrongAnswer("an event is stored twice")
        wanted = {
            event_id(number): (TYPE, self.accounts[number % len(self.accounts)])
            for number in self.acknowledged
        }
        lost = wanted.keys() - found.keys()
        if lost:
            raise WrongAnswer(f"{len(lost)} acknowledged events are not stored: {min(lost)}")
        if is_whole and found.keys() != wanted.keys():
            raise WrongAnswer("events are stored that nobody was told of")
        if any(found[key] != row for key, row in wanted.items()):
            raise WrongAnswer("an event is stored with another type or account")


@dataclass
class Side:
    """A server that takes webhooks in, with its own events and its own ledger."""

    metered: Metered
    database: Database
    kind: str
    bag: Postbag
    ledger: Ledger
    run: Callable[[Iterator[Request], float], Run]
    seconds: float
    ahead: int = _FIRST_GUESS

    def measure(self) -> Sample:
        """Post for a while; look at every answer afterwards."""
        self.bag.prepare(self.ahead)
        run, sample = self.metered.sample(lambda: self.run(self.bag.requests(), self.seconds))
        self.ledger.take_in(run.answers)
        self.ahead = int(_SPARE * len(run.answers))
        return sample

    def check(self) -> None:
        """Compare what is stored with what was acknowledged, and see that the bells rang.

        Raises:
            WrongAnswer: they differ, or an account with news is not due.
        """
        self.ledger.compare(self.database.rows(_STORED[self.kind]))
        if self.kind == "aboard":
            rung = {str(row[0]) for row in self.database.rows(_RUNG)}
            numbers = self.ledger.acknowledged
            if rung != {self.ledger.accounts[number % ACCOUNTS] for number in numbers}:
                raise WrongAnswer("an event was stored and its account is not due")


def survive_kill(
    server: Server, database: Database, kind: str, accounts: list[str], runner: asyncio.Runner
) -> int:
    """Kill a server under load at a random moment; return how many events it had acknowledged.

    Raises:
        WrongAnswer: one of those is not in the database.
    """
    bag, ledger = Postbag(accounts), Ledger(accounts)
    posts, delay = random.randint(*_KILLED_AFTER), random.uniform(0, _KILLED_WITHIN)  # noqa: S311 - a moment is no secret

    def until_killed() -> Iterator[Request]:
        for number, request in enumerate(bag.requests()):
            if number == posts:
                asyncio.get_running_loop().call_later(delay, server.kill)
            yield request

    async def load() -> Run:
        return await drive(
            server.port,
            until_killed(),
            connections=CONNECTIONS,
            seconds=_KILL_SECONDS,
            patience_seconds=2,
            must_answer=False,
        )

    run = runner.run(load())
    if not run.unanswered or not run.answers:
        raise WrongAnswer("nobody was answered, or nobody waited: the kill proved nothing")
    ledger.take_in(run.answers)
    ledger.compare(database.rows(_STORED[kind]), is_whole=False)
    return len(ledger.acknowledged)


@contextmanager
def contest(kind: str, *, is_quick: bool) -> Generator[Contest]:
    """Start both sides over SQLite or PostgreSQL, and offer the contest.

    Raises:
        LeftOut: PostgreSQL is not installed here.
    """
    server_core, load_core = cores()
    seconds = QUICK_SECONDS if is_quick else SECONDS
    accounts = [spread("acct", number) for number in range(ACCOUNTS)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="aboard-bench-")))
        stack.enter_context(pinned(load_core))
        runner = stack.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        cluster = stack.enter_context(cluster_running(core=load_core)) if kind != "SQLite" else None

        def make(name: str) -> Database:
            return _empty(name, folder, cluster)

        def side(name: str, whose: str, open_server: Open) -> Side:
            database = make(name.replace(" ", "_"))
            if whose == "aboard":
                migrate(database.address)
                populate(database, ACCOUNTS)
            server = stack.enter_context(open_server(name, database))

            def post(requests: Iterator[Request], duration: float) -> Run:
                return runner.run(
                    drive(server.port, requests, connections=CONNECTIONS, seconds=duration)
                )

            behind = () if cluster is None else (cluster.server,)
            return Side(
                Metered(server, behind),
                database,
                whose,
                Postbag(accounts),
                Ledger(accounts),
                post,
                seconds,
            )

        openers = {"aboard": open_ours(server_core), "peer": open_peer(server_core)}
        sides = [
            side("aboard", "aboard", openers["aboard"]),
            side("aboard again (A/A)", "aboard", openers["aboard"]),
            side(PEER, "peer", openers["peer"]),
        ]
        survived: dict[str, int] = {}

        def check() -> None:
            for each in sides:
                each.check()
            for whose, open_server in openers.items():
                survived[whose] = 0
                for number in range(KILLS):
                    database = make(f"killed_{whose}_{number}")
                    if whose == "aboard":
                        migrate(database.address)
                    with open_server(f"{whose}, to be killed", database) as server:
                        survived[whose] += survive_kill(server, database, whose, accounts, runner)

        rows = [Contestant(each.metered.name, each.measure) for each in sides]
        yield Contest(
            id="B3",
            title=f"Webhook intake on {kind}, durable before the 200",
            measure="requests/s",
            better=Better.HIGHER,
            ours=rows[0],
            again=rows[1],
            peers=(Contestant(PEER, sides[2].measure, AIM),),
            check=check,
            notes=lambda: _notes(sides, survived),
        )


def _notes(sides: list[Side], survived: dict[str, int]) -> list[str]:
    stored = sum(len(side.ledger.acknowledged) for side in sides)
    ours, theirs = survived["aboard"], survived["peer"]
    return [
        *(side.metered.note() for side in sides),
        f"{stored} events are stored as acknowledged; {CONNECTIONS} lines, one in five came twice",
        f"killed {KILLS} times each after {ours} and {theirs} acknowledged events, none lost",
    ]


def _empty(name: str, folder: Path, cluster: Cluster | None) -> Database:
    plain = "".join(letter if letter.isalnum() else "_" for letter in name.lower())
    if cluster is None:
        return SqliteDatabase(folder / f"{plain}.sqlite3")
    return PostgresDatabase(cluster.create(plain))


def open_ours(core: int) -> Open:
    more = {
        "ABOARD_WEBHOOKS": "true",
        "ABOARD_TEST_CONNECT_WEBHOOK_SECRETS": SECRET,
        "ABOARD_TEST_PLATFORM_WEBHOOK_SECRETS": "whsec_benchmark_of_no_value_000000000002",
    }

    def open_server(name: str, database: Database) -> AbstractContextManager[Server]:
        return aboard_running(name, database.address, core=core, more=more)

    return open_server


def open_peer(core: int) -> Open:
    def open_server(name: str, database: Database) -> AbstractContextManager[Server]:
        environ = {"BENCH_DATABASE": database.sqlalchemy_url, "BENCH_WEBHOOK_SECRET": SECRET}
        return peer_running(name, "intake_sqlalchemy", environ, core=core)

    return open_server
