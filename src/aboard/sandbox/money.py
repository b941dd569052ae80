"""Whose money is it? The book: every movement of a balance, and what each balance is by now.

Whoever gains or loses has a balance transaction for it, so a balance is the sum of its owner's
transactions. An owner is a connected account's id, or `None` for the platform. Amounts are in a
currency's smallest unit.

Source: Stripe's API reference, "Balance" and "Balance Transactions", API version 2026-10-28.
"""

from collections.abc import Iterable

from msgspec import Struct

from aboard.sandbox.account import Account
from aboard.sandbox.world import World

REPORTED_AS = {
    "adjustment": "fee",
    "application_fee": "platform_earning",
    "application_fee_refund": "platform_earning_refund",
    "payment": "charge",
    "payment_refund": "refund",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
    "stripe_fee": "fee",
    "transfer_refund": "transfer_reversal",
}
"""The reporting category of a type of transaction, where it has another name."""


class Fee(Struct, frozen=True):
    """A part of what is taken off a movement: `stripe_fee` or `application_fee`."""

    kind: str
    amount: int


class BalanceTransaction(Struct, frozen=True):
    """One movement of one balance: `amount` comes in, `fees` are taken off it.

    `kind` is Stripe's `type`; `source` is the id of what moved the money. From `available_on`
    (unix seconds) on the money can be used.
    """

    id: str
    created: int
    available_on: int
    kind: str
    currency: str
    amount: int
    source: str
    fees: tuple[Fee, ...] = ()
    description: str | None = None

    @property
    def fee(self) -> int:
        """Return all that is taken off."""
        return sum(fee.amount for fee in self.fees)

    @property
    def net(self) -> int:
        """Return what the balance gains by it."""
        return self.amount - self.fee


class Purse(Struct):
    """The sum of one owner's transactions, kept up to date so that asking costs nothing."""

    id: str = "purse"
    available: dict[str, int] = {}
    """What can be used, by currency."""
    pending: dict[str, dict[int, int]] = {}
    """What will be, by currency and by when (unix seconds)."""
    moving: list[str] = []
    """Payouts and top-ups that are on their way."""


class Balance(Struct, frozen=True):
    """What somebody has of one currency."""

    available: int = 0
    pending: int = 0


def purse_of(world: World, owner: str | None) -> Purse:
    """Return an owner's purse, with all that has become available put where it can be used."""
    shelf = world.shelf(Purse, owner)
    purse = shelf.get("purse")
    if purse is None:
        purse = Purse()
        shelf.add(purse.id, purse)
    now = world.now()
    for currency, waiting in purse.pending.items():
        for at in [at for at in waiting if at <= now]:
            purse.available[currency] = purse.available.get(currency, 0) + waiting.pop(at)
    return purse


def balances_of(world: World, owner: str | None) -> dict[str, Balance]:
    """Return what an owner has, by currency; nothing of currencies that never moved."""
    if not world.shelves.find(Purse, owner):
        return {}
    purse = purse_of(world, owner)
    return {
        currency: Balance(
            purse.available.get(currency, 0), sum(purse.pending.get(currency, {}).values())
        )
        for currency in sorted({*purse.available, *purse.pending})
    }


def balance_of(world: World, owner: str | None, currency: str) -> Balance:
    """Return what an owner has of one currency."""
    return balances_of(world, owner).get(currency, Balance())


def has_balance(world: World, owner: str | None) -> bool:
    """Say whether there is money on either side of zero, available or pending."""
    return any(
        balance.available or balance.pending for balance in balances_of(world, owner).values()
    )


def is_money_moving(world: World, account: Account) -> bool:
    """Say whether payouts or top-ups of an account are on their way."""
    owner = None if account.is_platform else account.id
    return any(purse.moving for purse in world.shelves.find(Purse, owner))


def post(  # noqa: PLR0913 - a movement has so many sides
    world: World,
    owner: str | None,
    *,
    kind: str,
    amount: int,
    currency: str,
    source: str,
    fees: Iterable[Fee] = (),
    available_on: int | None = None,
    description: str | None = None,
) -> BalanceTransaction:
    """Write one movement into an owner's book; it is available at once unless told otherwise."""
    now = world.now()
    found = BalanceTransaction(
        id=world.ids.new("txn"),
        created=now,
        available_on=now if available_on is None else available_on,
        kind=kind,
        currency=currency,
        amount=amount,
        source=source,
        fees=tuple(fee for fee in fees if fee.amount),
        description=description,
    )
    world.shelf(BalanceTransaction, owner).add(found.id, found)
    purse = purse_of(world, owner)
    if found.available_on > now:
        waiting = purse.pending.setdefault(currency, {})
        waiting[found.available_on] = waiting.get(found.available_on, 0) + found.net
    else:
        purse.available[currency] = purse.available.get(currency, 0) + found.net
    return found


class Home(Struct, frozen=True):
    """Where something of a connected account stands that the platform's things name."""

    id: str
    owner: str


def remember_home(world: World, owner: str, *ids: str) -> None:
    """Let the platform find things on a connected account's shelves when it expands."""
    shelf = world.shelf(Home)
    for each in ids:
        shelf.add(each, Home(each, owner))


def owner_of(world: World, thing_id: str) -> str | None:
    """Return on whose shelf something stands that the platform's things name."""
    home = world.shelf(Home).peek(thing_id)
    return None if home is None else home.owner
