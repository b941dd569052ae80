"""How does v1 show application fees and their refunds?

Source: Stripe's API reference, "Application Fees", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.fees import ApplicationFee, FeeRefund
from aboard.sandbox.views.v1.embedded import newest
from aboard.sandbox.world import World


def render(world: World, fee: ApplicationFee) -> dict[str, Any]:
    """Return the fee with its newest refunds."""

    def refund_of(key: str) -> dict[str, Any] | None:
        refund = world.shelf(FeeRefund).peek(key)
        return None if refund is None else render_refund(refund)

    return {
        "id": fee.id,
        "object": "application_fee",
        "account": fee.account,
        "amount": fee.amount,
        "amount_refunded": fee.amount_refunded,
        "application": world.application_id,
        "balance_transaction": fee.balance_transaction,
        "charge": fee.charge,
        "created": fee.created,
        "currency": fee.currency,
        "fee_source": {"charge": fee.charge, "type": "charge"},
        "livemode": world.livemode,
        "originating_transaction": fee.originating_transaction,
        "refunded": fee.left == 0,
        "refunds": newest(fee.refunds, f"/v1/application_fees/{fee.id}/refunds", refund_of),
    }


def render_refund(refund: FeeRefund) -> dict[str, Any]:
    """Return the refund of a fee."""
    return {
        "id": refund.id,
        "object": "fee_refund",
        "amount": refund.amount,
        "balance_transaction": refund.balance_transaction,
        "created": refund.created,
        "currency": refund.currency,
        "fee": refund.fee,
        "metadata": refund.metadata,
    }
