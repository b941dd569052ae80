"""How does v1 show a card, as a connected account's external account or inside a token?

Source: Stripe's API reference, "External cards" and "Tokens", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.account import Account, DebitCard

ADDRESS = (
    "address_city",
    "address_country",
    "address_line1",
    "address_line2",
    "address_state",
    "address_zip",
)
NOT_INSTANT = "4000056755665555"
BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "MasterCard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


def render_part(card: DebitCard) -> dict[str, Any]:
    """Return a card that belongs to nobody yet; of its number only the last four digits."""
    return {
        "id": card.id,
        "object": "card",
        **{name: card.address.get(name) for name in ADDRESS},
        "address_line1_check": "unchecked" if card.address.get("address_line1") else None,
        "address_zip_check": "unchecked" if card.address.get("address_zip") else None,
        "allow_redisplay": "unspecified",
        "brand": BRANDS.get(card.brand, "Unknown"),
        "country": card.country,
        "cvc_check": None,
        "dynamic_last4": None,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "last4": card.number[-4:],
        "metadata": card.metadata,
        "name": card.name,
        "networks": {"preferred": None},
        "regulated_status": "unregulated",
        "tokenization_method": None,
    }


def render(account: Account, card: DebitCard) -> dict[str, Any]:
    """Return a card that payouts of an account go to."""
    is_instant = card.number != NOT_INSTANT
    return {
        **render_part(card),
        "account": account.id,
        "available_payout_methods": ["standard", "instant"] if is_instant else ["standard"],
        "currency": card.currency,
        "default_for_currency": card.is_default,
        "status": card.status,
    }
