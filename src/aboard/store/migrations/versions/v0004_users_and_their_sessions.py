"""Users who sign in here, their sessions, pending registrations, and failures to sign in.

Source: ADR-0017, built-in sign-in.
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
)

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Make the tables of signing in."""
    op.create_table(
        "users",
        Column("id", Text(), nullable=False),
        Column("email", Text(), nullable=False),
        Column("password_hash", Text(), nullable=False),
        Column("is_operator", Integer(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("disabled_at", BigInteger()),
        PrimaryKeyConstraint("id", name="pk_users"),
        UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "pending_users",
        Column("email", Text(), nullable=False),
        Column("code_digest", Text(), nullable=False),
        Column("expires_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("email", name="pk_pending_users"),
    )
    op.create_index("ix_pending_users_expires_at", "pending_users", ["expires_at"])
    _create_sessions()
    op.create_table(
        "sign_in_failures",
        Column("key", Text(), nullable=False),
        Column("failures", Integer(), nullable=False),
        Column("locked_until", BigInteger(), nullable=False),
        Column("forget_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("key", name="pk_sign_in_failures"),
    )
    op.create_index("ix_sign_in_failures_forget_at", "sign_in_failures", ["forget_at"])


def _create_sessions() -> None:
    op.create_table(
        "user_sessions",
        Column("id", Text(), nullable=False),
        Column("user_id", Text(), nullable=False),
        Column("token_digest", Text(), nullable=False),
        Column("device", Text(), nullable=False),
        Column("masked_address", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("last_used_at", BigInteger(), nullable=False),
        Column("expires_at", BigInteger(), nullable=False),
        Column("ended_at", BigInteger()),
        Column("ended_reason", Text()),
        PrimaryKeyConstraint("id", name="pk_user_sessions"),
        ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_sessions_user_id"),
    )
    op.create_index("ix_user_sessions_expires_at", "user_sessions", ["expires_at"])
    op.create_index(
        "ix_user_sessions_user_id_created_at", "user_sessions", ["user_id", "created_at"]
    )
