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
    DatabaseNotEmpty,
    DatabaseNotMigrated,
    DatabaseTooNew,
    current_revision,
    migrate,
)
from aboard.store.records import (
    AuditEntry,
    Claim,
    DeliveryClaim,
    DeliveryCounts,
    DeliveryStatus,
    Endpoint,
    EventFilter,
    EventKey,
    EventSource,
    EventStatus,
    IdempotencyScope,
    KeyClaim,
    KeyOutcome,
    LinkedAccount,
    LinkRecord,
    Place,
    Replayed,
    StoredAnnouncement,
    StoredDelivery,
    StoredEvent,
    Walked,
    WalkedEvent,
    Window,
)
from aboard.store.statements.syncs import LEASE_EXPIRED
from aboard.store.store import Store, open_store
from aboard.store.user_sessions import AttemptKey

__all__ = [
    "COUNTED_TO",
    "LATEST_REVISION",
    "LEASE_EXPIRED",
    "AttemptKey",
    "AuditEntry",
    "Claim",
    "Consequences",
    "DatabaseNotEmpty",
    "DatabaseNotMigrated",
    "DatabaseTooNew",
    "DeliveryClaim",
    "DeliveryCounts",
    "DeliveryStatus",
    "Endpoint",
    "EventFilter",
    "EventKey",
    "EventSource",
    "EventStatus",
    "IdempotencyScope",
    "KeyClaim",
    "KeyOutcome",
    "LinkRecord",
    "LinkedAccount",
    "Place",
    "Replayed",
    "Store",
    "StoreUnavailable",
    "StoredAnnouncement",
    "StoredDelivery",
    "StoredEvent",
    "Waiting",
    "Walked",
    "WalkedEvent",
    "Window",
    "WriteMetrics",
    "current_revision",
    "migrate",
    "open_store",
]
