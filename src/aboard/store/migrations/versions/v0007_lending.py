"""Who may borrow Stripe's key, what is lent, and what was called with it.

Source: ADR-0029, the gateway; ADR-0030, lent credentials.
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

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    """Make the gateway's tables."""
    op.create_table(
        "gateway_callers",
        Column("id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("created_by", Text(), nullable=False),
        Column("policy", Text()),
        Column("allow_list", Text()),
        Column("owners", Text()),
        Column("limits", Text()),
        Column("credential", Text()),
        Column("disabled_at", BigInteger()),
        PrimaryKeyConstraint("id", name="pk_gateway_callers"),
        UniqueConstraint("name", name="uq_gateway_callers_name"),
    )
    op.create_table(
        "gateway_tokens",
        Column("id", Text(), nullable=False),
        Column("caller_id", Text(), nullable=False),
        Column("mode", Text(), nullable=False),
        Column("digest", Text(), nullable=False),
        Column("hint", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("expires_at", BigInteger()),
        Column("revoked_at", BigInteger()),
        PrimaryKeyConstraint("id", name="pk_gateway_tokens"),
        ForeignKeyConstraint(
            ["caller_id"], ["gateway_callers.id"], name="fk_gateway_tokens_caller_id"
        ),
        UniqueConstraint("digest", name="uq_gateway_tokens_digest"),
    )
    op.create_index(
        "ix_gateway_tokens_caller_id_created_at_id",
        "gateway_tokens",
        ["caller_id", "created_at", "id"],
    )
    op.create_table(
        "gateway_credentials",
        Column("mode", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("id", Text(), nullable=False),
        Column("generation", Integer(), nullable=False),
        Column("hint", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("created_by", Text(), nullable=False),
        Column("envelope", Text(), nullable=False),
        PrimaryKeyConstraint("mode", "name", name="pk_gateway_credentials"),
        UniqueConstraint("id", name="uq_gateway_credentials_id"),
    )
    _make_calls()
    op.create_table(
        "gateway_days",
        Column("caller_id", Text(), nullable=False),
        Column("day", Integer(), nullable=False),
        Column("spent", BigInteger(), nullable=False),
        Column("spent_before", BigInteger(), nullable=False),
        Column("most", BigInteger(), nullable=False),
        PrimaryKeyConstraint("caller_id", "day", name="pk_gateway_days"),
    )
    op.create_index("ix_gateway_days_day", "gateway_days", ["day"])


def _make_calls() -> None:
    op.create_table(
        "gateway_calls",
        Column("id", Text(), nullable=False),
        Column("at", BigInteger(), nullable=False),
        Column("via", Text(), nullable=False),
        Column("method", Text(), nullable=False),
        Column("outcome", Text(), nullable=False),
        Column("caller_id", Text()),
        Column("caller_name", Text()),
        Column("token_hint", Text()),
        Column("mode", Text()),
        Column("operation", Text()),
        Column("account", Text()),
        Column("status", Integer()),
        Column("upstream_status", Integer()),
        Column("duration_ms", BigInteger()),
        Column("stripe_request_id", Text()),
        Column("bytes_in", BigInteger(), nullable=False),
        Column("bytes_out", BigInteger(), nullable=False),
        Column("address", Text()),
        PrimaryKeyConstraint("id", name="pk_gateway_calls"),
    )
    op.create_index("ix_gateway_calls_at_id", "gateway_calls", ["at", "id"])
    op.create_index("ix_gateway_calls_caller_id_at_id", "gateway_calls", ["caller_id", "at", "id"])
    is_about_one = text("account IS NOT NULL")
    op.create_index(
        "ix_gateway_calls_account",
        "gateway_calls",
        ["account", "at", "id"],
        sqlite_where=is_about_one,
        postgresql_where=is_about_one,
    )
