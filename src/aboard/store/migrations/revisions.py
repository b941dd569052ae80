"""Which revisions does this code know, and what is a database that it does not fit?

Source: ADR-0008, SQLite first; ADR-0022, PostgreSQL.
"""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
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


class DatabaseNotEmpty(Exception):
    """There are rows already where rows should be moved to."""

    def __init__(self, table: str) -> None:
        """Name a table that has some, and say what to do."""
        super().__init__(
            f"the database on the server has rows in {table} already: move into an empty one"
        )
        self.table = table


def refuse_unknown(revision: str | None) -> None:
    """Refuse a revision that this code has never heard of.

    Raises:
        DatabaseTooNew: it must be from a later version.
    """
    if revision is not None and revision not in REVISIONS:
        raise DatabaseTooNew(revision)
