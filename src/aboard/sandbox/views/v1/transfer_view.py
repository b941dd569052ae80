"""How does v1 show transfers and their reversals?

Source: Stripe's API reference, "Transfers" and "Transfer Reversals", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.transfers import Transfer, TransferReversal
from aboard.sandbox.views.v1.embedded import newest
from aboard.sandbox.world import World


def render(world: World, transfer: Transfer) -> dict[str, Any]:
    """Return the transfer with its newest reversals."""

    def reversal_of(key: str) -> dict[str, Any] | None:
        reversal = world.shelf(TransferReversal).peek(key)
        return None if reversal is None else render_reversal(reversal)

    return {
        "id": transfer.id,
        "object": "transfer",
        "amount": transfer.amount,
        "amount_reversed": transfer.amount_reversed,
        "balance_transaction": transfer.balance_transaction,
        "created": transfer.created,
        "currency": transfer.currency,
        "description": transfer.description,
        "destination": transfer.destination,
        "destination_payment": transfer.destination_payment,
        "livemode": world.livemode,
        "metadata": transfer.metadata,
        "reversals": newest(
            transfer.reversals, f"/v1/transfers/{transfer.id}/reversals", reversal_of
        ),
        "reversed": transfer.left == 0,
        "source_transaction": transfer.source_transaction,
        "source_type": "card",
        "transfer_group": transfer.transfer_group,
    }


def render_reversal(reversal: TransferReversal) -> dict[str, Any]:
    """Return the reversal of a transfer."""
    return {
        "id": reversal.id,
        "object": "transfer_reversal",
        "amount": reversal.amount,
        "balance_transaction": reversal.balance_transaction,
        "created": reversal.created,
        "currency": reversal.currency,
        "destination_payment_refund": reversal.destination_payment_refund,
        "metadata": reversal.metadata,
        "source_refund": reversal.source_refund,
        "transfer": reversal.transfer,
    }
