"""How do commands tell what a restricted key of Stripe's needs?

Source: docs/gateway/policies.md.
"""

from aboard.core.lending.permissions import NeededPermissions


def told_needed(needed: NeededPermissions) -> str:
    """Say in a line what a restricted key needs."""
    told = ", ".join(needed.names) or "nothing"
    if not needed.unknown:
        return told
    return f"{told}; Stripe's reference is silent on {', '.join(needed.unknown)}"


def show_needed(needed: NeededPermissions) -> dict[str, object]:
    """Return the same for a document."""
    return {"needed": needed.names, "unknown": needed.unknown}
