"""External accounts: where payouts of a connected account go, bank accounts and debit cards.

`/bank_accounts` is the older name of the same paths. Who collects requirements decides who may
change them; reading is open to the controlling platform always.

Source: Stripe's API reference, "External accounts", API version 2026-10-28.
"""

from collections.abc import Container
from http import HTTPStatus
from typing import Any

from aboard.sandbox import answers, banks, transitions
from aboard.sandbox.account import Account, BankAccount, DebitCard, ExternalAccount
from aboard.sandbox.call import Call, Route, Thing
from aboard.sandbox.emit import emit
from aboard.sandbox.files import check_document
from aboard.sandbox.ledger import Ledger
from aboard.sandbox.magic import OWNERSHIP
from aboard.sandbox.paging import page
from aboard.sandbox.v1 import account_rules
from aboard.sandbox.v1 import external_account_facts as facts
from aboard.sandbox.v1 import external_account_params as params_of
from aboard.sandbox.v1.access import get_account
from aboard.sandbox.v1.token_params import use_up
from aboard.sandbox.views.v1 import external_account_view
from aboard.sandbox.views.v1.card_view import ADDRESS
from aboard.sandbox.wire.errors import StripeError, bad, missing, no_such
from aboard.sandbox.wire.params import merge_metadata

_DISABLED = frozenset({"errored", "verification_failed", "tokenized_account_number_deactivated"})
_MONTHS = range(1, 13)
_YEARS = range(2000, 2100)


def _find(call: Call) -> tuple[Account, ExternalAccount]:
    account = get_account(call)
    for thing in account.external_accounts:
        if thing.id == call.ids[1]:
            return account, thing
    raise no_such("external account", call.ids[1], "id", is_in_path=True)


def _check_writable(account: Account) -> None:
    if account.is_platform or account.controller.is_stripe_collecting:
        raise account_rules.no_permission(account, ["external_account"])


def create(call: Call) -> dict[str, Any]:
    """Add a bank account or card; the first of a currency becomes its default."""
    account, world, params = get_account(call), call.world, call.params
    _check_writable(account)
    param = "external_account" if "external_account" in params else "bank_account"
    thing, token = facts.read(world, account, params.get(param), param)
    if thing is None:
        raise missing("external_account")
    thing.metadata = merge_metadata(thing.metadata, params.get("metadata", {}))
    given = params.get(param)
    is_chosen = params.get("default_for_currency") or (
        isinstance(given, dict) and given.get("default_for_currency")
    )
    with transitions.changing(world, account):
        banks.add(account, thing, as_default=bool(is_chosen))
        use_up(token)
    banks.tell(world, account, thing)
    return external_account_view.render(account, thing)


def retrieve(call: Call) -> dict[str, Any]:
    """Read a bank account or card."""
    account, thing = _find(call)
    return external_account_view.render(account, thing)


def update(call: Call) -> dict[str, Any]:
    """Change what may be changed; an update that says nothing enables a disabled one again."""
    account, thing = _find(call)
    world, params = call.world, call.params
    _check_writable(account)
    changes = _changes(thing, params)
    if params.get("default_for_currency") is False and thing.is_default:
        raise bad(
            "You cannot unset the default external account for a currency. Make another external "
            "account the default instead.",
            "default_for_currency",
        )
    metadata = merge_metadata(thing.metadata, params["metadata"]) if "metadata" in params else None
    papers = _papers(call, account)
    before = external_account_view.render(account, thing)
    with transitions.changing(world, account):
        for name, value in changes.items():
            setattr(thing, name, value)
        if metadata is not None:
            thing.metadata = metadata
        if papers:
            answers.put(world, account, OWNERSHIP, papers)
        if params.get("default_for_currency"):
            for other in banks.defaults(account, thing.currency):
                other.is_default = False
            thing.is_default = True
        if not params and thing.status in _DISABLED:
            thing.status = "new"
    after = external_account_view.render(account, thing)
    previous = {name: old for name, old in before.items() if after[name] != old}
    if previous:
        kind = "account.external_account.updated"
        emit(world, kind, after, account=account, previous=previous)
    return after


def _papers(call: Call, account: Account) -> tuple[str, ...]:
    """Return the documents that prove whose the bank account is.

    Raises:
        StripeError: nobody uploaded one of them.
    """
    proofs = (call.params.get("documents") or {}).get("bank_account_ownership_verification") or {}
    found = tuple(proofs.get("files") or ())
    for place, file_id in enumerate(found):
        param = f"documents[bank_account_ownership_verification][files][{place}]"
        check_document(call.world, account.id, file_id, param)
    return found


