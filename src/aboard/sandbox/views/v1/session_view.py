"""How does v1 show an account session? Every component of its API version, asked for or not.

Source: Stripe's API reference, "Account Sessions", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.account import Account
from aboard.sandbox.sessions import COMPONENTS, AccountSession, features_of

NEWER = frozenset({"reporting_chart", "terminal_hardware_orders", "terminal_hardware_shop"})
NEWER_SINCE = "2026-10-28"


def names(version: str) -> tuple[str, ...]:
    """Return the components that an API version knows."""
    is_older = version < NEWER_SINCE
    return tuple(name for name in COMPONENTS if not (is_older and name in NEWER))


def render(
    session: AccountSession, account: Account, *, livemode: bool, version: str
) -> dict[str, Any]:
    """Return the session with its secret: only for the answer that creates it."""
    components = {}
    for name in names(version):
        asked = session.components.get(name)
        components[name] = {
            "enabled": asked is not None and asked.is_enabled,
            "features": features_of(name, account.controller) if asked is None else asked.features,
        }
    return {
        "object": "account_session",
        "account": session.account_id,
        "client_secret": session.client_secret,
        "components": components,
        "expires_at": session.expires_at,
        "livemode": livemode,
    }
