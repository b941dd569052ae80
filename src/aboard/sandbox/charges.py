"""What was paid, and what of it was given back? Charges and refunds, and how they move money.

A charge stands on the shelf of the account whose balance it reaches: a direct charge on the
connected account's (`ch_`), a destination charge on the platform's, with a payment (`py_`) on the
shelf of the account that its transfer reaches.

Source: Stripe's API reference, "Charges" and "Refunds", API version 2026-10-28.
"""

from msgspec import Struct

from aboard.sandbox.currencies import ZERO_DECIMAL
from aboard.sandbox.sources import Card

_DAY_SECONDS = 24 * 3600


class Charge(Struct):
    """A payment by card, or what a transfer brought (`py_`)."""

    id: str
    created: int
    amount: int
    currency: str
    available_on: int
    card: Card | None = None
    description: str | None = None
    metadata: dict[str, str] = {}
    balance_transaction: str | None = None
    application_fee: str | None = None
    application_fee_amount: int | None = None
    on_behalf_of: str | None = None
    destination: str | None = None
    destination_amount: int | None = None
    """What was to be transferred, if not all."""
    transfer: str | None = None
    transfer_group: str | None = None
    source_transfer: str | None = None
    """The transfer that brought it."""
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    receipt_email: str | None = None
    amount_refunded: int = 0
    amount_transferred: int = 0
    """What transfers named it as their source."""
    failure_code: str | None = None
    failure_message: str | None = None
    decline_code: str | None = None

    @property
    def is_failed(self) -> bool:
        """Say whether the card said no."""
        return self.failure_code is not None

    @property
    def left(self) -> int:
        """Return what can still be given back."""
        return 0 if self.is_failed else self.amount - self.amount_refunded


class Refund(Struct):
    """What was given back of a charge (`re_`), or of what a transfer brought (`pyr_`)."""

    id: str
    created: int
    amount: int
    currency: str
    charge: str
    balance_transaction: str
    reason: str | None = None
    metadata: dict[str, str] = {}
    transfer_reversal: str | None = None
    source_transfer_reversal: str | None = None


def stripe_fee(amount: int, currency: str) -> int:
    """Return what Stripe takes for a card payment: one price for all, in whole units."""
    if currency in ZERO_DECIMAL:
        return min(amount, round(amount * 36 / 1000))
    return min(amount, round(amount * 29 / 1000) + 30)


def midnight_after(at: int, days: int) -> int:
    """Return the start of the UTC day so many days after a point in time (unix seconds)."""
    return (at // _DAY_SECONDS + days) * _DAY_SECONDS
