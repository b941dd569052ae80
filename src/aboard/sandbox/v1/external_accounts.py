"""Where shall payouts go? Reads `external_account` as accounts are given it.

Source: Stripe's API reference, "External bank accounts"; connect testing, "Account numbers".
"""

from collections.abc import Mapping
from typing import Any

from aboard.sandbox import banks
from aboard.sandbox.account import BankAccount
from aboard.sandbox.call import Route, Thing
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.wire.errors import bad, missing, no_such
from aboard.sandbox.wire.params import merge_metadata
from aboard.sandbox.world import World

TEST_TOKENS = {
    "btok_us": ("US", "110000000", "000123456789"),
    "btok_us_verified": ("US", "110000000", "000123456789"),
    "btok_us_accountClosed": ("US", "110000000", "000111111113"),
    "btok_us_noAccount": ("US", "110000000", "000111111116"),
    "btok_us_insufficientFunds": ("US", "110000000", "000222222227"),
}
_PARAM = "external_account"


def read(world: World, given: str | Mapping[str, Any] | None) -> BankAccount | None:
    """Return the bank account that a parameter describes.

    Raises:
        StripeError: it is no bank account, or its numbers are not numbers.
    """
    if given is None:
        return None
    if isinstance(given, str):
        known = TEST_TOKENS.get(given)
        if known is None:
            raise no_such("token", given, _PARAM, is_in_path=False)
        country, routing, number = known
        given = {"country": country, "routing_number": routing, "account_number": number}
    elif given.get("object") != "bank_account":
        raise bad("Debit cards are not part of this sandbox yet.", f"{_PARAM}[object]")
    for name in ("account_number", "country"):
        if not given.get(name):
            raise missing(f"{_PARAM}[{name}]")
    country = str(given["country"]).upper()
    if country not in COUNTRIES:
        message = f"{country[:10]} is not currently supported by Stripe."
        raise bad(message, f"{_PARAM}[country]", "country_unsupported")
    wrong = banks.check_numbers(country, given.get("routing_number"), given["account_number"])
    if wrong:
        param = f"{_PARAM}[{wrong[0].path.rpartition('.')[2]}]"
        is_routing = param.endswith("routing_number]")
        code = "routing_number_invalid" if is_routing else "account_number_invalid"
        raise bad(wrong[0].message, param, code)
    return BankAccount(
        id=world.ids.new("ba"),
        created=world.now(),
        country=country,
        currency=str(given.get("currency") or COUNTRIES[country].currency).lower(),
        routing_number=banks.plain(given.get("routing_number"))
        or banks.routing_of(given["account_number"]),
        number=banks.plain(given["account_number"]),
        holder_name=given.get("account_holder_name"),
        holder_type=given.get("account_holder_type"),
        metadata=merge_metadata({}, given.get("metadata") or {}),
    )


ROUTES: tuple[Route, ...] = ()
THINGS: tuple[Thing, ...] = ()
