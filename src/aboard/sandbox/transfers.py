"""What went from the platform to its accounts, and what of it went back?

A transfer stands on the platform's shelf; what it brings is a payment (`py_`) on the shelf of its
destination.

Source: Stripe's API reference, "Transfers" and "Transfer Reversals", API version 2026-10-28.
"""

from msgspec import Struct


class Transfer(Struct):
    """Money on its way from the platform to an account: it arrives at once."""

    id: str
    created: int
    amount: int
    currency: str
    destination: str
    destination_payment: str
    balance_transaction: str
    source_transaction: str | None = None
    transfer_group: str | None = None
    description: str | None = None
    metadata: dict[str, str] = {}
    amount_reversed: int = 0
    reversals: list[str] = []

    @property
    def left(self) -> int:
        """Return what can still be reversed."""
        return self.amount - self.amount_reversed


class TransferReversal(Struct):
    """What of a transfer went back."""

    id: str
    created: int
    amount: int
    currency: str
    transfer: str
    balance_transaction: str
    destination_payment_refund: str
    source_refund: str | None = None
    metadata: dict[str, str] = {}
