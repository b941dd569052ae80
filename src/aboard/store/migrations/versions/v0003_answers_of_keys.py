"""What a repeated request is answered with, and until when the first one may be at work.

The column that never found a caller becomes the answer: nothing was ever written to it.

Source: docs/api/organizations.md, idempotency.
"""

from alembic import op
from sqlalchemy import BigInteger, Column

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Keep answers, and leases on the keys."""
    op.alter_column("idempotency_keys", "onboarding_id", new_column_name="answer")
    op.add_column("idempotency_keys", Column("leased_until", BigInteger()))
