"""May this money move? The checks that charges, transfers and payouts share.

Source: Stripe's API reference, "Errors" and its error codes; Stripe's documentation, "Account
capabilities". Whose words each message is stands in LIMITS.md.
"""

from typing import Any, TypeVar

from msgspec import Struct

from aboard.sandbox import capabilities, requirements
from aboard.sandbox.account import Account
from aboard.sandbox.call import Call
from aboard.sandbox.currencies import CURRENCIES, MOST, worded
from aboard.sandbox.money import owner_of
from aboard.sandbox.wire.errors import StripeError, bad, no_such, shown
from aboard.sandbox.wire.form import Raw
from aboard.sandbox.wire.params import Integer, Kind, Text
from aboard.sandbox.world import World

T = TypeVar("T")

AMOUNT: Kind = Integer(low=1)
AMOUNT_REQUIRED: Kind = Integer(low=1, is_required=True)
CURRENCY_REQUIRED: Kind = Text(is_required=True)
_RECEIVING = ("transfers", "legacy_payments")
_CHARGING = ("card_payments", "legacy_payments")


class Currency(Struct, frozen=True):
    """A currency, in lowercase or not."""

    is_required: bool = False

    def read(self, raw: Raw, path: str) -> str | None:
        """Return it in lowercase."""
        text = Text(self.is_required).read(raw, path)
        return None if text is None else _known(text, path)


def read_currency(params: dict[str, Any]) -> str:
    """Return the currency that is meant, in lowercase.

    Raises:
        StripeError: there is no such currency.
    """
    return _known(str(params["currency"]), "currency")


def _known(text: str, param: str) -> str:
    currency = text.lower()
    if currency not in CURRENCIES:
        raise bad(
            f"Invalid currency: {shown(currency)}. Stripe currently supports these currencies: "
            f"{', '.join(CURRENCIES)}",
            param,
        )
    return currency


def check_size(amount: int, currency: str) -> None:
    """Refuse more than can be moved at a time.

    Raises:
        StripeError: it is more.
    """
    if amount > MOST:
        raise bad(
            f"Amount must be no more than {worded(MOST, currency)}", "amount", "amount_too_large"
        )


def _has_any(world: World, account: Account, names: tuple[str, ...]) -> bool:
    if account.is_platform:
        return True
    found = capabilities.statuses(account, requirements.owed(account, world.now()))
    return any(found.get(name) == "active" for name in names)


def may_charge(world: World, account: Account) -> bool:
    """Say whether an account may take card payments."""
    is_open = account.is_platform or requirements.owed(account, world.now()).is_charging
    return is_open and _has_any(world, account, _CHARGING)


def may_be_paid_out(world: World, account: Account) -> bool:
    """Say whether an account's money may go to its bank."""
    return account.is_platform or requirements.owed(account, world.now()).is_paying_out


def get_destination(call: Call, account_id: str, param: str) -> Account:
    """Return the account that money shall go to.

    Raises:
        StripeError: it does not exist, is the platform's own, or may not be sent money.
    """
    world = call.world
    if account_id == world.platform.id:
        raise bad(f"The '{param}' param cannot be set to your own account.", param)
    account = world.account(account_id)
    if account is None:
        raise no_such("destination", account_id, param, is_in_path=False)
    if not _has_any(world, account, _RECEIVING):
        raise StripeError(
            "Your destination account needs to have at least one of the following capabilities "
            f"enabled: {', '.join(_RECEIVING)}",
            code="insufficient_capabilities_for_transfer",
        )
    return account


def find_thing(call: Call, kind: type[T], key: str) -> T | None:
    """Return what has an id and this caller may see, also if it stands on an account's shelf."""
    found = call.world.shelf(kind, call.owner).get(key)
    if found is None and call.owner is None:
        home = owner_of(call.world, key)
        if home is not None:
            found = call.world.shelf(kind, home).get(key)
    return found


def get_thing(call: Call, kind: type[T], name: str, param: str, place: int = 0) -> T:
    """Return what the path names, on the caller's own shelf.

    Raises:
        StripeError: there is none.
    """
    key = call.ids[place]
    found = call.world.shelf(kind, call.owner).get(key)
    if found is None:
        raise no_such(name, key, param, is_in_path=True)
    return found
