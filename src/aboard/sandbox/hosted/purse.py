"""What does the seller have, and what was paid out? Money in the words of the dashboard."""

from aboard.sandbox.account import Account
from aboard.sandbox.money import Balance, balances_of
from aboard.sandbox.world import World

_WHOLE = frozenset({"clp", "huf", "isk", "jpy", "krw", "twd", "ugx", "vnd", "xaf", "xof"})
"""Currencies without a smaller unit in everyday life."""


def money_words(amount: int, currency: str) -> str:
    """Write an amount, given in the smallest unit, with its currency."""
    name = currency.upper()
    return f"{amount:,} {name}" if currency in _WHOLE else f"{amount / 100:,.2f} {name}"


def shown_balance(world: World, account: Account) -> tuple[str, str]:
    """Return what can be paid out and what is still pending, in each currency there is."""
    found = balances_of(world, account.id) or {account.currency: Balance()}
    available = [money_words(balance.available, name) for name, balance in found.items()]
    pending = [money_words(balance.pending, name) for name, balance in found.items()]
    return ", ".join(available), ", ".join(pending)


def payout_lines(_world: World, _account: Account) -> list[dict[str, str]]:
    """Describe the newest payouts."""
    return []
