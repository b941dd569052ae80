"""How an event came, who is told announcements and how that went, and what Stripe may be asked.

Source: ADR-0006, events are doorbells; docs/webhooks.md.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Widen the events, and make the tables of subscribers, deliveries and budgets."""
    op.add_column(
        "events", Column("source", Text(), nullable=False, server_default=text("'delivered'"))
    )
    is_open = text("processed_at IS NULL")
    op.create_index(
        "ix_events_waiting",
        "events",
        ["mode", "status", "received_at"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "budgets",
        Column("name", Text(), nullable=False),
        Column("free_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("name", name="pk_budgets"),
    )
    op.create_table(
        "subscribers",
        Column("id", Text(), nullable=False),
        Column("mode", Text(), nullable=False),
        Column("url", Text(), nullable=False),
        Column("description", Text(), nullable=False),
        Column("types", Text()),
        Column("created_at", BigInteger(), nullable=False),
        Column("created_by", Text(), nullable=False),
        Column("key_id", Text(), nullable=False),
        Column("generation", Integer(), nullable=False),
        Column("previous_key_id", Text()),
        Column("previous_generation", Integer()),
        Column("previous_until", BigInteger()),
        Column("disabled_at", BigInteger()),
        Column("disabled_reason", Text()),
        PrimaryKeyConstraint("id", name="pk_subscribers"),
    )
    op.create_index("ix_subscribers_mode", "subscribers", ["mode"])
    _make_deliveries()


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        Column(
            "number",
            BigInteger().with_variant(Integer(), "sqlite"),
            nullable=False,
            autoincrement=True,
        ),
        Column("announcement_id", Text(), nullable=False),
        Column("subscriber_id", Text(), nullable=False),
        Column("status", Text(), nullable=False),
        Column("due_at", BigInteger()),
        Column("lease", Text()),
        Column("lease_until", BigInteger()),
        Column("attempts", Integer(), nullable=False),
        Column("attempted_at", BigInteger()),
        Column("delivered_at", BigInteger()),
        Column("answered", Integer()),
        Column("last_error", Text()),
        PrimaryKeyConstraint("number", name="pk_deliveries"),
        UniqueConstraint(
            "announcement_id", "subscriber_id", name="uq_deliveries_announcement_id_subscriber_id"
        ),
        ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name="fk_deliveries_announcement_id"
        ),
        ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_deliveries_subscriber_id"
        ),
    )
    op.create_index("ix_deliveries_subscriber_id_number", "deliveries", ["subscriber_id", "number"])
    is_free = text("status = 'pending' AND lease IS NULL")
    op.create_index(
        "ix_deliveries_free",
        "deliveries",
        ["due_at"],
        sqlite_where=is_free,
        postgresql_where=is_free,
    )
    is_leased = text("lease IS NOT NULL")
    op.create_index(
        "ix_deliveries_leased",
        "deliveries",
        ["lease_until"],
        sqlite_where=is_leased,
        postgresql_where=is_leased,
    )
    is_dead = text("status = 'dead'")
    op.create_index(
        "ix_deliveries_dead",
        "deliveries",
        ["subscriber_id", "number"],
        sqlite_where=is_dead,
        postgresql_where=is_dead,
    )
