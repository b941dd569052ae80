"""How does a question become bare SQL? Compiled once per dialect, when the store is opened.

SQLAlchemy writes the SQL; it takes no part in running it.

Source: ADR-0003, stack; ADR-0008, SQLite first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ClauseElement, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Value = str | int | bytes | None
Params = Mapping[str, Value]


class DialectName(StrEnum):
    """The databases that every question is written for."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True, slots=True)
class Statement:
    """One question in one dialect.

    `sql` has named places (`:id`) for SQLite and numbered ones (`$1`) for PostgreSQL, where
    `names` gives their order. One that `rings` makes work for those who wait for some.
    """

    sql: str
    names: tuple[str, ...]
    rings: bool = False


class Compiler:
    """Compiles questions for one dialect and remembers all of them."""

    def __init__(self, dialect: DialectName) -> None:
        """Choose the dialect; nothing is connected."""
        self.statements: list[Statement] = []
        self._is_sqlite = dialect is DialectName.SQLITE
        self._dialect = _dialect(dialect)

    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """Begin an INSERT that knows its dialect's ON CONFLICT."""
        if self._is_sqlite:
            return sqlite.insert(table)
        # Loaded only where it is wanted: it would lengthen a start on SQLite.
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 -- costs a start

        return postgresql.insert(table)

    def prepare(self, question: ClauseElement, *, rings: bool = False) -> Statement:
        """Compile one question; does it make work for those who wait for some?

        Every place it leaves open has to be filled by name at every run.
        """
        compiled = question.compile(dialect=self._dialect)
        sql, values = compiled.string, compiled.params
        for name, value in compiled.params.items():
            if value is not None:
                # SQLAlchemy's own doing, such as OFFSET 0: not worth a place at every run.
                sql = re.sub(rf":{name}\b", str(int(value)), sql)
                del values[name]
        positions = getattr(compiled, "positiontup", None)
        return self._keep(Statement(sql, tuple(values if positions is None else positions), rings))

    def prepare_for_many(
        self, sql: str, names: tuple[str, ...], *, rings: bool = False
    ) -> Statement | None:
        """Keep a statement that writes many rows at once, where the database can do that.

        Written out, because it is PostgreSQL's alone: each place takes a whole column.
        """
        return None if self._is_sqlite else self._keep(Statement(sql, names, rings))

    def _keep(self, statement: Statement) -> Statement:
        self.statements.append(statement)
        return statement


def _dialect(name: DialectName) -> Dialect:
    if name is DialectName.SQLITE:
        return sqlite.dialect(paramstyle="named")
    from sqlalchemy.dialects.postgresql import asyncpg  # noqa: PLC0415 -- as above

    return asyncpg.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy left it untyped
