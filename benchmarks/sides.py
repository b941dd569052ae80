"""Which servers take part in B1, and how are they started? One worker, one core, no access log."""

import hashlib
import http.client
import json
import sqlite3
import sys
from asyncio import Runner
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.callers import JWT_AUDIENCE, JWT_ISSUER, JWT_SECRET, Caller, Crowd
from benchmarks.contest import WrongAnswer
from benchmarks.load import drive
from benchmarks.processes import Server, free_port
from benchmarks.ratios import Target
from benchmarks.serving import (
    ABOARD,
    REFRESH_URL,
    RETURN_URL,
    STRIPE_KEY,
    aboard_running,
    migrate,
    peer_running,
    running,
)

_CREATORS = "/api/v1/creators"
_SEEDING_SECONDS = 120.0
_RESPONDER = (sys.executable, "-m", "benchmarks.peers.stripe_responder")


class Upstream:
    """The Stripe behind every side: Aboard's own sandbox, or a responder that does less."""

    def __init__(self, kind: str, server: Server) -> None:
        """Take a server that runs."""
        self.server = server
        self.title = {"sandbox": "aboard sandbox", "responder": "a responder without rules"}[kind]
        self.api_base = f"http://127.0.0.1:{server.port}"
        self._links = {"sandbox": "/_sandbox/worlds", "responder": "/count"}[kind]

    @classmethod
    @contextmanager
    def started(
        cls, kind: str, *, core: int, latency_seconds: float = 0.0
    ) -> Generator["Upstream"]:
        """Start it beside the load, answering after so many seconds, and end it."""
        port, wait = free_port(), str(latency_seconds)
        command = {
            "sandbox": (*ABOARD, "sandbox", "--port", str(port), "--latency", wait),
            "responder": (*_RESPONDER, str(port), wait),
        }[kind]
        with running(Server(kind, command, core=core, port=port), {}) as server:
            yield cls(kind, server)

    def links_made(self) -> int:
        """Return how many account links it has made so far."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.port)) as line:
            line.request("GET", self._links)
            told = json.loads(line.getresponse().read())
        worlds = told.get("data", [told])
        return sum(int(world["links"]) for world in worlds)


class Side:
    """A running server under test, and its database."""

    def __init__(self, server: Server, database: Path) -> None:
        """Take a server that runs."""
        self.name = server.name
        self.port = server.port
        self.cpu_seconds = server.cpu_seconds
        self._database = database

    def rows(self) -> str:
        """Return a digest of every row that is stored."""
        with closing(sqlite3.connect(self._database)) as connection:
            lines = "\n".join(connection.iterdump())
        return hashlib.sha256(lines.encode()).hexdigest()


class Aboard:
    """Our own server: seeded through its own HTTP face, as a platform would use it."""

    def __init__(self, name: str, folder: Path, stripe: Upstream, *, core: int) -> None:
        """Describe it; nothing is started yet."""
        self._name = name
        self._database = folder / "aboard.sqlite3"
        self._stripe = stripe
        self._core = core

    @contextmanager
    def running(self) -> Generator[Side]:
        """Start `aboard serve`, and end it."""
        self._database.parent.mkdir(exist_ok=True)
        migrate(str(self._database))
        with aboard_running(
            self._name, str(self._database), core=self._core, stripe=self._stripe.api_base
        ) as server:
            yield Side(server, self._database)

    def twin(self, name: str, folder: Path) -> "Aboard":
        """Return a second one with a copy of the database."""
        folder.mkdir(exist_ok=True)
        twin = Aboard(name, folder, self._stripe, core=self._core)
        with (
            closing(sqlite3.connect(self._database)) as source,
            closing(sqlite3.connect(twin._database)) as copy,
        ):
            source.backup(copy)
        return twin


def seed(side: Side, users: list[str], runner: Runner, *, connections: int = 16) -> list[Caller]:
    """Make each user a creator with a connected account; return who they are.

    Raises:
        WrongAnswer: a creator could not be made.
    """
    crowd = Crowd(users)
    accounts = [""] * len(users)
    for path in (f"{_CREATORS}/upgrade", f"{_CREATORS}/stripe-connect/initiate"):
        run = runner.run(
            drive(side.port, crowd.once(path), connections=connections, seconds=_SEEDING_SECONDS)
        )
        if len(run.answers) != len(users):
            raise WrongAnswer(f"only {len(run.answers)} of {len(users)} creators were made")
        for answer in run.answers:
            if answer.status not in {200, 201}:
                raise WrongAnswer(f"{path}: status {answer.status}: {answer.body[:300]!r}")
            accounts[answer.caller] = json.loads(answer.body)["data"].get("accountId", "")
    return [Caller(user, account) for user, account in zip(users, accounts, strict=True)]


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that somebody else would have written."""

    name: str
    module: str
    target: Target | None
    stripe_http: str = ""


PEERS = (
    Peer("FastAPI tutorial, sync SDK, SQLAlchemy", "tutorial", Target(reach=6, moonshot=20)),
    Peer("FastAPI async, SDK (aiohttp), aiosqlite", "strong", Target(1.8, 5), "aiohttp"),
    Peer("FastAPI async, SDK (httpx), aiosqlite", "strong", None, "httpx"),
)


@contextmanager
def peer_server(
    peer: Peer, folder: Path, callers: list[Caller], stripe: Upstream, *, core: int
) -> Generator[Side]:
    """Store the callers for a peer, start it, and end it."""
    folder = folder.with_name(f"{folder.name}-{peer.stripe_http}")
    folder.mkdir()
    database = folder / "peer.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE creators (user_id TEXT PRIMARY KEY, stripe_account_id TEXT)"
        )
        connection.executemany(
            "INSERT INTO creators VALUES (?, ?)",
            [(caller.user_id, caller.stripe_account_id) for caller in callers],
        )
        connection.commit()
    environ = {
        "BENCH_DATABASE": str(database),
        "BENCH_JWT_AUDIENCE": JWT_AUDIENCE,
        "BENCH_JWT_ISSUER": JWT_ISSUER,
        "BENCH_JWT_SECRET": JWT_SECRET,
        "BENCH_REFRESH_URL": REFRESH_URL,
        "BENCH_RETURN_URL": RETURN_URL,
        "BENCH_STRIPE_API": stripe.api_base,
        "BENCH_STRIPE_HTTP": peer.stripe_http,
        "BENCH_STRIPE_KEY": STRIPE_KEY,
    }
    with peer_running(peer.name, peer.module, environ, core=core) as server:
        yield Side(server, database)
