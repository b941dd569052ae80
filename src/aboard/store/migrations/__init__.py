"""How does a database come to have our tables, and to keep up with them? By Alembic, from code."""

from aboard.store.migrations.migrating import current_revision, migrate
from aboard.store.migrations.revisions import (
    LATEST_REVISION,
    DatabaseNotEmpty,
    DatabaseNotMigrated,
    DatabaseTooNew,
)

__all__ = [
    "LATEST_REVISION",
    "DatabaseNotEmpty",
    "DatabaseNotMigrated",
    "DatabaseTooNew",
    "current_revision",
    "migrate",
]
