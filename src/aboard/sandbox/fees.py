"""What does the platform earn of its accounts' payments? Application fees, and their refunds.

They stand on the platform's shelf.

Source: Stripe's API reference, "Application Fees", API version 2026-10-28.
"""

from msgspec import Struct


class ApplicationFee(Struct):
    """What was taken of one payment of an account."""

    id: str
    created: int
    account: str
    amount: int
    currency: str
    charge: str
    originating_transaction: str | None
    """The platform's charge, if the payment came by a transfer."""
    balance_transaction: str
    amount_refunded: int = 0
    refunds: list[str] = []

    @property
    def left(self) -> int:
        """Return what can still be given back."""
        return self.amount - self.amount_refunded


class FeeRefund(Struct):
    """What was given back of a fee."""

    id: str
    created: int
    fee: str
    amount: int
    currency: str
    balance_transaction: str
    metadata: dict[str, str] = {}
