"""How does v1 show a bank account?

Source: Stripe's API reference, "External bank accounts", API version 2026-10-28.
"""

from hashlib import blake2b
from typing import Any

from aboard.sandbox.account import Account, BankAccount


def render(account: Account, bank: BankAccount) -> dict[str, Any]:
    """Return the bank account; of its number only the last four digits."""
    number = f"{bank.country}{bank.routing_number}{bank.number}"
    return {
        "id": bank.id,
        "object": "bank_account",
        "account": account.id,
        "account_holder_name": bank.holder_name,
        "account_holder_type": bank.holder_type,
        "account_type": None,
        "available_payout_methods": ["standard"],
        "bank_name": "STRIPE TEST BANK",
        "country": bank.country,
        "currency": bank.currency,
        "default_for_currency": bank.is_default,
        "fingerprint": blake2b(number.encode(), digest_size=8).hexdigest(),
        "future_requirements": _nothing(),
        "last4": bank.number[-4:],
        "metadata": bank.metadata,
        "requirements": _nothing(),
        "routing_number": bank.routing_number,
        "status": bank.status,
    }


def _nothing() -> dict[str, list[str]]:
    return {"currently_due": [], "errors": [], "past_due": [], "pending_verification": []}
