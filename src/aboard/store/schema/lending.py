"""Which tables hold who may borrow Stripe's key, what is lent, and what was called with it?

Source: ADR-0029, the gateway; ADR-0030, lent credentials.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from aboard.store.schema.ground import metadata

gateway_callers = Table(
    "gateway_callers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    # The name of a policy of the settings' file; else the caller's own words by mode, as JSON.
    Column("policy", Text),
    Column("allow_list", Text),
    # JSON; empty for everybody, and for the platform itself.
    Column("owners", Text),
    Column("limits", Text),
    Column("credential", Text),
    Column("disabled_at", BigInteger),
)

# What is kept of a token: nothing leads back from its digest.
gateway_tokens = Table(
    "gateway_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("caller_id", Text, ForeignKey("gateway_callers.id"), nullable=False),
    Column("mode", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("hint", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    Index(None, "caller_id", "created_at", "id"),
)

# Stripe's keys, each in an envelope that opens only under a master key of the settings.
gateway_credentials = Table(
    "gateway_credentials",
    metadata,
    Column("mode", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("generation", Integer, nullable=False),
    Column("hint", Text, nullable=False),
    # `secret` or `restricted`: how much Stripe lets it do.
    Column("kind", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("envelope", Text, nullable=False),
)

# One row for each call, written before it goes up and finished when it is over. Names and hints are
# those of the time of the call, so nothing refers to callers or tokens that may be removed.
gateway_calls = Table(
    "gateway_calls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("via", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("caller_id", Text),
    Column("caller_name", Text),
    Column("token_hint", Text),
    Column("mode", Text),
    Column("operation", Text),
    Column("account", Text),
    Column("status", Integer),
    Column("upstream_status", Integer),
    Column("duration_ms", BigInteger),
    Column("stripe_request_id", Text),
    Column("bytes_in", BigInteger, nullable=False),
    Column("bytes_out", BigInteger, nullable=False),
    Column("address", Text),
    Index(None, "at", "id"),
    Index(None, "caller_id", "at", "id"),
)
Index(
    "ix_gateway_calls_account",
    gateway_calls.c.account,
    gateway_calls.c.at,
    gateway_calls.c.id,
    sqlite_where=gateway_calls.c.account.is_not(None),
    postgresql_where=gateway_calls.c.account.is_not(None),
)

# How many calls of a day (UTC, counted from 1970) a caller with a budget has made, how many it had
# made before the last commit that counted, and what the budget was then.
gateway_days = Table(
    "gateway_days",
    metadata,
    Column("caller_id", Text, primary_key=True),
    Column("day", Integer, primary_key=True, index=True),
    Column("spent", BigInteger, nullable=False),
    Column("spent_before", BigInteger, nullable=False),
    Column("most", BigInteger, nullable=False),
)
