"""How does the store speak to PostgreSQL? Statements run bare, by asyncpg, over a bounded pool.

Loaded only where the address names a server: it needs the extra `postgres`.

Source: ADR-0022, PostgreSQL.
"""

from aboard.store.postgres.driver import PostgresDriver
from aboard.store.postgres.faults import StatementRefused

__all__ = ["PostgresDriver", "StatementRefused"]
