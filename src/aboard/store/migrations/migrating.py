"""How is a database brought up to date? One process at a time, whole or not at all.

The lock is SQLite's own: the write transaction that holds the whole migration. A second process
waits for it and then finds nothing left to do.

Source: ADR-0008, SQLite first; Alembic's documentation, "Commands".
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from aboard.store.group_commit import translated
from aboard.store.migrations.revisions import (
    LATEST_REVISION,
    read_revision,
    refuse_unknown,
    revision_on,
)
from aboard.store.sqlite import connect, path_of

# A migration of a large database takes its time; others wait for it.
_LOCK_SECONDS = 600.0


def current_revision(path_or_url: str) -> str | None:
    """Return the revision a database is at; None when it is empty or not there.

    Raises:
        SettingsRefused: it names no database that we can use.
        StoreUnavailable: it cannot be read.
    """
    return read_revision(path_of(path_or_url))


def migrate(path_or_url: str) -> bool:
    """Bring a database to the latest revision, making it if need be; say whether it changed.

    Any number of processes may do so at once.

    Raises:
        SettingsRefused: it names no database that we can use.
        DatabaseTooNew: a newer Aboard has migrated it; nothing is changed.
        StoreUnavailable: it cannot be opened, or another migration takes too long.
    """
    path = path_of(path_or_url)
    revision = read_revision(path)
    refuse_unknown(revision)
    if revision == LATEST_REVISION:
        return False
    with closing(connect(path, busy_seconds=_LOCK_SECONDS)) as connection:
        return _upgrade(connection)


def _upgrade(raw_connection: sqlite3.Connection) -> bool:
    # Loaded here, because a start that finds everything in place should not pay for Alembic.
    from alembic import command  # noqa: PLC0415 -- costs a start
    from alembic.config import Config  # noqa: PLC0415 -- costs a start
    from sqlalchemy import StaticPool, create_engine  # noqa: PLC0415 -- costs a start
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 -- costs a start

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = create_engine("sqlite://", creator=lambda: raw_connection, poolclass=StaticPool)
    # SQLAlchemy rolls back when it first sees a connection: our transaction begins after that.
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        try:
            raw_connection.execute("BEGIN IMMEDIATE")
            revision = revision_on(raw_connection)
            refuse_unknown(revision)
            if revision == LATEST_REVISION:
                return False
            command.upgrade(config, LATEST_REVISION)
            raw_connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise translated(error) from error
        except DBAPIError as error:
            if isinstance(error.orig, sqlite3.DatabaseError):
                raise translated(error.orig) from error
            raise
    return True
