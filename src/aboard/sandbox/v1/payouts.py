"""Payouts: from a balance to the bank account or card of its owner.

Source: Stripe's API reference, "Payouts", API version 2026-10-28; error codes
`balance_insufficient`, `payouts_not_allowed`, `instant_payouts_unsupported`.
"""

from typing import Any

from aboard.sandbox.account import Account, BankAccount, ExternalAccount
from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.changes import tell_change
from aboard.sandbox.money import balance_of
from aboard.sandbox.moving import payouts as moving
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.payouts import Payout
from aboard.sandbox.v1 import money_rules
from aboard.sandbox.v1.transfers import SOURCE_TYPES
from aboard.sandbox.views.v1 import external_account_view, payout_view
from aboard.sandbox.wire.errors import StripeError, bad, no_such
from aboard.sandbox.wire.params import Choice, Metadata, Text, Times, merge_metadata
from aboard.sandbox.world import World

CREATE = with_expand(
    {
        "amount": money_rules.AMOUNT_REQUIRED,
        "currency": money_rules.CURRENCY_REQUIRED,
        "description": Text(),
        "destination": Text(is_clearable=False),
        "metadata": Metadata(),
        "method": Choice(("instant", "standard")),
        "payout_method": Text(is_clearable=False),
        "source_type": Choice(SOURCE_TYPES),
        "statement_descriptor": Text(longest=22),
    }
)
STATUSES = ("canceled", "failed", "in_transit", "paid", "pending")
LIST = with_expand(
    {
        **PAGE,
        "arrival_date": Times(),
        "created": Times(),
        "destination": Text(is_clearable=False),
        "status": Choice(STATUSES),
    }
)
WITH_METADATA = with_expand({"metadata": Metadata()})
_REVERSIBLE = frozenset({"CA", "US"})
_TEST_BANK = ("110000000", "000123456789")


def _account(call: Call) -> Account:
    return call.actor or call.world.platform


def external_accounts(world: World, account: Account) -> list[ExternalAccount]:
    """Return where an account can be paid out to; the platform has a test bank account."""
    if account.is_platform and not account.banks:
        routing, number = _TEST_BANK
        account.banks = [
            BankAccount(
                id=world.ids.new("ba"),
                created=account.created,
                country=account.country,
                currency=account.currency,
                routing_number=routing,
                number=number,
            )
        ]
    return list(account.external_accounts)


def takes_instant(account: Account, thing: ExternalAccount) -> bool:
    """Say whether a bank account or card can be paid out to within minutes."""
    methods = external_account_view.render(account, thing)["available_payout_methods"]
    return "instant" in (methods or ())


def _read_destination(call: Call, currency: str) -> ExternalAccount:
    account, wanted = _account(call), call.params.get("destination")
    there = external_accounts(call.world, account)
    if wanted is not None:
        for each in there:
            if each.id == wanted:
                if each.currency != currency:
                    raise bad(
                        f"The external account {wanted} does not take {currency}.", "destination"
                    )
                return each
        raise no_such("external account", wanted, "destination", is_in_path=False)
    for each in there:
        if each.currency == currency and each.is_default:
            return each
    raise StripeError(f"Sorry, you don't have any external accounts in that currency ({currency}).")


def create(call: Call) -> dict[str, Any]:
    """Send money from the balance to the bank."""
    world, params, account = call.world, call.params, _account(call)
    currency, amount = money_rules.read_currency(params), params["amount"]
    money_rules.check_size(amount, currency)
    if not money_rules.may_be_paid_out(world, account):
        raise StripeError(
            "Payouts have been disabled on this account. Check its requirements to see if any "
            "additional information needs to be provided.",
            code="payouts_not_allowed",
        )
    if params.get("payout_method") is not None:
        key = params["payout_method"]
        raise no_such("payout method", key, "payout_method", is_in_path=False)
    to = _read_destination(call, currency)
    method = params.get("method", "standard")
    _check_destination(account, to, method)
    metadata = merge_metadata({}, params.get("metadata") or {})
    _check_funds(call, amount, currency)
    payout = Payout(
        id=world.ids.new("po"),
        created=world.now(),
        amount=amount,
        currency=currency,
        arrival_date=moving.arrival(world, method),
        destination=to.id,
        destination_kind="bank_account" if isinstance(to, BankAccount) else "card",
        balance_transaction="",
        method=method,
        description=params.get("description"),
        statement_descriptor=params.get("statement_descriptor"),
        metadata=metadata,
    )
    moving.send(world, account, payout)
    return payout_view.render(world, payout)


