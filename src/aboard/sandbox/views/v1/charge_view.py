"""How does v1 show a charge, and the payment that a transfer brought?

Source: Stripe's API reference, "Charges", API version 2026-10-28.
"""

from hashlib import blake2b
from typing import Any

from aboard.sandbox.charges import Charge
from aboard.sandbox.sources import Card
from aboard.sandbox.views.v1.card_view import BRANDS
from aboard.sandbox.world import World


def render(world: World, charge: Charge, owner: str | None) -> dict[str, Any]:
    """Return the charge as it stands on `owner`'s shelf."""
    card = charge.card
    is_applied = owner is not None and charge.source_transfer is None
    return {
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": 0 if charge.is_failed else charge.amount,
        "amount_refunded": charge.amount_refunded,
        "application": world.application_id if is_applied else None,
        "application_fee": charge.application_fee,
        "application_fee_amount": charge.application_fee_amount,
        "balance_transaction": charge.balance_transaction,
        "billing_details": _billing_details(card),
        "calculated_statement_descriptor": charge.statement_descriptor,
        "captured": not charge.is_failed,
        "created": charge.created,
        "currency": charge.currency,
        "customer": None,
        "description": charge.description,
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": charge.failure_code,
        "failure_message": charge.failure_message,
        "fraud_details": {},
        "livemode": world.livemode,
        "metadata": charge.metadata,
        "on_behalf_of": charge.on_behalf_of,
        "outcome": _outcome(charge),
        "paid": not charge.is_failed,
        "payment_intent": None,
        "payment_method": None if card is None else card.id,
        "payment_method_details": _details(card),
        "receipt_email": charge.receipt_email,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": not charge.is_failed and charge.left == 0,
        "review": None,
        "shipping": None,
        "source": None if card is None else _source(card),
        "source_transfer": charge.source_transfer,
        "statement_descriptor": charge.statement_descriptor,
        "statement_descriptor_suffix": charge.statement_descriptor_suffix,
        "status": "failed" if charge.is_failed else "succeeded",
        **({"transfer": charge.transfer} if charge.transfer is not None else {}),
        "transfer_data": _transfer_data(charge),
        "transfer_group": charge.transfer_group,
    }


def _transfer_data(charge: Charge) -> dict[str, Any] | None:
    if charge.destination is None:
        return None
    return {"amount": charge.destination_amount, "destination": charge.destination}


def _billing_details(card: Card | None) -> dict[str, Any]:
    names = ("city", "country", "line1", "line2", "postal_code", "state")
    return {
        "address": dict.fromkeys(names),
        "email": None,
        "name": None if card is None else card.name,
        "phone": None,
        "tax_id": None,
    }


def _outcome(charge: Charge) -> dict[str, Any] | None:
    if charge.card is None:
        return None
    if not charge.is_failed:
        return {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network",
        "reason": charge.decline_code or charge.failure_code,
        "risk_level": "normal",
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def _fingerprint(card: Card) -> str:
    text = f"{card.brand}{card.country}{card.funding}{card.last4}"
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _details(card: Card | None) -> dict[str, Any]:
    if card is None:
        return {"type": "stripe_account", "stripe_account": {}}
    return {
        "type": "card",
        "card": {
            "amount_authorized": None,
            "brand": card.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": None,
            },
            "country": card.country,
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
            "fingerprint": _fingerprint(card),
            "funding": card.funding,
            "installments": None,
            "last4": card.last4,
            "mandate": None,
            "network": card.brand,
            "three_d_secure": None,
            "wallet": None,
        },
    }


def _source(card: Card) -> dict[str, Any]:
    parts = ("city", "country", "line1", "line1_check", "line2", "state", "zip", "zip_check")
    return {
        "id": card.id,
        "object": "card",
        **{f"address_{part}": None for part in parts},
        "brand": BRANDS.get(card.brand, "Unknown"),
        "country": card.country,
        "customer": None,
        "cvc_check": None,
        "dynamic_last4": None,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "fingerprint": _fingerprint(card),
        "funding": card.funding,
        "last4": card.last4,
        "metadata": {},
        "name": card.name,
        "tokenization_method": None,
    }
