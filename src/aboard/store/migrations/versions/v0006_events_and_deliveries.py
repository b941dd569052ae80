"""How an event came, who is told announcements and how that went, and what Stripe may be asked.

The queue of due accounts is parted by mode, and by whether a bell rang.

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
    """Widen events and queue, index what is walked; make subscribers, deliveries, budgets."""
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
    _index_what_is_walked()
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
        Column("failing_since", BigInteger()),
        Column("failed_at", BigInteger()),
        PrimaryKeyConstraint("id", name="pk_subscribers"),
    )
    op.create_index("ix_subscribers_mode", "subscribers", ["mode"])
    op.create_index("ix_announcements_mode_occurred_at", "announcements", ["mode", "occurred_at"])
    _make_deliveries()
    _part_the_queue()


def _part_the_queue() -> None:
    op.add_column(
        "account_syncs", Column("mode", Text(), nullable=False, server_default=text("'test'"))
    )
    op.add_column("account_syncs", Column("failing_since", BigInteger()))
    # A bell that was answered is over from now on: only what still rings has a time.
    op.execute(
        """
        UPDATE account_syncs SET
            mode = (SELECT mode FROM accounts WHERE accounts.id = account_syncs.account_id),
            rung_at = CASE WHEN rung_at <= (
                SELECT read_began_at FROM accounts WHERE accounts.id = account_syncs.account_id
            ) THEN NULL ELSE rung_at END
        """
    )
    op.drop_index("ix_account_syncs_free", "account_syncs")
    for name, rings in (("rung", "IS NOT NULL"), ("scheduled", "IS NULL")):
        is_free = text(f"lease IS NULL AND rung_at {rings}")
        op.create_index(
            f"ix_account_syncs_{name}",
            "account_syncs",
            ["mode", "due_at"],
            sqlite_where=is_free,
            postgresql_where=is_free,
        )


def _index_what_is_walked() -> None:
    is_dead = text("status = 'dead'")
    op.create_index(
        "ix_events_dead",
        "events",
        ["received_at", "mode", "id"],
        sqlite_where=is_dead,
        postgresql_where=is_dead,
    )
    is_delivered = text("source = 'delivered'")
    op.drop_index("ix_events_mode_endpoint_received_at", "events")
    op.create_index(
        "ix_events_delivered",
        "events",
        ["mode", "endpoint", "received_at"],
        sqlite_where=is_delivered,
        postgresql_where=is_delivered,
    )
    op.drop_index("ix_events_received_at", "events")
    op.create_index("ix_events_received_at_mode_id", "events", ["received_at", "mode", "id"])
    op.create_index(
        "ix_announcements_occurred_at_number", "announcements", ["occurred_at", "number"]
    )
    op.create_index("ix_audit_at_number", "audit", ["at", "number"])


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
    for name, column, held in (
        ("free", "due_at", "status = 'pending' AND lease IS NULL"),
        ("leased", "lease_until", "lease IS NOT NULL"),
        ("dead", "number", "status = 'dead'"),
    ):
        op.create_index(
            f"ix_deliveries_{name}",
            "deliveries",
            ["subscriber_id", column],
            sqlite_where=text(held),
            postgresql_where=text(held),
        )
