"""Accounts, onboardings, events, audit, creators, idempotency keys: the tables to begin with.

Source: ADR-0008, SQLite first.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

revision = "0001"
down_revision: str | None = None

# SQLite gives out numbers by itself only to a key of the exact type INTEGER.
_COUNTED = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables and their indexes."""
    _create_accounts()
    _create_account_documents()
    _create_account_syncs()
    _create_former_accounts()
    _create_onboardings()
    _create_return_visits()
    _create_spent_states()
    _create_links()
    _create_events()
    _create_audit()
    _create_creators()
    _create_idempotency_keys()


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        Column("id", Text(), nullable=False),
        Column("owner_kind", Text(), nullable=False),
        Column("owner_id", Text(), nullable=False),
        Column("mode", Text(), nullable=False),
        Column("reserved_at", BigInteger(), nullable=False),
        Column("attempt", Integer(), nullable=False),
        Column("stripe_account_id", Text()),
        Column("read_began_at", BigInteger()),
        Column("synced_at", BigInteger()),
        Column("disconnected_at", BigInteger()),
        Column("disconnected_reason", Text()),
        Column("readiness", Text()),
        Column("who_must_act", Text()),
        Column("snapshot", Text()),
        PrimaryKeyConstraint("id", name="pk_accounts"),
        UniqueConstraint(
            "owner_kind", "owner_id", "mode", name="uq_accounts_owner_kind_owner_id_mode"
        ),
        UniqueConstraint("stripe_account_id", "mode", name="uq_accounts_stripe_account_id_mode"),
    )
    op.create_index("ix_accounts_mode_readiness", "accounts", ["mode", "readiness"])


def _create_account_documents() -> None:
    op.create_table(
        "account_documents",
        Column("account_id", Text(), nullable=False),
        Column("raw", LargeBinary(), nullable=False),
        ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_account_documents_account_id"
        ),
        PrimaryKeyConstraint("account_id", name="pk_account_documents"),
    )


def _create_account_syncs() -> None:
    op.create_table(
        "account_syncs",
        Column("account_id", Text(), nullable=False),
        Column("due_at", BigInteger()),
        Column("rung_at", BigInteger()),
        Column("lease", Text()),
        Column("lease_until", BigInteger()),
        Column("attempts", Integer(), nullable=False),
        Column("last_error", Text()),
        ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_account_syncs_account_id"),
        PrimaryKeyConstraint("account_id", name="pk_account_syncs"),
    )
    op.create_index(
        "ix_account_syncs_free",
        "account_syncs",
        ["due_at"],
        sqlite_where=text("lease IS NULL"),
        postgresql_where=text("lease IS NULL"),
    )
    op.create_index(
        "ix_account_syncs_leased",
        "account_syncs",
        ["lease_until"],
        sqlite_where=text("lease IS NOT NULL"),
        postgresql_where=text("lease IS NOT NULL"),
    )


def _create_former_accounts() -> None:
    op.create_table(
        "former_accounts",
        Column("number", _COUNTED, autoincrement=True, nullable=False),
        Column("account_id", Text(), nullable=False),
        Column("stripe_account_id", Text(), nullable=False),
        Column("disconnected_at", BigInteger(), nullable=False),
        Column("disconnected_reason", Text()),
        Column("replaced_at", BigInteger(), nullable=False),
        ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_former_accounts_account_id"),
        PrimaryKeyConstraint("number", name="pk_former_accounts"),
    )
    op.create_index("ix_former_accounts_account_id", "former_accounts", ["account_id"])


