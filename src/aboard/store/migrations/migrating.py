"""How is a database brought up to date? One process at a time, whole or not at all.

The lock is the database's own: SQLite's write transaction, or an advisory lock of PostgreSQL's.
A second process waits for it and then finds nothing left to do.

Source: ADR-0008, SQLite first; ADR-0022, PostgreSQL.
"""

from aboard.core.database import SqliteFile, read_database
from aboard.store.migrations.reading import read_revision
from aboard.store.migrations.revisions import LATEST_REVISION, refuse_unknown


def current_revision(database: str) -> str | None:
    """Return the revision a database is at; None when it is empty, or a file that is not there.

    Raises:
        SettingsRefused: it names no database that we can use, or an extra is missing.
        StoreUnavailable: it cannot be read.
    """
    return read_revision(read_database(database))


def migrate(database: str) -> bool:
    """Bring a database to the latest revision, and say whether that changed it.

    A SQLite file is made if need be; a database on a server must be there. Any number of
    processes may do so at once.

    Raises:
        SettingsRefused: it names no database that we can use, or an extra is missing.
        DatabaseTooNew: a newer Aboard has migrated it; nothing is changed.
        StoreUnavailable: it cannot be opened, or another migration takes too long.
    """
    address = read_database(database)
    revision = read_revision(address)
    refuse_unknown(revision)
    if revision == LATEST_REVISION:
        return False
    # Loaded here, because a start that finds everything in place should not pay for Alembic.
    if isinstance(address, SqliteFile):
        from aboard.store.migrations.on_sqlite import upgrade_file  # noqa: PLC0415 -- as above

        return upgrade_file(address.path)
    from aboard.store.migrations.on_postgres import upgrade_server  # noqa: PLC0415 -- an extra

    return upgrade_server(address)
