"""How does v1 show a bank account?

Source: Stripe's API reference, "External bank accounts", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.account import Account, BankAccount
from aboard.sandbox.magic import OWNERSHIP, OWNERSHIP_UNPROVEN

NOT_INSTANT = "000888888883"


def render_part(bank: BankAccount) -> dict[str, Any]:
    """Return a bank account that belongs to nobody yet; of its number only the last four digits."""
    return {
        "id": bank.id,
        "object": "bank_account",
        "account_holder_name": bank.holder_name,
        "account_holder_type": bank.holder_type,
        "account_type": bank.account_type,
        "bank_name": "STRIPE TEST BANK",
        "country": bank.country,
        "currency": bank.currency,
        "fingerprint": bank.fingerprint,
        "last4": bank.number[-4:],
        "routing_number": bank.routing_number,
        "status": bank.status,
    }


def render(account: Account, bank: BankAccount) -> dict[str, Any]:
    """Return a bank account that payouts of an account go to."""
    is_instant = bank.country == "US" and bank.number != NOT_INSTANT
    return {
        **render_part(bank),
        "account": account.id,
        "available_payout_methods": ["standard", "instant"] if is_instant else ["standard"],
        "default_for_currency": bank.is_default,
        "future_requirements": _nothing(),
        "metadata": bank.metadata,
        "requirements": _requirements(account, bank),
    }


def _requirements(account: Account, bank: BankAccount) -> dict[str, Any]:
    """Return what the bank account itself still owes: a document that proves whose it is."""
    found = [each for each in account.findings if each.requirement == OWNERSHIP]
    if bank.number != OWNERSHIP_UNPROVEN or not found:
        return _nothing()
    errors = [
        {"code": each.code, "reason": each.reason, "requirement": OWNERSHIP} for each in found
    ]
    return {**_nothing(), "currently_due": [OWNERSHIP], "errors": errors}


def _nothing() -> dict[str, list[Any]]:
    return {"currently_due": [], "errors": [], "past_due": [], "pending_verification": []}
