"""Where is a million accounts kept between two runs? On a shelf among the temporary files.

Making them takes minutes, and they are the same every time. A shelf belongs to one state of the
schema; another schema finds an empty one.
"""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from benchmarks.clusters import Cluster, cluster_running, query
from benchmarks.databases import Database, PostgresDatabase, SqliteDatabase
from benchmarks.processes import Server
from benchmarks.serving import ROOT, migrate
from benchmarks.worlds import populate

_SOURCES = ("src/aboard/store/migrations/versions/*.py", "benchmarks/worlds.py")


class Shelf:
    """The worlds of one kind of database."""

    def __init__(self, folder: Path, cluster: Cluster | None) -> None:
        """Take the folder of the files, or the cluster that is kept there."""
        self._folder = folder
        self._cluster = cluster

    @classmethod
    @contextmanager
    def opened(cls, kind: str, *, core: int) -> Generator["Shelf"]:
        """Open the shelf of SQLite or of PostgreSQL, whose server runs meanwhile.

        Raises:
            LeftOut: PostgreSQL is not installed here.
        """
        top = Path(tempfile.gettempdir()) / f"aboard-benchmarks-{os.geteuid()}"
        top.mkdir(mode=0o711, exist_ok=True)
        folder = top / _digest()
        folder.mkdir(mode=0o711, exist_ok=True)
        if kind == "SQLite":
            yield cls(folder, None)
            return
        with cluster_running(core=core, kept=folder / "postgresql") as cluster:
            yield cls(folder, cluster)

    @property
    def behind(self) -> tuple[Server, ...]:
        """Return the processes that serve the databases."""
        return () if self._cluster is None else (self._cluster.server,)

    def world(self, count: int) -> Database:
        """Return a world of so many accounts; it is made when it is not there yet."""
        name = f"accounts_{count}"
        if self._cluster is not None:
            return _postgres_world(self._cluster, name, count)
        whole = SqliteDatabase(self._folder / f"{name}.sqlite3")
        if not whole.path.exists():
            begun = SqliteDatabase(self._folder / f"{name}.begun")
            begun.path.unlink(missing_ok=True)
            migrate(begun.address)
            populate(begun, count)
            begun.path.rename(whole.path)
        return whole


def _postgres_world(cluster: Cluster, name: str, count: int) -> Database:
    if not cluster.has(name):
        begun = f"{name}_begun"
        query(cluster.address("postgres"), f'DROP DATABASE IF EXISTS "{begun}"')
        database = PostgresDatabase(cluster.create(begun))
        migrate(database.address)
        populate(database, count)
        query(cluster.address("postgres"), f'ALTER DATABASE "{begun}" RENAME TO "{name}"')
    return PostgresDatabase(cluster.address(name))


def _digest() -> str:
    mark = blake2b(digest_size=6)
    for pattern in _SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            mark.update(path.read_bytes())
    return mark.hexdigest()
