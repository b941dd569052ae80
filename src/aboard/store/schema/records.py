"""Which tables hold what was done: audit, idempotency keys, tickets?

Source: ADR-0008, SQLite first.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Table,
    Text,
)

from aboard.store.schema.ground import COUNTED, metadata

audit = Table(
    "audit",
    metadata,
    Column("number", COUNTED, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("owner_kind", Text),
    Column("owner_id", Text),
    Column("mode", Text),
    Column("request_id", Text),
    Column("details", Text, nullable=False),
    Index(None, "owner_kind", "owner_id", "mode", "number"),
    Index(None, "at", "number"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("caller", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("organization", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("body_digest", Text, nullable=False),
    # Empty while the first request is at work; a repeat is answered with it.
    Column("answer", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("leased_until", BigInteger),
)

# Tickets to the owner's pages that were used; the ticket itself is nowhere written down.
spent_tickets = Table(
    "spent_tickets",
    metadata,
    Column("nonce", Text, primary_key=True),
    Column("spent_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# From when on the next request to Stripe fits into what all workers may ask together.
budgets = Table(
    "budgets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("free_at", BigInteger, nullable=False),
)
