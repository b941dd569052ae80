"""Which database does a side have, and what is stored in it? SQLite or PostgreSQL, by one name.

Guards read what was stored on a line of their own, never through the server that they judge.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.clusters import query


class Database(Protocol):
    """A database of one side."""

    @property
    def address(self) -> str:
        """Return what `ABOARD_DATABASE` is set to."""
        ...

    @property
    def sqlalchemy_url(self) -> str:
        """Return what SQLAlchemy's asynchronous engine is given."""
        ...

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Run one statement and return its rows."""
        ...


@dataclass(frozen=True, slots=True)
class SqliteDatabase:
    """A file."""

    path: Path

    @property
    def address(self) -> str:
        """Return the path."""
        return str(self.path)

    @property
    def sqlalchemy_url(self) -> str:
        """Return it with the driver that FastAPI's users take."""
        return f"sqlite+aiosqlite:///{self.path}"

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Run one statement and return its rows."""
        with closing(sqlite3.connect(self.path, timeout=30)) as connection, connection:
            return connection.execute(sql).fetchall()


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """A database of a cluster."""

    address: str

    @property
    def sqlalchemy_url(self) -> str:
        """Return it with the driver that FastAPI's users take."""
        return self.address.replace("postgresql://", "postgresql+asyncpg://")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Run one statement and return its rows."""
        return query(self.address, sql)
