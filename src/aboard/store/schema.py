"""Which tables are there? Written once, for the migrations and for the SQL of every question.

Points in time are whole microseconds since 1970 in UTC; JSON is text. The rows that change with
every event (`account_syncs`) are kept apart from the wide ones that are read with every request
(`accounts`) and from the bytes nobody reads in a hurry (`account_documents`).

Source: ADR-0008, SQLite first.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite gives out numbers by itself only to a key of the exact type INTEGER.
_COUNTED = BigInteger().with_variant(Integer(), "sqlite")

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
)
Index(
    "ix_account_syncs_free",
    account_syncs.c.due_at,
    sqlite_where=account_syncs.c.lease.is_(None),
    postgresql_where=account_syncs.c.lease.is_(None),
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
    Column("number", _COUNTED, primary_key=True, autoincrement=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("stripe_account_id", Text, nullable=False),
    Column("disconnected_at", BigInteger, nullable=False),
    Column("disconnected_reason", Text),
    Column("replaced_at", BigInteger, nullable=False),
)

onboardings = Table(
    "onboardings",
    metadata,
    Column("number", _COUNTED, primary_key=True, autoincrement=True),
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
    Column("number", _COUNTED, primary_key=True, autoincrement=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False),
    Column("onboarding_id", Text, ForeignKey("onboardings.id")),
    Column("purpose", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Index(None, "account_id", "number"),
)

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
    Index(None, "mode", "endpoint", "received_at"),
)
Index(
    "ix_events_open",
    events.c.stripe_account_id,
    events.c.mode,
    sqlite_where=events.c.processed_at.is_(None),
    postgresql_where=events.c.processed_at.is_(None),
)

audit = Table(
    "audit",
    metadata,
    Column("number", _COUNTED, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("owner_kind", Text),
    Column("owner_id", Text),
    Column("mode", Text),
    Column("request_id", Text),
    Column("details", Text, nullable=False),
    Index(None, "owner_kind", "owner_id", "mode", "number"),
)

creators = Table(
    "creators",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", Text, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("display_name", Text),
    Column("bio", Text),
    # Empty while the profile is as it was made.
    Column("updated_at", BigInteger),
)

# Whether the platform knows who a creator is: one row, at the newest attempt.
kyc_checks = Table(
    "kyc_checks",
    metadata,
    Column("creator_id", Text, ForeignKey("creators.id"), primary_key=True),
    Column("session_id", Text, nullable=False, unique=True),
    Column("attempt", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("provider_id", Text),
    Column("started_at", BigInteger, nullable=False),
    Column("decided_at", BigInteger),
    Column("revision", Integer, nullable=False),
    Index(None, "status", "creator_id"),
)

# Messages of the provider's that were taken in, so that each counts once.
kyc_messages = Table(
    "kyc_messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("received_at", BigInteger, nullable=False, index=True),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("caller", Text, primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("organization", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("body_digest", Text, nullable=False),
    # Empty while the first request is at work; a repeat is answered with it.
    Column("answer", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("leased_until", BigInteger),
)

organizations = Table(
    "organizations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("organization_id", Text, ForeignKey("organizations.id"), primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Index(None, "user_id"),
)

# What the platform decided for one organization in one mode; JSON, or empty for the settings' own.
# No foreign key: an organization may be known by its members' tokens alone.
plans = Table(
    "plans",
    metadata,
    Column("organization_id", Text, primary_key=True),
    Column("mode", Text, primary_key=True),
    Column("shape", Text),
    Column("policy", Text),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
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

# What we tell the platform, written in the same commit as what it tells of.
announcements = Table(
    "announcements",
    metadata,
    Column("number", _COUNTED, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("owner_kind", Text, nullable=False),
    Column("owner_id", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("says", Text, nullable=False),
    Index(None, "owner_kind", "owner_id", "mode", "number"),
)

# The platform's own account at Stripe, by which another platform's key is recognised.
platform_accounts = Table(
    "platform_accounts",
    metadata,
    Column("mode", Text, primary_key=True),
    Column("stripe_account_id", Text, nullable=False),
    Column("learned_at", BigInteger, nullable=False),
)

# Tickets to the owner's pages that were used; the ticket itself is nowhere written down.
spent_tickets = Table(
    "spent_tickets",
    metadata,
    Column("nonce", Text, primary_key=True),
    Column("spent_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# Who signs in here, where nobody else knows the platform's users. E-mails are lower-case ASCII.
users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("is_operator", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
)

# Who was mailed a code, and its digest. The password comes with the code and is not kept here.
pending_users = Table(
    "pending_users",
    metadata,
    Column("email", Text, primary_key=True),
    Column("code_digest", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# One row for each browser that is signed in, with the digest of its newest refresh token. What
# has ended expires with its end.
user_sessions = Table(
    "user_sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("token_digest", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("masked_address", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_used_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("ended_at", BigInteger),
    Column("ended_reason", Text),
    Index(None, "user_id", "created_at"),
)

# How often signing in went wrong lately, by digests of e-mails and addresses, known or not.
sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
    Column("forget_at", BigInteger, nullable=False, index=True),
)
