"""How does v1 show what is owed?

Source: Stripe's API reference, `requirements`, API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.requirements import Owed


def errors(debts: Owed) -> list[dict[str, str]]:
    """Return `requirements.errors`."""
    return [
        {"code": finding.code, "reason": finding.reason, "requirement": finding.requirement}
        for finding in debts.errors
    ]


def render(debts: Owed) -> dict[str, Any]:
    """Return `requirements` as accounts and capabilities carry it."""
    return {
        "alternatives": [
            {"alternative_fields_due": [alternative], "original_fields_due": [original]}
            for original, alternative in debts.alternatives
        ],
        "current_deadline": debts.deadline,
        "currently_due": debts.currently_due,
        "disabled_reason": debts.disabled_reason,
        "errors": errors(debts),
        "eventually_due": debts.eventually_due,
        "past_due": debts.past_due,
        "pending_verification": debts.pending,
    }


def render_future(debts: Owed) -> dict[str, Any]:
    """Return `future_requirements`: what will be owed, from their `current_deadline` on."""
    return render(debts.future or Owed())


def nothing() -> dict[str, Any]:
    """Return requirements that ask for nothing."""
    return render(Owed())
