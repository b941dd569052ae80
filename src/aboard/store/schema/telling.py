"""Which tables hold what Stripe tells us, and what we tell the platform?

Source: ADR-0008, SQLite first.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    and_,
    text,
)

from aboard.store.schema.ground import COUNTED, metadata

events = Table(
    "events",
    metadata,
    Column("mode", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("stripe_account_id", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False, index=True),
    Column("processed_at", BigInteger),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
    # How it came: `delivered` by Stripe, or `listed` by us when we asked what we had missed.
    Column("source", Text, nullable=False, server_default=text("'delivered'")),
    Index(None, "mode", "endpoint", "received_at"),
)
Index(
    "ix_events_open",
    events.c.stripe_account_id,
    events.c.mode,
    sqlite_where=events.c.processed_at.is_(None),
    postgresql_where=events.c.processed_at.is_(None),
)

# How many wait, by status and since when, is counted in this index alone.
Index(
    "ix_events_waiting",
    events.c.mode,
    events.c.status,
    events.c.received_at,
    sqlite_where=events.c.processed_at.is_(None),
    postgresql_where=events.c.processed_at.is_(None),
)

# What we tell the platform, written in the same commit as what it tells of.
announcements = Table(
    "announcements",
    metadata,
    Column("number", COUNTED, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("owner_kind", Text, nullable=False),
    Column("owner_id", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("says", Text, nullable=False),
    Index(None, "owner_kind", "owner_id", "mode", "number"),
)

# Addresses of the platform's own that are told announcements. The signing secret follows from the
# settings' keys, the id and the generation: it is nowhere written down.
subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("description", Text, nullable=False),
    # JSON; empty for every type.
    Column("types", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    # The secret before, which signs too until then.
    Column("previous_key_id", Text),
    Column("previous_generation", Integer),
    Column("previous_until", BigInteger),
    Column("disabled_at", BigInteger),
    Column("disabled_reason", Text),
    Index(None, "mode"),
)

# One row for each announcement and each who is told it, written in the announcement's commit.
deliveries = Table(
    "deliveries",
    metadata,
    Column("number", COUNTED, primary_key=True, autoincrement=True),
    Column("announcement_id", Text, ForeignKey("announcements.id"), nullable=False),
    Column("subscriber_id", Text, ForeignKey("subscribers.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("due_at", BigInteger),
    Column("lease", Text),
    Column("lease_until", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("attempted_at", BigInteger),
    Column("delivered_at", BigInteger),
    # What the last attempt was answered with, or why there was no answer.
    Column("answered", Integer),
    Column("last_error", Text),
    UniqueConstraint("announcement_id", "subscriber_id"),
    Index(None, "subscriber_id", "number"),
)
Index(
    "ix_deliveries_free",
    deliveries.c.due_at,
    sqlite_where=and_(deliveries.c.status == text("'pending'"), deliveries.c.lease.is_(None)),
    postgresql_where=and_(deliveries.c.status == text("'pending'"), deliveries.c.lease.is_(None)),
)
Index(
    "ix_deliveries_leased",
    deliveries.c.lease_until,
    sqlite_where=deliveries.c.lease.is_not(None),
    postgresql_where=deliveries.c.lease.is_not(None),
)
Index(
    "ix_deliveries_dead",
    deliveries.c.subscriber_id,
    deliveries.c.number,
    sqlite_where=deliveries.c.status == text("'dead'"),
    postgresql_where=deliveries.c.status == text("'dead'"),
)
