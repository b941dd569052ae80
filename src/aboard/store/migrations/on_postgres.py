"""How is a database on a server migrated? Alembic writes the SQL, one transaction runs it.

Alembic's own way to connect would need a second driver. So it writes the same revisions out as a
script, and ours runs that under an advisory lock: whole or not at all, one process at a time.

Source: Alembic's documentation, "Generating SQL Scripts"; ADR-0022, PostgreSQL.
"""

from io import StringIO
from typing import Final

from aboard.core.database import PostgresServer
from aboard.store.migrations.configuring import configuration
from aboard.store.migrations.revisions import LATEST_REVISION, refuse_unknown
from aboard.store.postgres.connecting import Connection, run_apart
from aboard.store.postgres.faults import facts

# Any number that nobody else uses: "aboard" in ASCII.
_LOCK: Final = 0x61626F617264
# A migration of a large database takes its time; others wait for it.
_LOCK_SECONDS: Final = 600
_SECONDS: Final = 3600.0
_PATIENCE: Final = (
    f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s';"
    "SET LOCAL statement_timeout = 0;"
    "SET LOCAL idle_in_transaction_session_timeout = 0;"
)


def read_server(server: PostgresServer) -> str | None:
    """Return the revision a database is at; None when it has no tables of ours.

    Raises:
        StoreUnavailable: it cannot be read.
    """
    return run_apart(_read, server)


def upgrade_server(server: PostgresServer) -> bool:
    """Bring a database to the latest revision; say whether that changed it.

    Raises:
        DatabaseTooNew: a newer Aboard has migrated it; nothing is changed.
        StoreUnavailable: it cannot be opened, or another migration takes too long.
    """
    return run_apart(_upgrade, server)


async def _read(connection: Connection) -> str | None:
    with facts():
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        revision = await connection.fetchval("SELECT version_num FROM alembic_version")
    return None if revision is None else str(revision)


async def _upgrade(connection: Connection) -> bool:
    with facts():
        async with connection.transaction():
            await connection.execute(_PATIENCE)
            await connection.execute(
                "SELECT pg_advisory_xact_lock($1)", _LOCK, timeout=_LOCK_SECONDS + 10.0
            )
            revision = await _read(connection)
            refuse_unknown(revision)
            if revision == LATEST_REVISION:
                return False
            await connection.execute(_script(revision), timeout=_SECONDS)
    return True


def _script(revision: str | None) -> str:
    from alembic import command  # noqa: PLC0415 -- costs a start that only reads the revision

    script = StringIO()
    wanted = LATEST_REVISION if revision is None else f"{revision}:{LATEST_REVISION}"
    command.upgrade(configuration(script), wanted, sql=True)
    return script.getvalue()
