"""Is this a card that payouts can go to? Reads card numbers as parameters give them.

Source: Stripe's API reference, "External cards", "Tokens" and "Error codes" (card errors).
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aboard.sandbox import banks, sources
from aboard.sandbox.account import DebitCard
from aboard.sandbox.views.v1.card_view import ADDRESS
from aboard.sandbox.wire.errors import StripeError, bad, missing
from aboard.sandbox.wire.params import merge_metadata
from aboard.sandbox.world import World

DEBIT = {"debit", "prepaid"}
NEVER_ADDED = "4000056655665572"
_CENTURY = 2000
_MONTHS = range(1, 13)


def _card_error(message: str, code: str, param: str) -> StripeError:
    return StripeError(
        message, status=HTTPStatus.PAYMENT_REQUIRED, kind="card_error", code=code, param=param
    )


def read_card(world: World, given: Mapping[str, Any], param: str) -> DebitCard:
    """Return the card that a parameter describes; its currency is the caller's to set.

    Raises:
        StripeError: something is missing, the number is no card's, or the card has expired.
    """
    for name in ("number", "exp_month", "exp_year"):
        if not given.get(name):
            raise missing(f"{param}[{name}]")
    number = str(given["number"]).replace(" ", "").replace("-", "")
    if not sources.is_card_number(number):
        raise _card_error("Your card number is incorrect.", "incorrect_number", f"{param}[number]")
    month, year = _whole(given["exp_month"]), _whole(given["exp_year"])
    year += _CENTURY if year < 100 else 0  # noqa: PLR2004 - two digits of a year
    if month not in _MONTHS:
        message = "Your card's expiration month is invalid."
        raise _card_error(message, "invalid_expiry_month", f"{param}[exp_month]")
    today = world.clock.now()
    if (year, month) < (today.year, today.month):
        message = "Your card's expiration year is invalid."
        raise _card_error(message, "invalid_expiry_year", f"{param}[exp_year]")
    behaviour = sources.behaviour_of(number)
    return DebitCard(
        id=world.ids.new("card"),
        created=world.now(),
        number=number,
        brand=behaviour.brand,
        country=behaviour.country,
        funding=behaviour.funding,
        currency=str(given.get("currency") or "").lower(),
        exp_month=month,
        exp_year=year,
        name=given.get("name"),
        address={name: str(given[name]) for name in ADDRESS if given.get(name)},
        fingerprint=banks.fingerprint(world, number),
        metadata=merge_metadata({}, given.get("metadata") or {}),
    )


def _whole(given: object) -> int:
    text = str(given)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1  # noqa: PLR2004 - a year


def check_payable(card: DebitCard, country: str, currency: str, param: str) -> None:
    """Refuse a card that payouts of an account in this country cannot go to.

    Raises:
        StripeError: it is no debit card, of another country, or the bank refuses it.
    """
    if card.funding not in DEBIT:
        raise bad(
            "Only debit cards can be added as an external account: this is a credit card.",
            param,
            "invalid_card_type",
        )
    if card.country != country:
        raise bad(
            f"Debit cards from {card.country} cannot be added to an account in {country}.", param
        )
    if card.number == NEVER_ADDED:
        raise _card_error("Your card was declined.", "card_declined", param)
    card.currency = card.currency or currency
