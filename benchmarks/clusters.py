"""Which PostgreSQL do benchmarks stand on? One of their own, beside the load, gone afterwards.

As it is installed: every commit is flushed to disk before it is answered. Whoever is root runs it
as the user `postgres`, since PostgreSQL refuses to run as root.

Source: PostgreSQL's documentation, "Creating a Database Cluster".
"""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from benchmarks.contest import LeftOut
from benchmarks.processes import Server, free_port
from benchmarks.serving import running

_SYSTEM_USER = "postgres"
_USER = "aboard"
_START_SECONDS = 30.0
_INSTALLED = "/usr/lib/postgresql"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "unix_socket_directories": "",
}


class Cluster:
    """A PostgreSQL that runs."""

    def __init__(self, server: Server) -> None:
        """Take a server that runs."""
        self.server = server

    def address(self, name: str) -> str:
        """Return the address of one of its databases, as Aboard takes it."""
        return f"postgresql://{_USER}@127.0.0.1:{self.server.port}/{name}"

    def create(self, name: str, *, like: str = "template1") -> str:
        """Make a database, as a copy of another one if need be; return its address."""
        query(self.address("postgres"), f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return self.address(name)

    def has(self, name: str) -> bool:
        """Say whether there is a database of this name."""
        known = query(self.address("postgres"), "SELECT datname FROM pg_database")
        return (name,) in known


@contextmanager
def cluster_running(*, core: int, kept: Path | None = None) -> Generator[Cluster]:
    """Start a cluster on one core, and end it; `kept` is a folder in which it stays afterwards.

    Raises:
        LeftOut: PostgreSQL is not installed here.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="aboard-bench-pg-")) if kept is None else kept
    try:
        folder.mkdir(parents=True, exist_ok=True)
        user = _system_user()
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        if not data.exists():
            _run(programs / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-E", "UTF8")
        port = free_port()
        given = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = _as_user(programs / "postgres", "-D", data, "-p", port, *given)
        with running(Server("PostgreSQL", command, core=core, port=port), {}) as server:
            try:
                cluster = Cluster(server)
                _wait(cluster)
                yield cluster
            finally:
                _run(programs / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def query(address: str, sql: str, *given: object) -> list[tuple[object, ...]]:
    """Run one statement on a connection of its own; return its rows."""

    async def ask() -> list[tuple[object, ...]]:
        connection = await asyncpg.connect(address)
        try:
            return [tuple(row) for row in await connection.fetch(sql, *given)]
        finally:
            await connection.close()

    return asyncio.run(ask())


def copy_in(
    address: str, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Write many rows in one go."""

    async def copy() -> None:
        connection = await asyncpg.connect(address)
        try:
            await connection.copy_records_to_table(table, columns=columns, records=rows)
        finally:
            await connection.close()

    asyncio.run(copy())


def _wait(cluster: Cluster) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            query(cluster.address("postgres"), "SELECT 1")
        except asyncpg.CannotConnectNowError:  # it listens before it lets anybody in
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _programs() -> Path:
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    installed = sorted(Path(_INSTALLED).glob("*/bin"), key=lambda place: int(place.parent.name))
    if not installed:
        raise LeftOut("PostgreSQL is not installed here")
    return installed[-1]


def _system_user() -> pwd.struct_passwd | None:
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        raise LeftOut(f"root runs PostgreSQL as {_SYSTEM_USER}, who is not known here") from None


def _as_user(*command: object) -> tuple[str, ...]:
    plain = tuple(map(str, command))
    return ("runuser", "-u", _SYSTEM_USER, "--", *plain) if os.geteuid() == 0 else plain


def _run(*command: object) -> None:
    subprocess.run(_as_user(*command), check=True, stdout=subprocess.DEVNULL, cwd="/")  # noqa: S603 - PostgreSQL's own programs
