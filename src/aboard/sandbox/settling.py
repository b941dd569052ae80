"""How shall a balance be settled? What an owner chose beyond the account's own settings.

Interval, statement descriptor and the debiting of negative balances are facts of the account
(`settings.payouts...`), because both of Stripe's answers show them.

Source: Stripe's API reference, "Balance Settings", API version 2026-10-28.
"""

from msgspec import Struct


class Rule(Struct, frozen=True):
    """What goes by itself to a payout method: all, or up to an amount."""

    payout_method: str
    kind: str
    up_to: int | None = None


class Settling(Struct):
    """One owner's choices."""

    id: str = "settling"
    minimum_balances: dict[str, int] = {}
    rules: dict[str, list[Rule]] = {}
    monthly_days: list[int] = []
    weekly_days: list[str] = []
    delay_days: int | None = None
    day_starts: tuple[int, int, str] | None = None
    """Hour, minutes, time zone."""
