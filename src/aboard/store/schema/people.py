"""Which tables hold people: creators, organizations, users, and what is decided of them?

Source: ADR-0008, SQLite first.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from aboard.store.schema.ground import metadata

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
