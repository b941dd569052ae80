"""Storage: the narrow questions, asked of SQLite or of PostgreSQL.

Rows are written whole or not at all, and are durable before anybody is told. Nothing that opens
personal data to its holder is ever in a row. Source: ADR-0008, SQLite first.
"""

from aboard.core.errors import StoreUnavailable
from aboard.store.consequences import Consequences
from aboard.store.driver import WriteMetrics
from aboard.store.gauges import COUNTED_TO, Waiting
from aboard.store.migrations import (
    LATEST_REVISION,
    DatabaseNotMigrated,
    DatabaseTooNew,
    current_revision,
    migrate,
)
from aboard.store.records import (
    AuditEntry,
    Claim,
    Endpoint,
    EventFilter,
    EventSource,
    EventStatus,
    IdempotencyScope,
    KeyClaim,
    KeyOutcome,
    LinkRecord,
    StoredAnnouncement,
    StoredEvent,
)
from aboard.store.store import Store, open_store
from aboard.store.user_sessions import AttemptKey

__all__ = [
    "COUNTED_TO",
    "LATEST_REVISION",
    "AttemptKey",
    "AuditEntry",
    "Claim",
    "Consequences",
    "DatabaseNotMigrated",
    "DatabaseTooNew",
    "Endpoint",
    "EventFilter",
    "EventSource",
    "EventStatus",
    "IdempotencyScope",
    "KeyClaim",
    "KeyOutcome",
    "LinkRecord",
    "Store",
    "StoreUnavailable",
    "StoredAnnouncement",
    "StoredEvent",
    "Waiting",
    "WriteMetrics",
    "current_revision",
    "migrate",
    "open_store",
]
