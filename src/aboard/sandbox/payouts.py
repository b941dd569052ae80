"""What goes between a balance and a bank? Payouts on their way out, top-ups on their way in.

Both stand on the shelf of the account whose balance moves, and move on the clock.

Source: Stripe's API reference, "Payouts" and "Top-ups", API version 2026-10-28.
"""

from msgspec import Struct


class Payout(Struct):
    """Money on its way to a bank account or card. A negative one fetches a payout back."""

    id: str
    created: int
    amount: int
    currency: str
    arrival_date: int
    destination: str
    destination_kind: str
    balance_transaction: str
    method: str = "standard"
    status: str = "pending"
    next_at: int | None = None
    """When it takes its next step (unix seconds); `None`: it is at its end."""
    description: str | None = None
    statement_descriptor: str | None = None
    metadata: dict[str, str] = {}
    failure_code: str | None = None
    failure_message: str | None = None
    failure_balance_transaction: str | None = None
    original_payout: str | None = None
    reversed_by: str | None = None


class TopUp(Struct):
    """Money on its way from the owner's bank into the balance."""

    id: str
    created: int
    amount: int
    currency: str
    expected_availability_date: int
    status: str = "pending"
    next_at: int | None = None
    """When it arrives (unix seconds); `None`: it is at its end."""
    balance_transaction: str | None = None
    will_fail: bool = False
    description: str | None = None
    statement_descriptor: str | None = None
    transfer_group: str | None = None
    metadata: dict[str, str] = {}
    failure_code: str | None = None
    failure_message: str | None = None


FAILURES = {
    "account_closed": "The bank account has been closed.",
    "could_not_process": "The bank could not process this payout.",
    "debit_not_authorized": (
        "Debit transactions are not approved on your bank account. (Stripe requires bank accounts "
        "to be set up for both credit and debit payouts.)"
    ),
    "insufficient_funds": "Your Stripe account has insufficient funds to cover the payout.",
    "invalid_currency": (
        "The bank was unable to process this payout because of its currency. This is probably "
        "because the bank account cannot accept payments in that currency."
    ),
    "no_account": (
        "The bank account details on file are probably incorrect. No bank account could be "
        "located with those details."
    ),
}
"""What Stripe says of each way in which a payout fails."""
