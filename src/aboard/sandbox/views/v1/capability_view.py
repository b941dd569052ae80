"""How does v1 show a capability?

Source: Stripe's API reference, "Capabilities", API version 2026-10-28.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from aboard.sandbox import capabilities, requirements
from aboard.sandbox.account import Account
from aboard.sandbox.requirements import Owed
from aboard.sandbox.views.v1 import requirement_view


class Standing(NamedTuple):
    """Everything that a capability's view says: equal standings are shown alike."""

    requested_at: int | None
    status: str | None
    disabled_reason: str | None
    debts: Owed


def standings(account: Account, names: Iterable[str], now: int) -> dict[str, Standing]:
    """Return how capabilities stand at `now` (unix seconds), requested or not."""
    digest = requirements.digest_of(account)
    statuses = capabilities.statuses(account, requirements.owed(account, now, digest))
    found = {}
    for name in names:
        status = statuses.get(name)
        reason = None if status is None else capabilities.disabled_reason(account, name, status)
        debts = requirements.owed_by_capability(account, name, now, digest)
        found[name] = Standing(account.requested.get(name), status, reason, debts)
    return found


def render(account: Account, name: str, now: int) -> dict[str, Any]:
    """Return the capability as of `now` (unix seconds); one not requested previews its debts."""
    return render_standing(account.id, name, standings(account, (name,), now)[name])


def render_standing(account_id: str, name: str, standing: Standing) -> dict[str, Any]:
    """Return the capability of an account as it stands."""
    shown = requirement_view.render(standing.debts)
    shown["disabled_reason"] = standing.disabled_reason
    return {
        "id": name,
        "object": "capability",
        "account": account_id,
        "future_requirements": requirement_view.render_future(standing.debts),
        "requested": standing.requested_at is not None,
        "requested_at": standing.requested_at,
        "requirements": shown,
        "status": standing.status or "unrequested",
    }
