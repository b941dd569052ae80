"""Organizations and their members, plans, the gate, announcements, reminders, page tickets.

Source: ADR-0013, membership; ADR-0014, the gate and its announcements.
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

revision = "0002"
down_revision: str | None = "0001"

_COUNTED = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Widen the accounts and make the new tables."""
    _widen_accounts()
    _create_organizations()
    _create_plans_and_gates()
    _create_announcements()
    _create_platform_accounts_and_tickets()


def _widen_accounts() -> None:
    op.add_column("accounts", Column("owner_acts_since", BigInteger()))
    op.add_column("accounts", Column("reminded_at", BigInteger()))
    op.add_column(
        "accounts", Column("revision", Integer(), nullable=False, server_default=text("0"))
    )
    op.create_index(
        "ix_accounts_owner_acts",
        "accounts",
        ["owner_acts_since"],
        sqlite_where=text("owner_acts_since IS NOT NULL"),
        postgresql_where=text("owner_acts_since IS NOT NULL"),
    )


def _create_organizations() -> None:
    op.create_table(
        "organizations",
        Column("id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("time_zone", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("created_by", Text(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_organizations"),
    )
    op.create_table(
        "memberships",
        Column("organization_id", Text(), nullable=False),
        Column("user_id", Text(), nullable=False),
        Column("role", Text(), nullable=False),
        Column("since", BigInteger(), nullable=False),
        PrimaryKeyConstraint("organization_id", "user_id", name="pk_memberships"),
        ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name="fk_memberships_organization_id",
        ),
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"])


def _create_plans_and_gates() -> None:
    op.create_table(
        "plans",
        Column("organization_id", Text(), nullable=False),
        Column("mode", Text(), nullable=False),
        Column("shape", Text()),
        Column("policy", Text()),
        Column("changed_at", BigInteger(), nullable=False),
        Column("changed_by", Text(), nullable=False),
        PrimaryKeyConstraint("organization_id", "mode", name="pk_plans"),
    )
    op.create_table(
        "gates",
        Column("account_id", Text(), nullable=False),
        Column("opened_at", BigInteger(), nullable=False),
        Column("opened_by", Text(), nullable=False),
        Column("closed_at", BigInteger()),
        Column("blockers", Text()),
        PrimaryKeyConstraint("account_id", name="pk_gates"),
        ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_gates_account_id"),
    )


def _create_announcements() -> None:
    op.create_table(
        "announcements",
        Column("number", _COUNTED, nullable=False, autoincrement=True),
        Column("id", Text(), nullable=False),
        Column("type", Text(), nullable=False),
        Column("occurred_at", BigInteger(), nullable=False),
        Column("owner_kind", Text(), nullable=False),
        Column("owner_id", Text(), nullable=False),
        Column("mode", Text(), nullable=False),
        Column("says", Text(), nullable=False),
        PrimaryKeyConstraint("number", name="pk_announcements"),
        UniqueConstraint("id", name="uq_announcements_id"),
    )
    op.create_index(
        "ix_announcements_owner_kind_owner_id_mode_number",
        "announcements",
        ["owner_kind", "owner_id", "mode", "number"],
    )


def _create_platform_accounts_and_tickets() -> None:
    op.create_table(
        "platform_accounts",
        Column("mode", Text(), nullable=False),
        Column("stripe_account_id", Text(), nullable=False),
        Column("learned_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("mode", name="pk_platform_accounts"),
    )
    op.create_table(
        "spent_tickets",
        Column("nonce", Text(), nullable=False),
        Column("spent_at", BigInteger(), nullable=False),
        Column("expires_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("nonce", name="pk_spent_tickets"),
    )
    op.create_index("ix_spent_tickets_expires_at", "spent_tickets", ["expires_at"])