def _check_destination(account: Account, to: ExternalAccount, method: str) -> None:
    if to.status not in {"new", "verified", "validated"}:
        raise StripeError(
            f"The external account {to.id} cannot be paid out to, because an earlier payout to it "
            "failed. Correct its details, or choose another one.",
            param="destination",
        )
    if method == "instant" and not takes_instant(account, to):
        raise StripeError(
            "The debit card or bank account provided as an external account does not support "
            "Instant Payouts. Provide another one, or use a standard payout instead.",
            code="instant_payouts_unsupported",
            param="method",
        )


def _check_funds(call: Call, amount: int, currency: str) -> None:
    source = call.params.get("source_type", "card")
    if source == "card" and balance_of(call.world, call.owner, currency).available >= amount:
        return
    raise StripeError(
        f"You have insufficient funds in your Stripe account for this transfer. Your {source} "
        "balance is too low.  You can use the /v1/balance endpoint to view your Stripe balance "
        "(for more details, see stripe.com/docs/api#balance).",
        code="balance_insufficient",
    )


def _get(call: Call) -> Payout:
    return money_rules.get_thing(call, Payout, "payout", "payout")


def retrieve(call: Call) -> dict[str, Any]:
    """Read a payout."""
    return payout_view.render(call.world, _get(call))


def update(call: Call) -> dict[str, Any]:
    """Change what is written on a payout."""
    payout = _get(call)
    before = payout_view.render(call.world, payout)
    payout.metadata = merge_metadata(payout.metadata, call.params.get("metadata", {}))
    shown = payout_view.render(call.world, payout)
    tell_change(call.world, "payout.updated", before, shown, account=call.actor)
    return shown


def cancel(call: Call) -> dict[str, Any]:
    """Call a payout back that has not left yet."""
    payout = _get(call)
    if payout.status != "pending":
        raise StripeError(
            f"Payouts can only be canceled while they are pending; {payout.id} is {payout.status}."
        )
    if payout.original_payout is not None:
        raise StripeError(f"{payout.id} reverses a payout, and cannot be canceled.")
    moving.cancel(call.world, _account(call), payout)
    return payout_view.render(call.world, payout)


def reverse(call: Call) -> dict[str, Any]:
    """Fetch a payout back from a connected account's bank."""
    payout = _get(call)
    account = call.actor
    to = None
    if account is not None:
        to = next((each for each in account.banks if each.id == payout.destination), None)
    if account is None or to is None or to.country not in _REVERSIBLE:
        raise StripeError(
            "You can only reverse payouts of connected accounts to bank accounts in the US and "
            "Canada."
        )
    if payout.status == "pending":
        raise StripeError(f"{payout.id} is still pending: cancel it instead of reversing it.")
    if payout.original_payout is not None or payout.status not in {"in_transit", "paid"}:
        raise StripeError(f"{payout.id} cannot be reversed.")
    if payout.reversed_by is not None:
        raise StripeError(f"{payout.id} has already been reversed by {payout.reversed_by}.")
    metadata = merge_metadata({}, call.params.get("metadata") or {})
    return payout_view.render(call.world, moving.reverse(call.world, account, payout, metadata))


def list_all(call: Call) -> dict[str, Any]:
    """List the payouts, newest first."""
    return page(
        call,
        call.world.shelf(Payout, call.owner),
        "payout",
        show=lambda payout: payout_view.render(call.world, payout),
        by=("arrival_date", "created", "destination", "status"),
    )


def show(call: Call, payout_id: str) -> dict[str, Any] | None:
    """Render the payout with an id."""
    payout = call.world.shelf(Payout, call.owner).get(payout_id)
    return None if payout is None else payout_view.render(call.world, payout)


def show_destination(call: Call, key: str) -> dict[str, Any] | None:
    """Render the bank account or card with an id that a payout went to."""
    account = _account(call)
    for each in external_accounts(call.world, account):
        if each.id == key:
            return external_account_view.render(account, each)
    return None


_ALL = "/v1/payouts"
_ONE = f"{_ALL}/{{payout}}"
ROUTES = (
    Route("GET", _ALL, list_all, LIST, "payout", is_list=True),
    Route("POST", _ALL, create, CREATE, "payout"),
    Route("GET", _ONE, retrieve, with_expand({}), "payout"),
    Route("POST", _ONE, update, WITH_METADATA, "payout"),
    Route("POST", f"{_ONE}/cancel", cancel, with_expand({}), "payout"),
    Route("POST", f"{_ONE}/reverse", reverse, WITH_METADATA, "payout"),
)
THINGS = (
    Thing(
        "payout",
        show,
        {
            "balance_transaction": "balance_transaction",
            "destination": "payout_destination",
            "failure_balance_transaction": "balance_transaction",
            "original_payout": "payout",
            "reversed_by": "payout",
        },
    ),
    Thing("payout_destination", show_destination),
)
