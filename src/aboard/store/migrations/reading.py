"""Does this database fit this code? Answered without loading Alembic, at every start.

Source: ADR-0008, SQLite first; ADR-0022, PostgreSQL.
"""

import sqlite3
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from aboard.core.database import DatabaseAddress, SqliteFile
from aboard.core.errors import SettingsRefused
from aboard.store.group_commit import translated
from aboard.store.migrations.revisions import (
    LATEST_REVISION,
    DatabaseNotMigrated,
    refuse_unknown,
)


def check_revision(address: DatabaseAddress) -> None:
    """Refuse a database that does not fit this code.

    Raises:
        SettingsRefused: what speaks to this kind of database is not installed.
        DatabaseNotMigrated: it is older, empty or not there.
        DatabaseTooNew: it is newer.
        StoreUnavailable: it cannot be read.
    """
    revision = read_revision(address)
    refuse_unknown(revision)
    if revision != LATEST_REVISION:
        raise DatabaseNotMigrated(revision)


def read_revision(address: DatabaseAddress) -> str | None:
    """Return the revision a database is at; None when it is empty, or a file that is not there.

    Raises:
        SettingsRefused: what speaks to this kind of database is not installed.
        StoreUnavailable: it cannot be read.
    """
    if isinstance(address, SqliteFile):
        return _read_file(address.path)
    if find_spec("asyncpg") is None:
        raise SettingsRefused(["the database needs an extra: pip install 'aboard[postgres]'"])
    from aboard.store.migrations.on_postgres import read_server  # noqa: PLC0415 -- an extra

    return read_server(address)


def _read_file(path: Path) -> str | None:
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            return revision_on(connection)
    except sqlite3.DatabaseError as error:
        raise translated(error) from error


def revision_on(connection: sqlite3.Connection) -> str | None:
    """Return the revision, read on an open connection to a SQLite file."""
    is_there = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    ).fetchall()
    if not is_there:
        return None
    rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    return str(rows[0][0]) if rows else None