def _create_onboardings() -> None:
    op.create_table(
        "onboardings",
        Column("number", _COUNTED, autoincrement=True, nullable=False),
        Column("id", Text(), nullable=False),
        Column("account_id", Text(), nullable=False),
        Column("return_url", Text(), nullable=False),
        Column("refresh_url", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("purpose", Text(), nullable=False),
        Column("collect", Text(), nullable=False),
        PrimaryKeyConstraint("number", name="pk_onboardings"),
        UniqueConstraint("id", name="uq_onboardings_id"),
        ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_onboardings_account_id"),
    )
    op.create_index("ix_onboardings_account_id_number", "onboardings", ["account_id", "number"])


def _create_return_visits() -> None:
    op.create_table(
        "return_visits",
        Column("onboarding_id", Text(), nullable=False),
        Column("nonce", Text(), nullable=False),
        Column("visited_at", BigInteger(), nullable=False),
        ForeignKeyConstraint(
            ["onboarding_id"], ["onboardings.id"], name="fk_return_visits_onboarding_id"
        ),
        PrimaryKeyConstraint("onboarding_id", "nonce", name="pk_return_visits"),
    )


def _create_spent_states() -> None:
    op.create_table(
        "spent_states",
        Column("nonce", Text(), nullable=False),
        Column("onboarding_id", Text(), nullable=False),
        Column("spent_at", BigInteger(), nullable=False),
        Column("expires_at", BigInteger(), nullable=False),
        ForeignKeyConstraint(
            ["onboarding_id"], ["onboardings.id"], name="fk_spent_states_onboarding_id"
        ),
        PrimaryKeyConstraint("nonce", name="pk_spent_states"),
    )
    op.create_index("ix_spent_states_expires_at", "spent_states", ["expires_at"])
    op.create_index(
        "ix_spent_states_onboarding_id_spent_at", "spent_states", ["onboarding_id", "spent_at"]
    )


def _create_links() -> None:
    op.create_table(
        "links",
        Column("number", _COUNTED, autoincrement=True, nullable=False),
        Column("account_id", Text(), nullable=False),
        Column("onboarding_id", Text()),
        Column("purpose", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("expires_at", BigInteger()),
        ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_links_account_id"),
        ForeignKeyConstraint(["onboarding_id"], ["onboardings.id"], name="fk_links_onboarding_id"),
        PrimaryKeyConstraint("number", name="pk_links"),
    )
    op.create_index("ix_links_account_id_number", "links", ["account_id", "number"])


def _create_events() -> None:
    op.create_table(
        "events",
        Column("mode", Text(), nullable=False),
        Column("id", Text(), nullable=False),
        Column("endpoint", Text(), nullable=False),
        Column("type", Text(), nullable=False),
        Column("stripe_account_id", Text()),
        Column("created_at", BigInteger(), nullable=False),
        Column("received_at", BigInteger(), nullable=False),
        Column("processed_at", BigInteger()),
        Column("status", Text(), nullable=False),
        Column("attempts", Integer(), nullable=False),
        Column("last_error", Text()),
        PrimaryKeyConstraint("mode", "id", name="pk_events"),
    )
    op.create_index(
        "ix_events_mode_endpoint_received_at", "events", ["mode", "endpoint", "received_at"]
    )
    op.create_index(
        "ix_events_open",
        "events",
        ["stripe_account_id", "mode"],
        sqlite_where=text("processed_at IS NULL"),
        postgresql_where=text("processed_at IS NULL"),
    )
    op.create_index("ix_events_received_at", "events", ["received_at"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        Column("number", _COUNTED, autoincrement=True, nullable=False),
        Column("at", BigInteger(), nullable=False),
        Column("actor", Text(), nullable=False),
        Column("action", Text(), nullable=False),
        Column("outcome", Text(), nullable=False),
        Column("owner_kind", Text()),
        Column("owner_id", Text()),
        Column("mode", Text()),
        Column("request_id", Text()),
        Column("details", Text(), nullable=False),
        PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_index(
        "ix_audit_owner_kind_owner_id_mode_number",
        "audit",
        ["owner_kind", "owner_id", "mode", "number"],
    )


def _create_creators() -> None:
    op.create_table(
        "creators",
        Column("id", Text(), nullable=False),
        Column("user_id", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_creators"),
        UniqueConstraint("user_id", name="uq_creators_user_id"),
    )


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        Column("caller", Text(), nullable=False),
        Column("operation", Text(), nullable=False),
        Column("organization", Text(), nullable=False),
        Column("key", Text(), nullable=False),
        Column("body_digest", Text(), nullable=False),
        Column("onboarding_id", Text()),
        Column("created_at", BigInteger(), nullable=False),
        Column("expires_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint(
            "caller", "operation", "organization", "key", name="pk_idempotency_keys"
        ),
    )
    op.create_index("ix_idempotency_keys_expires_at", "idempotency_keys", ["expires_at"])
