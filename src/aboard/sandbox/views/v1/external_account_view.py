"""How does v1 show where payouts go? As a bank account or as a card.

Source: Stripe's API reference, "External accounts", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.account import Account, DebitCard, ExternalAccount
from aboard.sandbox.views.v1 import bank_view, card_view


def render(account: Account, thing: ExternalAccount) -> dict[str, Any]:
    """Return a bank account or card of an account."""
    if isinstance(thing, DebitCard):
        return card_view.render(account, thing)
    return bank_view.render(account, thing)
