"""Tokens: details given once, used once.

Source: Stripe's API reference, "Tokens", API version 2026-10-28.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from aboard.sandbox import fields
from aboard.sandbox.account import Account
from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.tokens import PREFIXES, Token
from aboard.sandbox.v1 import account_params, person_facts, person_params
from aboard.sandbox.v1.cards import read_card
from aboard.sandbox.v1.external_account_facts import read_bank
from aboard.sandbox.v1.person_params import TEXT, texts
from aboard.sandbox.views.v1 import token_view
from aboard.sandbox.wire.errors import bad, no_such
from aboard.sandbox.wire.params import Choice, Either, Flag, Hash, Kind, Text
from aboard.sandbox.world import World

_COMPANY = Hash({**account_params.COMPANY.kinds, "ownership_declaration_shown_and_signed": Flag()})
_CARD = Hash(
    {
        **texts(
            "address_city address_country address_line1 address_line2 address_state address_zip "
            "currency cvc name"
        ),
        "exp_month": Text(is_required=True),
        "exp_year": Text(is_required=True),
        "networks": Hash({"preferred": Choice(("cartes_bancaires", "mastercard", "visa"))}),
        "number": Text(is_required=True),
    }
)
_KINDS: dict[str, Kind] = {
    "account": Hash(
        {
            "business_type": Choice(account_params.BUSINESS_TYPES),
            "company": _COMPANY,
            "individual": person_params.INDIVIDUAL,
            "tos_shown_and_accepted": Flag(),
        }
    ),
    "bank_account": Hash(
        {
            **texts("account_holder_name currency payment_method routing_number"),
            "account_holder_type": Choice(("company", "individual")),
            "account_number": Text(is_required=True),
            "account_type": Choice(("checking", "futsu", "savings", "toza")),
            "country": Text(is_required=True),
        }
    ),
    "card": Either(TEXT, _CARD),
    "cvc_update": Hash({"cvc": Text(is_required=True)}),
    "person": Hash(person_params.PERSON),
    "pii": Hash({"id_number": TEXT}),
}
CREATE = with_expand({**_KINDS, "customer": TEXT})


def create(call: Call) -> dict[str, Any]:
    """Keep details for one use."""
    params = call.params
    if "customer" in params:
        raise no_such("customer", str(params["customer"]), "customer", is_in_path=False)
    given = [name for name in _KINDS if name in params]
    if len(given) != 1:
        raise bad(
            "You must supply either a card, customer, PII data, bank account, account or person "
            "to create a token."
            if not given
            else f"You may only specify one of these parameters: {', '.join(given)}.",
            None if not given else given[0],
            None if not given else "parameters_exclusive",
        )
    kind = given[0]
    if kind == "cvc_update":
        raise bad("CVC updates are for customers' cards, of which there are none.", kind)
    token = _MAKERS[kind](call.world, params[kind] or {})
    call.world.shelf(Token).add(token.id, token)
    return token_view.render(call.world, token)


def _made(world: World, kind: str, said: Mapping[str, Any] | None = None) -> Token:
    text = b"{}" if said is None else msgspec.json.encode(said)
    return Token(world.ids.new(PREFIXES[kind]), world.now(), kind, text)


def _account(world: World, given: Mapping[str, Any]) -> Token:
    anybody = world.platform
    individual = given.get("individual")
    if individual:
        person_facts.read(world, anybody, individual, None, within="account[individual]")
    phone = (given.get("company") or {}).get("phone")
    if phone:
        _check_phone(anybody, phone)
    return _made(world, "account", given)


def _check_phone(account: Account, phone: str) -> None:
    wrong = fields.read_answer(account, "company.phone", phone)
    if isinstance(wrong, fields.FieldError):
        raise person_facts.refused_phone(phone, "account[company][phone]")


def _person(world: World, given: Mapping[str, Any]) -> Token:
    person_facts.read(world, world.platform, given, None, within="person")
    return _made(world, "person", given)


def _bank(world: World, given: Mapping[str, Any]) -> Token:
    token = _made(world, "bank_account")
    token.bank = read_bank(world, given, "bank_account")
    return token


def _card(world: World, given: str | Mapping[str, Any]) -> Token:
    if isinstance(given, str):
        raise no_such("card", given, "card", is_in_path=False)
    token = _made(world, "card")
    token.card = read_card(world, given, "card")
    return token


def _pii(world: World, given: Mapping[str, Any]) -> Token:
    return _made(world, "pii", given)


_MAKERS: dict[str, Callable[[World, Any], Token]] = {
    "account": _account,
    "bank_account": _bank,
    "card": _card,
    "person": _person,
    "pii": _pii,
}


def retrieve(call: Call) -> dict[str, Any]:
    """Read a token; what it states stays inside."""
    token = call.world.shelf(Token).get(call.ids[0])
    if token is None:
        raise no_such("token", call.ids[0], "token", is_in_path=True)
    return token_view.render(call.world, token)


ROUTES = (
    Route("POST", "/v1/tokens", create, CREATE, "token"),
    Route("GET", "/v1/tokens/{token}", retrieve, with_expand({}), "token"),
)
THINGS = (Thing("token"),)
