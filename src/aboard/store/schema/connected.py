"""Which tables hold connected accounts, their onboarding, and the gate to live money?

Source: ADR-0008, SQLite first.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    and_,
    text,
)

from aboard.store.schema.ground import COUNTED, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner_kind", Text, nullable=False),
    Column("owner_id", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("reserved_at", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("stripe_account_id", Text),
    Column("read_began_at", BigInteger),
    Column("synced_at", BigInteger),
    Column("disconnected_at", BigInteger),
    Column("disconnected_reason", Text),
    Column("readiness", Text),
    Column("who_must_act", Text),
    Column("snapshot", Text),
    # Since when the owner has had something to do, and when they were last reminded of it.
    Column("owner_acts_since", BigInteger),
    Column("reminded_at", BigInteger),
    # Counts the changes that others must not overlook: what follows is judged against one of them.
    Column("revision", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("owner_kind", "owner_id", "mode"),
    UniqueConstraint("stripe_account_id", "mode"),
    Index(None, "mode", "readiness"),
)
Index(
    "ix_accounts_owner_acts",
    accounts.c.owner_acts_since,
    sqlite_where=accounts.c.owner_acts_since.is_not(None),
    postgresql_where=accounts.c.owner_acts_since.is_not(None),
)

account_documents = Table(
    "account_documents",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("raw", LargeBinary, nullable=False),
)

account_syncs = Table(
    "account_syncs",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("due_at", BigInteger),
    Column("rung_at", BigInteger),
    Column("lease", Text),
    Column("lease_until", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
    # The account's, which never changes: here, so that each mode's queue is an index of its own.
    Column("mode", Text, nullable=False, server_default=text("'test'")),
    # When the account became due whose reads have failed since; empty while they go well.
    Column("failing_since", BigInteger),
)
# Two queues: accounts whose bell rang (`rung_at` is the latest that no read has answered), and
# those whose time has come by the schedule.
Index(
    "ix_account_syncs_rung",
    account_syncs.c.mode,
    account_syncs.c.due_at,
    sqlite_where=and_(account_syncs.c.lease.is_(None), account_syncs.c.rung_at.is_not(None)),
    postgresql_where=and_(account_syncs.c.lease.is_(None), account_syncs.c.rung_at.is_not(None)),
)
Index(
    "ix_account_syncs_scheduled",
    account_syncs.c.mode,
    account_syncs.c.due_at,
    sqlite_where=and_(account_syncs.c.lease.is_(None), account_syncs.c.rung_at.is_(None)),
    postgresql_where=and_(account_syncs.c.lease.is_(None), account_syncs.c.rung_at.is_(None)),
)
Index(
    "ix_account_syncs_leased",
    account_syncs.c.lease_until,
    sqlite_where=account_syncs.c.lease.is_not(None),
    postgresql_where=account_syncs.c.lease.is_not(None),
)

former_accounts = Table(
    "former_accounts",
    metadata,
    Column("number", COUNTED, primary_key=True, autoincrement=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("stripe_account_id", Text, nullable=False),
    Column("disconnected_at", BigInteger, nullable=False),
    Column("disconnected_reason", Text),
    Column("replaced_at", BigInteger, nullable=False),
)

onboardings = Table(
    "onboardings",
    metadata,
    Column("number", COUNTED, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False),
    Column("return_url", Text, nullable=False),
    Column("refresh_url", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("collect", Text, nullable=False),
    Index(None, "account_id", "number"),
)

return_visits = Table(
    "return_visits",
    metadata,
    Column("onboarding_id", Text, ForeignKey("onboardings.id"), primary_key=True),
    Column("nonce", Text, primary_key=True),
    Column("visited_at", BigInteger, nullable=False),
)

spent_states = Table(
    "spent_states",
    metadata,
    Column("nonce", Text, primary_key=True),
    Column("onboarding_id", Text, ForeignKey("onboardings.id"), nullable=False),
    Column("spent_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Index(None, "onboarding_id", "spent_at"),
)

# What was issued, never the link itself: there is no column that could hold a URL.
links = Table(
    "links",
    metadata,
    Column("number", COUNTED, primary_key=True, autoincrement=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False),
    Column("onboarding_id", Text, ForeignKey("onboardings.id")),
    Column("purpose", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Index(None, "account_id", "number"),
)

# Open while `closed_at` is empty; `blockers` says in JSON what closed it.
gates = Table(
    "gates",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("opened_at", BigInteger, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("closed_at", BigInteger),
    Column("blockers", Text),
)

# The platform's own account at Stripe, by which another platform's key is recognised.
platform_accounts = Table(
    "platform_accounts",
    metadata,
    Column("mode", Text, primary_key=True),
    Column("stripe_account_id", Text, nullable=False),
    Column("learned_at", BigInteger, nullable=False),
)
