"""Which tables are there? Written once, for the migrations and for the SQL of every question.

Points in time are whole microseconds since 1970 in UTC; JSON is text. The rows that change with
every event (`account_syncs`) are kept apart from the wide ones that are read with every request
(`accounts`) and from the bytes nobody reads in a hurry (`account_documents`).

Source: ADR-0008, SQLite first.
"""

from aboard.store.schema.connected import (
    account_documents,
    account_syncs,
    accounts,
    former_accounts,
    gates,
    links,
    onboardings,
    platform_accounts,
    return_visits,
    spent_states,
)
from aboard.store.schema.ground import metadata
from aboard.store.schema.lending import (
    gateway_callers,
    gateway_calls,
    gateway_credentials,
    gateway_days,
    gateway_tokens,
)
from aboard.store.schema.people import (
    creators,
    kyc_checks,
    kyc_messages,
    memberships,
    organizations,
    pending_users,
    plans,
    sign_in_failures,
    user_sessions,
    users,
)
from aboard.store.schema.records import (
    audit,
    budgets,
    idempotency_keys,
    spent_tickets,
)
from aboard.store.schema.telling import (
    announcements,
    deliveries,
    events,
    subscribers,
)

__all__ = [
    "account_documents",
    "account_syncs",
    "accounts",
    "announcements",
    "audit",
    "budgets",
    "creators",
    "deliveries",
    "events",
    "former_accounts",
    "gates",
    "gateway_callers",
    "gateway_calls",
    "gateway_credentials",
    "gateway_days",
    "gateway_tokens",
    "idempotency_keys",
    "kyc_checks",
    "kyc_messages",
    "links",
    "memberships",
    "metadata",
    "onboardings",
    "organizations",
    "pending_users",
    "plans",
    "platform_accounts",
    "return_visits",
    "sign_in_failures",
    "spent_states",
    "spent_tickets",
    "subscribers",
    "user_sessions",
    "users",
]
