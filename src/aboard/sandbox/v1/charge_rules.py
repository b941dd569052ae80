"""May this be charged, and with what? Reads the parameters of a charge, and refuses in time.

Source: Stripe's API reference, "Charges"; Stripe's documentation, "Create a charge" for Connect.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from aboard.sandbox import sources
from aboard.sandbox.call import Call
from aboard.sandbox.currencies import least, worded
from aboard.sandbox.sources import Behaviour, Card
from aboard.sandbox.tokens import find_token
from aboard.sandbox.v1 import money_rules
from aboard.sandbox.wire.errors import StripeError, bad, missing, no_such

_CARD_SHOWN = 4


class Split(Struct, frozen=True):
    """How a charge is shared out."""

    fee: int | None = None
    destination: str | None = None
    destination_amount: int | None = None
    on_behalf_of: str | None = None


def read_amount(params: dict[str, Any]) -> tuple[int, str]:
    """Return amount and currency.

    Raises:
        StripeError: one is missing, unknown, too small or too large.
    """
    for name in ("amount", "currency"):
        if name not in params:
            raise missing(name)
    currency = money_rules.read_currency(params)
    amount: int = params["amount"]
    if amount < least(currency):
        raise bad(
            f"Amount must be at least {worded(least(currency), currency)} {currency}",
            "amount",
            "amount_too_small",
        )
    money_rules.check_size(amount, currency)
    return amount, currency


def read_source(call: Call) -> tuple[Card, Behaviour]:
    """Return the card that shall pay, and what it does.

    Raises:
        StripeError: nothing is named that could pay.
    """
    params = call.params
    if params.get("customer") is not None:
        raise no_such("customer", params["customer"], "customer", is_in_path=False)
    source = params.get("source")
    if source is None:
        raise StripeError("Must provide source or customer.", code="parameter_missing")
    if isinstance(source, str):
        number = sources.TOKENS.get(source)
        if number is None:
            return _spend_token(call, source)
        return _card(call, number, {}), sources.behaviour_of(number)
    return _read_card(call, source)


def _spend_token(call: Call, token_id: str) -> tuple[Card, Behaviour]:
    """Use a card's token up, whether the card then pays or not."""
    token = find_token(call.world, token_id, "source", "card")
    card = token.card
    if card is None:
        raise no_such("token", token_id, "source", is_in_path=False)
    token.is_used = True
    given = {"number": card.number, "exp_month": card.exp_month, "exp_year": card.exp_year}
    return _read_card(call, {**given, "name": card.name})


def _read_card(call: Call, given: Mapping[str, Any]) -> tuple[Card, Behaviour]:
    for name in ("number", "exp_month", "exp_year"):
        if given.get(name) is None:
            raise missing(f"source[{name}]")
    number = str(given["number"]).replace(" ", "").replace("-", "")
    behaviour = sources.behaviour_of(number)
    now = datetime.fromtimestamp(call.world.now(), UTC)
    if (given["exp_year"], given["exp_month"]) < (now.year, now.month):
        behaviour = Behaviour(refusal=sources.EXPIRED)
    return _card(call, number, given), behaviour


def _card(call: Call, number: str, given: Mapping[str, Any]) -> Card:
    world, behaviour = call.world, sources.behaviour_of(number)
    return Card(
        id=world.ids.new("card"),
        brand=behaviour.brand,
        country=behaviour.country,
        funding=behaviour.funding,
        last4=number[-_CARD_SHOWN:],
        exp_month=given.get("exp_month", 12),
        exp_year=given.get("exp_year", datetime.fromtimestamp(world.now(), UTC).year + 1),
        name=given.get("name"),
    )


def read_split(call: Call, amount: int) -> Split:
    """Return who shall get what of a charge, having checked that they may.

    Raises:
        StripeError: the parts do not go together, are too large, or somebody may not be paid.
    """
    params = call.params
    fee, fee_param = params.get("application_fee_amount"), "application_fee_amount"
    if params.get("application_fee") is not None:
        if fee is not None:
            raise _exclusive("application_fee", "application_fee_amount")
        fee, fee_param = params["application_fee"], "application_fee"
    destination, share, param = _read_destination(params)
    if call.actor is not None:
        _check_direct(call, destination, param)
    else:
        _check_own(call, fee, fee_param, destination)
    if destination is not None:
        money_rules.get_destination(call, destination, param)
    if share is not None and fee is not None:
        raise _exclusive(fee_param, "transfer_data[amount]")
    if share is not None and share > amount:
        raise bad("The transfer amount cannot be greater than the charge amount.", param)
    if fee is not None and fee > amount:
        raise bad("The application fee cannot be greater than the charge amount.", fee_param)
    return Split(fee or None, destination, share, _read_on_behalf_of(call, destination))


def _read_destination(params: Mapping[str, Any]) -> tuple[str | None, int | None, str]:
    data, older = params.get("transfer_data"), params.get("destination")
    if data is not None and older is not None:
        raise _exclusive("destination", "transfer_data")
    if older is not None:
        older = {"account": older} if isinstance(older, str) else older
        return older["account"], older.get("amount"), "destination[account]"
    if data is not None:
        return data["destination"], data.get("amount"), "transfer_data[destination]"
    return None, None, "transfer_data[destination]"


def _check_direct(call: Call, destination: str | None, param: str) -> None:
    actor = call.actor
    if destination is not None:
        raise bad(f"You cannot use '{param}' when the request acts as a connected account.", param)
    if actor is not None and not money_rules.may_charge(call.world, actor):
        raise StripeError(
            "Your account cannot currently make charges: the account "
            f"'{actor.id}' must have at least one of the following capabilities enabled: "
            "card_payments, legacy_payments",
            code="account_invalid",
        )


def _check_own(call: Call, fee: int | None, param: str, destination: str | None) -> None:
    if fee is not None and destination is None:
        raise bad(
            "Can only apply an application_fee when the request is made on behalf of another "
            "account (using an OAuth key, the Stripe-Account header, or the destination "
            "parameter).",
            param,
        )
    if call.params.get("transfer_data") == {}:
        raise missing("transfer_data[destination]")


def _read_on_behalf_of(call: Call, destination: str | None) -> str | None:
    account_id = call.params.get("on_behalf_of")
    if account_id is None:
        return None
    if call.actor is not None:
        raise bad(
            "You cannot use 'on_behalf_of' when the request acts as a connected account.",
            "on_behalf_of",
        )
    account = call.world.account(account_id)
    if account is None:
        raise no_such("account", account_id, "on_behalf_of", is_in_path=False)
    if destination is not None and destination != account_id:
        raise bad(
            "The 'on_behalf_of' account must be the account that the transfer goes to.",
            "on_behalf_of",
        )
    if not money_rules.may_charge(call.world, account):
        raise bad(
            f"The account '{account_id}' must have the card_payments capability enabled to be "
            "charged on behalf of.",
            "on_behalf_of",
        )
    return str(account_id)


def _exclusive(one: str, other: str) -> StripeError:
    return bad(
        f"You may only specify one of these parameters: {one}, {other}.",
        one,
        "parameters_exclusive",
    )
