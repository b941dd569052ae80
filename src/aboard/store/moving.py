"""How do rows get from a SQLite file into a database on a server? All of them, or none.

Both must be at the latest revision, and the one on the server empty. The file is only read, as it
stands at one moment; nobody should write into it meanwhile, or what they write stays behind.

Source: docs/self-hosting.md, choosing a database; ADR-0022, PostgreSQL.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, Final

from sqlalchemy import Table

from aboard.core.database import PostgresServer, SqliteFile
from aboard.store.group_commit import translated
from aboard.store.migrations.reading import check_revision
from aboard.store.migrations.revisions import DatabaseNotEmpty
from aboard.store.postgres.connecting import Connection, run_apart
from aboard.store.postgres.faults import facts
from aboard.store.schema import metadata
from aboard.store.sqlite import connect

_PORTION: Final = 2_000
_SECONDS: Final = 3600.0
_PATIENCE: Final = (
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
)
_NUL, _REPLACED = "\0", "\ufffd"


def move_rows(
    source: SqliteFile, target: PostgresServer, told: Callable[[str, int], None]
) -> Mapping[str, int]:
    """Copy every row and return how many each table has; `told` hears it table by table.

    Raises:
        DatabaseNotMigrated: one of the two is older, empty of tables, or not there.
        DatabaseTooNew: one of the two is a newer Aboard's.
        DatabaseNotEmpty: the target has rows; nothing is changed.
        StoreUnavailable: one of the two gives no answer; nothing is written.
        StatementRefused: a row does not fit; nothing is written.
    """
    for address in (source, target):
        check_revision(address)
    moved: dict[str, int] = {}

    async def move(connection: Connection) -> None:
        with facts(), closing(connect(source.path)) as file:
            file.execute("PRAGMA query_only=ON")
            file.execute("BEGIN")
            async with connection.transaction():
                await connection.execute(_PATIENCE)
                for table in metadata.sorted_tables:
                    await _refuse_rows(connection, table)
                for table in metadata.sorted_tables:
                    moved[table.name] = await _copy(file, connection, table)
                    told(table.name, moved[table.name])

    try:
        run_apart(move, target)
    except sqlite3.DatabaseError as error:
        raise translated(error) from error
    return moved


async def _refuse_rows(connection: Connection, table: Table) -> None:
    # Held until the commit: nobody begins to write while rows come in.
    await connection.execute(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE")
    if await connection.fetchval(f"SELECT EXISTS (SELECT 1 FROM {table.name})"):  # noqa: S608 - own schema
        raise DatabaseNotEmpty(table.name)


async def _copy(file: sqlite3.Connection, connection: Connection, table: Table) -> int:
    names = [column.name for column in table.columns]
    count = 0
    for portion in _portions(file, table.name, names):
        await connection.copy_records_to_table(
            table.name, records=portion, columns=names, timeout=_SECONDS
        )
        count += len(portion)
    counted = table.autoincrement_column
    if counted is not None and count:
        # The next number that the server gives out follows the last one that came along.
        await connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', '{counted.name}'),"  # noqa: S608 - own schema
            f" (SELECT max({counted.name}) FROM {table.name}))"
        )
    return count


def _portions(
    file: sqlite3.Connection, table: str, names: Sequence[str]
) -> Iterator[list[tuple[Any, ...]]]:
    columns = ", ".join(f'"{name}"' for name in names)
    cursor = file.execute(f'SELECT {columns} FROM "{table}"')  # noqa: S608 - own schema
    while rows := cursor.fetchmany(_PORTION):
        yield [tuple(_without_nul(value) for value in row) for row in rows]


def _without_nul(value: object) -> object:
    return value.replace(_NUL, _REPLACED) if isinstance(value, str) and _NUL in value else value
