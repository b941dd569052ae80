"""How does v1 show a refund?

Source: Stripe's API reference, "Refunds", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.charges import Refund


def render(refund: Refund) -> dict[str, Any]:
    """Return the refund of a charge, or of what a transfer brought."""
    is_card = refund.source_transfer_reversal is None
    return {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": refund.balance_transaction,
        "charge": refund.charge,
        "created": refund.created,
        "currency": refund.currency,
        "destination_details": _details() if is_card else None,
        "metadata": refund.metadata,
        "payment_intent": None,
        "reason": refund.reason,
        "receipt_number": None,
        "source_transfer_reversal": refund.source_transfer_reversal,
        "status": "succeeded",
        "transfer_reversal": refund.transfer_reversal,
    }


def _details() -> dict[str, Any]:
    return {"type": "card", "card": {"type": "refund", "reference_status": "pending"}}
