"""What does the seller have, and what was paid out? Money in the words of the dashboard."""

from datetime import UTC, datetime

from aboard.sandbox.account import Account
from aboard.sandbox.currencies import ZERO_DECIMAL
from aboard.sandbox.money import Balance, balances_of
from aboard.sandbox.payouts import Payout
from aboard.sandbox.world import World

_PAYOUTS_SHOWN = 5
_WORDS = {
    "canceled": "cancelled",
    "failed": "failed",
    "in_transit": "on its way",
    "paid": "paid",
    "pending": "pending",
}


def money_words(amount: int, currency: str) -> str:
    """Write an amount, given in the smallest unit, with its currency."""
    name = currency.upper()
    return f"{amount:,} {name}" if currency in ZERO_DECIMAL else f"{amount / 100:,.2f} {name}"


def shown_balance(world: World, account: Account) -> tuple[str, str]:
    """Return what can be paid out and what is still pending, in each currency there is."""
    found = balances_of(world, account.id) or {account.currency: Balance()}
    available = [money_words(balance.available, name) for name, balance in found.items()]
    pending = [money_words(balance.pending, name) for name, balance in found.items()]
    return ", ".join(available), ", ".join(pending)


def payout_lines(world: World, account: Account) -> list[dict[str, str]]:
    """Describe the newest payouts: when they arrive, how much, and how they stand."""
    found = world.shelves.find(Payout, account.id)
    newest = found.page(limit=_PAYOUTS_SHOWN)[0] if found else []
    return [
        {
            "label": f"{datetime.fromtimestamp(payout.arrival_date, UTC):%d %B %Y}",
            "text": f"{money_words(payout.amount, payout.currency)}, {_WORDS[payout.status]}",
        }
        for payout in newest
    ]
