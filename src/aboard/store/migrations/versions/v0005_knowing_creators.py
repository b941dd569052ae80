"""What creators say of themselves, and whether the platform knows who they are.

Source: ADR-0018, knowing your creators.
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

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Widen the creators, and make the tables of their checks and of the provider's messages."""
    op.add_column("creators", Column("display_name", Text()))
    op.add_column("creators", Column("bio", Text()))
    op.add_column("creators", Column("updated_at", BigInteger()))
    op.create_table(
        "kyc_checks",
        Column("creator_id", Text(), nullable=False),
        Column("session_id", Text(), nullable=False),
        Column("attempt", Integer(), nullable=False),
        Column("status", Text(), nullable=False),
        Column("provider", Text(), nullable=False),
        Column("provider_id", Text()),
        Column("started_at", BigInteger(), nullable=False),
        Column("decided_at", BigInteger()),
        Column("revision", Integer(), nullable=False),
        ForeignKeyConstraint(["creator_id"], ["creators.id"], name="fk_kyc_checks_creator_id"),
        PrimaryKeyConstraint("creator_id", name="pk_kyc_checks"),
        UniqueConstraint("session_id", name="uq_kyc_checks_session_id"),
    )
    op.create_index("ix_kyc_checks_status_creator_id", "kyc_checks", ["status", "creator_id"])
    op.create_table(
        "kyc_messages",
        Column("id", Text(), nullable=False),
        Column("received_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_kyc_messages"),
    )
    op.create_index("ix_kyc_messages_received_at", "kyc_messages", ["received_at"])
