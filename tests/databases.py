"""On which databases does a test run? On a SQLite file, or on a PostgreSQL server, or on both.

A plugin of the suite. `database` is the address of an empty, migrated database: a SQLite file,
unless the test or its module is marked `both`; then the test runs once on each kind. `postgres`
is a desk at the server: what a test wants to look at or to spoil behind the store's back.

`ABOARD_TEST_POSTGRES` names a server and a user who may make databases. Each process of the suite
makes one of its own, empties it before each test, and drops it at the end.
"""

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from aboard.store import migrate
from aboard.store.schema import metadata
from tests.leaks import ROWS

SERVER = os.environ.get("ABOARD_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
_PREFIX = "aboard_test_"
_Answer = TypeVar("_Answer")


class Kind(StrEnum):
    """The kinds of database that everything must run on."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


@cache
def migrated_file() -> bytes:
    """Return an empty SQLite database with every migration behind it, made once per process."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite3"
        migrate(str(path))
        return path.read_bytes()


class Desk:
    """A connection of the tests' own to their database, usable from anywhere."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._connection = self._wait(asyncpg.connect(address, timeout=5))
        # Those that refer to others first.
        names = [table.name for table in reversed(metadata.sorted_tables)]
        self._filled = " UNION ALL ".join(
            f"SELECT {number}, '{name}' WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608 - own schema
            for number, name in enumerate(names)
        )

    def _wait(self, question: Coroutine[Any, Any, _Answer]) -> _Answer:
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(50)

    def run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement with its values, or a script without; return the rows."""
        return [tuple(row) for row in self._wait(self._connection.fetch(sql, *values))]

    def script(self, sql: str) -> None:
        """Run several statements, separated by semicolons."""
        self._wait(self._connection.execute(sql))

    def empty(self) -> None:
        """Delete every row."""
        filled = self._filled_tables()
        if filled:
            self.script(";".join(f"DELETE FROM {name}" for name in filled))  # noqa: S608 - as above

    def _filled_tables(self) -> list[str]:
        return [str(name) for _, name in sorted(self.run(self._filled))]

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield each row of each table as text, with the table's name."""
        for name in self._filled_tables():
            for row in self.run(f'SELECT * FROM "{name}"'):  # noqa: S608 - own schema
                yield (
                    name,
                    "\n".join(
                        each.decode("latin-1") if isinstance(each, bytes) else str(each)
                        for each in row
                    ),
                )

    def close(self) -> None:
        with suppress(Exception):
            self._wait(self._connection.close(timeout=2))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def named(name: str, server: str = SERVER) -> str:
    """Return the address of another database on the same server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def make_database(name: str) -> str:
    """Make an empty database on the server and return its address; skip without a server."""
    try:
        desk = Desk(SERVER)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        pytest.skip(f"no PostgreSQL at ABOARD_TEST_POSTGRES ({type(error).__name__})")
    try:
        _drop_leftovers(desk)
        desk.script(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    finally:
        desk.close()
    return named(name)


def drop_database(name: str) -> None:
    """Drop a database, whoever still holds it."""
    desk = Desk(SERVER)
    try:
        desk.script(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        desk.close()


def _drop_leftovers(desk: Desk) -> None:
    """Drop what processes that were killed have left behind on this machine."""
    for (name,) in desk.run("SELECT datname FROM pg_database WHERE datname LIKE $1", f"{_PREFIX}%"):
        process = str(name).rpartition("_")[2]
        if process.isdigit() and not Path(f"/proc/{process}").exists() and Path("/proc").exists():
            with suppress(asyncpg.PostgresError):  # somebody else drops it at this very moment
                desk.script(f'DROP DATABASE IF EXISTS "{name}"')


def free_name(word: str = "") -> str:
    """Return a database's name that is this process's own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return f"{_PREFIX}{word}{worker}_{os.getpid()}"


@pytest.fixture(scope="session")
def postgres_desk() -> Iterator[Desk]:
    """Yield a desk at this process's own database, migrated once."""
    name = free_name()
    address = make_database(name)
    try:
        migrate(address)
        desk = Desk(address)
        yield desk
        desk.close()
    finally:
        drop_database(name)


@pytest.fixture
def postgres(postgres_desk: Desk, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Yield a desk at this process's own database, which is empty now."""
    postgres_desk.empty()
    yield postgres_desk
    request.node.stash[ROWS] = list(postgres_desk.rows())


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """Return an empty, migrated SQLite file."""
    path = tmp_path / "aboard.sqlite3"
    path.write_bytes(migrated_file())
    return path


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Return the address of an empty, migrated database, of the kind that the test asks for."""
    kind = getattr(request, "param", Kind.SQLITE)
    if kind is Kind.SQLITE:
        return str(request.getfixturevalue("sqlite_file"))
    desk: Desk = request.getfixturevalue("postgres")
    return desk.address


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `both` once on each kind of database."""
    if "database" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both"):
        kinds: Sequence[Kind] = tuple(Kind)
        metafunc.parametrize("database", kinds, indirect=True)
