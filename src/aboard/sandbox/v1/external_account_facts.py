"""Where shall payouts go? Reads bank accounts and debit cards as parameters give them.

Source: Stripe's API reference, "External bank accounts" and "External cards"; connect testing,
"Account numbers".
"""

from collections.abc import Mapping
from typing import Any

from aboard.sandbox import banks, sources
from aboard.sandbox.account import Account, BankAccount, DebitCard, ExternalAccount
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.fields import FieldError
from aboard.sandbox.payout_places import bank_places
from aboard.sandbox.samples import bank_sample
from aboard.sandbox.tokens import Token, find_token
from aboard.sandbox.v1.cards import check_payable, read_card
from aboard.sandbox.wire.errors import StripeError, bad, missing
from aboard.sandbox.wire.params import merge_metadata
from aboard.sandbox.world import World

PARAM = "external_account"
_US = ("US", "110000000")
TEST_TOKENS = {
    "btok_us": (*_US, "000123456789"),
    "btok_us_verified": (*_US, "000123456789"),
    **{
        f"{family}_{name}": (*_US, number)
        for family in ("btok_us", "btok_us_verified")
        for name, number in (
            ("noAccount", "000111111116"),
            ("accountClosed", "000111111113"),
            ("insufficientFunds", "000222222227"),
            ("debitNotAuthorized", "000333333335"),
            ("invalidCurrency", "000444444440"),
        )
    },
}
_EXPIRY_YEARS = 5


def read(
    world: World, account: Account, given: str | Mapping[str, Any] | None, param: str = PARAM
) -> tuple[ExternalAccount | None, Token | None]:
    """Return the bank account or card that a parameter describes, and the token that it used up.

    The token is still unused: mark it when everything else was found good.

    Raises:
        StripeError: it is neither, or cannot be this account's.
    """
    if not given:
        return None, None
    if isinstance(given, str):
        thing, token = _from_token(world, given, param)
    elif given.get("token"):
        thing, token = _from_token(world, str(given["token"]), f"{param}[token]")
        if isinstance(thing, DebitCard) and given.get("currency"):
            thing.currency = str(given["currency"]).lower()
    elif given.get("object") == "card":
        thing, token = read_card(world, given, param), None
    else:
        thing, token = read_bank(world, given, param), None
    _check_place(account, thing, param)
    return thing, token


def _from_token(world: World, token_id: str, param: str) -> tuple[ExternalAccount, Token | None]:
    if token_id in TEST_TOKENS:
        country, routing, number = TEST_TOKENS[token_id]
        given = {"country": country, "routing_number": routing, "account_number": number}
        return read_bank(world, given, param), None
    if token_id in sources.TOKENS:
        year = world.clock.now().year + _EXPIRY_YEARS
        card = {"number": sources.TOKENS[token_id], "exp_month": "12", "exp_year": str(year)}
        return read_card(world, card, param), None
    token = find_token(world, token_id, param, "bank_account", "card")
    thing: ExternalAccount | None = token.bank or token.card
    if thing is None:
        raise bad("This token holds neither a bank account nor a card.", param)
    return thing, token


def _check_place(account: Account, thing: ExternalAccount, param: str) -> None:
    if isinstance(thing, DebitCard):
        check_payable(thing, account.country, account.currency, param)
        return
    places = bank_places(account.country).get(thing.currency)
    if places is None:
        raise bad(
            f"Sorry, {thing.currency} bank accounts cannot be added to accounts in "
            f"{account.country}.",
            f"{param}[currency]",
        )
    if thing.country not in places:
        raise bad(
            f"Cannot create {thing.country} bank accounts in {thing.currency} for accounts in "
            f"{account.country}.",
            f"{param}[country]",
        )


def read_bank(world: World, given: Mapping[str, Any], param: str) -> BankAccount:
    """Return the bank account that a parameter describes in full.

    Raises:
        StripeError: something is missing, or its numbers are not numbers.
    """
    for name in ("account_number", "country"):
        if not given.get(name):
            raise missing(f"{param}[{name}]")
    country = str(given["country"]).upper()
    if country not in COUNTRIES:
        message = f"{country[:10]} is not currently supported by Stripe."
        raise bad(message, f"{param}[country]", "country_unsupported")
    wrong = banks.check_numbers(country, given.get("routing_number"), given["account_number"])
    if wrong:
        raise _refused(world, country, wrong[0], param)
    bank = banks.make(
        world,
        country=country,
        currency=str(given.get("currency") or COUNTRIES[country].currency).lower(),
        account_number=given["account_number"],
        routing_number=given.get("routing_number"),
        holder_name=given.get("account_holder_name"),
        holder_type=given.get("account_holder_type"),
    )
    bank.account_type = given.get("account_type")
    bank.metadata = merge_metadata({}, given.get("metadata") or {})
    return bank


def _refused(world: World, country: str, wrong: FieldError, param: str) -> StripeError:
    if wrong.path == banks.ROUTING:
        return bad(wrong.message, f"{param}[routing_number]", "routing_number_invalid")
    message = wrong.message
    if not world.livemode:
        message = (
            f"You must use a test bank account number in test mode. Try "
            f"{bank_sample(country).account_number} or see more options at "
            "https://stripe.com/docs/connect/testing#account-numbers."
        )
    return bad(message, f"{param}[account_number]", "account_number_invalid")
