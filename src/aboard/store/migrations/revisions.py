"""Does this database fit this code? Answered without loading Alembic, at every start.

Source: ADR-0008, SQLite first.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from aboard.store.group_commit import translated

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every revision this code knows, oldest first. A test compares them with the files."""

LATEST_REVISION = REVISIONS[-1]


class DatabaseNotMigrated(Exception):
    """The database is older than the code, or empty."""

    def __init__(self, revision: str | None) -> None:
        """Carry the revision that was found, if any, and say what to do."""
        found = "has no tables yet" if revision is None else f"is at revision {revision}"
        super().__init__(f"the database {found}, wanted is {LATEST_REVISION}: run `aboard migrate`")
        self.revision = revision


class DatabaseTooNew(Exception):
    """The database was migrated by a newer Aboard than this one."""

    def __init__(self, revision: str) -> None:
        """Carry the revision that was found, and say what to do."""
        super().__init__(
            f"the database is at revision {revision}, which this version does not know "
            f"(it ends at {LATEST_REVISION}): start a newer Aboard, or restore a backup"
        )
        self.revision = revision


def check_revision(path: Path) -> None:
    """Refuse a database that does not fit this code.

    Raises:
        DatabaseNotMigrated: it is older, empty or not there.
        DatabaseTooNew: it is newer.
        StoreUnavailable: it cannot be read.
    """
    revision = read_revision(path)
    refuse_unknown(revision)
    if revision != LATEST_REVISION:
        raise DatabaseNotMigrated(revision)


def refuse_unknown(revision: str | None) -> None:
    """Refuse a revision that this code has never heard of.

    Raises:
        DatabaseTooNew: it must be from a later version.
    """
    if revision is not None and revision not in REVISIONS:
        raise DatabaseTooNew(revision)


def read_revision(path: Path) -> str | None:
    """Return the revision a SQLite file is at; None when it is empty or not there.

    Raises:
        StoreUnavailable: it cannot be read.
    """
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            return revision_on(connection)
    except sqlite3.DatabaseError as error:
        raise translated(error) from error


def revision_on(connection: sqlite3.Connection) -> str | None:
    """Return the revision, read on an open connection."""
    is_there = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    ).fetchall()
    if not is_there:
        return None
    rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    return str(rows[0][0]) if rows else None
