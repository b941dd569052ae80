"""B8: do more workers read more accounts, and each account once?

A crew of workers over one PostgreSQL, beside a single worker; and a single one over SQLite. Stripe
is a responder in a process of its own, which takes 150 ms where workers are to wait as in life.
Guards: the responder and the database agree on who was read, each once; and when a worker is
killed in the middle, the others take over what it held, and nothing else is read again.
"""

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.clusters import Cluster, cluster_running
from benchmarks.contest import Contest, Contestant, Sample
from benchmarks.crews import Crew, Stripe, crew_working
from benchmarks.databases import Database, PostgresDatabase, SqliteDatabase
from benchmarks.processes import Server, free_port, pinned
from benchmarks.ratios import Better, Target
from benchmarks.serving import migrate, running
from benchmarks.worlds import populate

ACCOUNTS = 5000
KILLED_ACCOUNTS = 600
SECONDS, QUICK_SECONDS = 2.0, 1.2
SETTLED_SECONDS = 0.6
AIMS = {2: Target(1.7, 2), 4: Target(3, 4)}
"""By how many workers; beside one. More is bounded only by Stripe's own limit."""


def worker_cores() -> Sequence[int]:
    """Return the cores of the workers: all but the last, which the rest of the world has."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[:-1] or usable


@contextmanager
def contest(
    count: int,
    *,
    latency_seconds: float,
    is_quick: bool,
    has_kill: bool = False,
    has_sqlite: bool = False,
) -> Generator[Contest]:
    """Start a crew of `count` twice and a single worker, and offer the contest.

    With `has_kill`, a third crew loses a worker at the end, and everything is read all the same.

    Raises:
        LeftOut: PostgreSQL is not installed here.
    """
    seconds = QUICK_SECONDS if is_quick else SECONDS
    cores, load_core = worker_cores(), max(os.sched_getaffinity(0))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="aboard-bench-")))
        stack.enter_context(pinned(load_core))
        cluster = stack.enter_context(cluster_running(core=load_core))
        stripe = stack.enter_context(stripe_running(latency_seconds, core=load_core))

        def crew(name: str, size: int, accounts: int = ACCOUNTS) -> Crew:
            database = _world(name, accounts, folder, None if "SQLite" in name else cluster)
            opened = crew_working(name, size, database, stripe, accounts=accounts, cores=cores)
            return stack.enter_context(opened)

        crews = [crew(f"{count} workers", count), crew(f"{count} workers again (A/A)", count)]
        crews.append(crew("one worker", 1))
        if has_sqlite:
            crews.append(crew("one worker on SQLite", 1))
        survived: list[tuple[int, int]] = []

        def row(each: Crew, target: Target | None = None) -> Contestant:
            def measure() -> Sample:
                return each.measure(seconds, SETTLED_SECONDS)

            return Contestant(each.name, measure, target)

        def check() -> None:
            if has_kill:
                name = f"{count} workers, one killed"
                survived.append(crew(name, count, KILLED_ACCOUNTS).survive_kill())

        def notes() -> list[str]:
            return [
                "each account read once and written: responder and database agree",
                *map(_told, survived),
                f"cores of the workers: {len(cores)}; PostgreSQL and the responder on another",
            ]

        said = f"Stripe answers after {1000 * latency_seconds:.0f} ms"
        yield Contest(
            id="B8",
            title=f"Sync of due accounts, {count} workers; {said}",
            measure="accounts/s",
            better=Better.HIGHER,
            ours=row(crews[0]),
            again=row(crews[1]),
            peers=(row(crews[2], AIMS.get(count)), *map(row, crews[3:])),
            check=check,
            notes=notes,
        )


def _told(survived: tuple[int, int]) -> str:
    held, whole = survived
    return f"a worker was killed with {held} of {whole} accounts in hand; the others read them"


@contextmanager
def stripe_running(latency_seconds: float, *, core: int) -> Generator[Stripe]:
    """Start the responder, and end it."""
    port = free_port()
    command = (sys.executable, "-m", "benchmarks.peers.stripe_responder", str(port))
    responder = Server("responder", (*command, str(latency_seconds)), core=core, port=port)
    with running(responder, {}) as server:
        yield Stripe(server)


def _world(name: str, accounts: int, folder: Path, cluster: Cluster | None) -> Database:
    plain = "".join(letter if letter.isalnum() else "_" for letter in name.lower())
    database: Database
    if cluster is None:
        database = SqliteDatabase(folder / f"{plain}.sqlite3")
    else:
        database = PostgresDatabase(cluster.create(plain))
    migrate(database.address)
    populate(database, accounts)
    return database
