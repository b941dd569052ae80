"""How does v1 show a capability?

Source: Stripe's API reference, "Capabilities", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox import capabilities, requirements
from aboard.sandbox.account import Account
from aboard.sandbox.views.v1 import requirement_view


def render(account: Account, name: str, now: int) -> dict[str, Any]:
    """Return the capability as of `now` (unix seconds)."""
    debts = requirements.owed(account, now)
    status = capabilities.statuses(account, debts).get(name, "unrequested")
    shown = requirement_view.render(debts)
    shown["disabled_reason"] = _disabled_reason(account, name, status)
    return {
        "id": name,
        "object": "capability",
        "account": account.id,
        "future_requirements": requirement_view.nothing(),
        "requested": name in account.requested,
        "requested_at": account.requested.get(name),
        "requirements": shown,
        "status": status,
    }


def _disabled_reason(account: Account, name: str, status: str) -> str | None:
    if status == "active":
        return None
    if account.rejected is not None or name in account.lost:
        return "rejected.other"
    if account.is_paused:
        return "platform_paused"
    if not account.details_submitted:
        return "pending.onboarding"
    return "pending.review" if status == "pending" else "requirements.fields_needed"
