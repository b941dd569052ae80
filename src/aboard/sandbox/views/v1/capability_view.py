"""How does v1 show a capability?

Source: Stripe's API reference, "Capabilities", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox import capabilities, requirements
from aboard.sandbox.account import Account
from aboard.sandbox.views.v1 import requirement_view


def render(account: Account, name: str, now: int) -> dict[str, Any]:
    """Return the capability as of `now` (unix seconds); one not requested previews its debts."""
    status = capabilities.statuses(account, requirements.owed(account, now)).get(name)
    debts = requirements.owed_by_capability(account, name, now)
    shown = requirement_view.render(debts)
    shown["disabled_reason"] = None
    if status is not None:
        shown["disabled_reason"] = capabilities.disabled_reason(account, name, status)
    return {
        "id": name,
        "object": "capability",
        "account": account.id,
        "future_requirements": requirement_view.render_future(debts),
        "requested": name in account.requested,
        "requested_at": account.requested.get(name),
        "requirements": shown,
        "status": status or "unrequested",
    }
