"""How is a SQLite file migrated? In one write transaction, which is the lock as well.

Source: Alembic's documentation, "Commands"; ADR-0008, SQLite first.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from sqlalchemy import StaticPool, create_engine
from sqlalchemy.exc import DBAPIError

from aboard.store.group_commit import translated
from aboard.store.migrations.configuring import configuration
from aboard.store.migrations.reading import revision_on
from aboard.store.migrations.revisions import LATEST_REVISION, refuse_unknown
from aboard.store.sqlite import connect

# A migration of a large database takes its time; others wait for it.
_LOCK_SECONDS = 600.0


def upgrade_file(path: Path) -> bool:
    """Bring a file to the latest revision, making it if need be; say whether that changed it.

    Raises:
        DatabaseTooNew: a newer Aboard has migrated it; nothing is changed.
        StoreUnavailable: it cannot be opened, or another migration takes too long.
    """
    with closing(connect(path, busy_seconds=_LOCK_SECONDS)) as connection:
        return _upgrade(connection)


def _upgrade(raw_connection: sqlite3.Connection) -> bool:
    config = configuration()
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