def _changes(thing: ExternalAccount, params: dict[str, Any]) -> dict[str, Any]:
    """Return the fields to write.

    Raises:
        StripeError: a parameter is of the other kind, or no date.
    """
    if isinstance(thing, BankAccount):
        _refuse_foreign(params, params_of.OF_CARDS, "bank accounts")
        return {field: params[name] for name, field in _BANK_FIELDS.items() if name in params}
    _refuse_foreign(params, params_of.OF_BANKS, "cards")
    found: dict[str, Any] = {}
    for name, allowed, code in (
        ("exp_month", _MONTHS, "invalid_expiry_month"),
        ("exp_year", _YEARS, "invalid_expiry_year"),
    ):
        if name in params:
            found[name] = _whole(params[name], name, allowed, code)
    if "name" in params:
        found["name"] = params["name"]
    spoken = {name: params[name] for name in ADDRESS if name in params}
    if spoken:
        address = {**thing.address, **spoken}
        found["address"] = {name: text for name, text in address.items() if text}
    return found


_BANK_FIELDS = {
    "account_holder_name": "holder_name",
    "account_holder_type": "holder_type",
    "account_type": "account_type",
}


def _refuse_foreign(params: dict[str, Any], foreign: Container[str], words: str) -> None:
    for name in sorted(params):
        if name in foreign:
            raise bad(f"Received unknown parameter for {words}: {name}", name, "parameter_unknown")


def _whole(text: object, name: str, allowed: range, code: str) -> int:
    found = int(str(text)) if str(text).isascii() and str(text).isdigit() else -1
    if found not in allowed:
        part = "month" if name == "exp_month" else "year"
        raise StripeError(
            f"Your card's expiration {part} is invalid.",
            status=HTTPStatus.PAYMENT_REQUIRED,
            kind="card_error",
            code=code,
            param=name,
            is_early=True,
        )
    return found


def delete(call: Call) -> dict[str, Any]:
    """Take a bank account or card away, unless payouts need it."""
    account, thing = _find(call)
    _check_writable(account)
    others = [
        each
        for each in account.external_accounts
        if each is not thing and each.currency == thing.currency
    ]
    if thing.is_default and (thing.currency == account.currency or others):
        raise StripeError(
            "You cannot delete the default external account for your default currency. Please make "
            "another external account the default using the `default_for_currency` param, and then "
            "delete this one."
        )
    gone = {**external_account_view.render(account, thing), "default_for_currency": False}
    with transitions.changing(call.world, account):
        banks.remove(account, thing)
    emit(call.world, "account.external_account.deleted", gone, account=account)
    deleted = {"id": thing.id, "object": gone["object"], "deleted": True}
    return {**deleted, "currency": thing.currency}


def list_all(call: Call) -> dict[str, Any]:
    """List bank accounts and cards, newest first."""
    account = get_account(call)
    wanted = call.params.get("object")
    ledger: Ledger[Any] = Ledger(BankAccount, account.id)
    for thing in account.external_accounts:
        kind = "card" if isinstance(thing, DebitCard) else "bank_account"
        if wanted in {None, kind}:
            ledger.add(thing.id, thing)
    return page(
        call,
        ledger,
        "external account",
        show=lambda thing: external_account_view.render(account, thing),
    )


def list_banks(call: Call) -> dict[str, Any]:
    """List bank accounts alone: the older path's answer."""
    call.params["object"] = "bank_account"
    return list_all(call)


_ALL = "/v1/accounts/{account}/external_accounts"
_ONE = f"{_ALL}/{{id}}"
_OLD = "/v1/accounts/{account}/bank_accounts"
_OLD_ONE = f"{_OLD}/{{id}}"
_KIND = "bank_account"
ROUTES = (
    Route("GET", _ALL, list_all, params_of.LIST, _KIND, is_list=True),
    Route("POST", _ALL, create, params_of.CREATE, _KIND),
    Route("GET", _ONE, retrieve, params_of.NONE, _KIND),
    Route("POST", _ONE, update, params_of.UPDATE, _KIND),
    Route("DELETE", _ONE, delete),
    Route("GET", _OLD, list_banks, params_of.LIST, _KIND, is_list=True),
    Route("POST", _OLD, create, params_of.LEGACY_CREATE, _KIND),
    Route("GET", _OLD_ONE, retrieve, params_of.NONE, _KIND),
    Route("POST", _OLD_ONE, update, params_of.UPDATE, _KIND),
    Route("DELETE", _OLD_ONE, delete),
)
_EXPANDS = {"account": "account"}
THINGS = (Thing("bank_account", expands=_EXPANDS), Thing("card", expands=_EXPANDS))
