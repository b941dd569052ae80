"""How does v1 show a token? What it is and whether it was used; what it states stays inside.

Source: Stripe's API reference, "Tokens", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.tokens import Token
from aboard.sandbox.views.v1 import bank_view, card_view
from aboard.sandbox.world import World


def render(world: World, token: Token) -> dict[str, Any]:
    """Return the token."""
    shown: dict[str, Any] = {
        "id": token.id,
        "object": "token",
        "client_ip": None,
        "created": token.created,
        "livemode": world.livemode,
        "type": token.kind,
        "used": token.is_used,
    }
    if token.bank is not None:
        shown["bank_account"] = bank_view.render_part(token.bank)
    if token.card is not None:
        shown["card"] = card_view.render_part(token.card)
    return shown
