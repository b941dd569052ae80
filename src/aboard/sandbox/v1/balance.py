"""Balances, and what moved them.

Source: Stripe's API reference, "Balance" and "Balance Transactions", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.money import BalanceTransaction, balances_of
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.v1 import (
    application_fees,
    balance_settings,
    charges,
    money_rules,
    payouts,
    refunds,
    topups,
    transfers,
)
from aboard.sandbox.views.v1 import balance_view
from aboard.sandbox.wire.params import Text, Times

LIST = with_expand(
    {
        **PAGE,
        "created": Times(),
        "currency": Text(is_clearable=False),
        "payout": Text(is_clearable=False),
        "source": Text(is_clearable=False),
        "type": Text(is_clearable=False),
    }
)


def retrieve(call: Call) -> dict[str, Any]:
    """Read the caller's own balance."""
    world, account = call.world, call.actor or call.world.platform
    instant = {
        each.currency: each.id
        for each in account.external_accounts
        if each.is_default and payouts.takes_instant(account, each)
    }
    balances = balances_of(world, call.owner)
    return balance_view.render(world, balances, account.currency, instant=instant)


def retrieve_transaction(call: Call) -> dict[str, Any]:
    """Read one movement of the caller's own balance."""
    found = money_rules.get_thing(call, BalanceTransaction, "balance transaction", "id")
    return balance_view.render_transaction(call.world, found)


def list_transactions(call: Call) -> dict[str, Any]:
    """List the movements of the caller's own balance, newest first."""
    params = call.params
    sources = {params.get("source"), params.get("payout")} - {None}

    def keep(found: BalanceTransaction) -> bool:
        is_kind = params.get("type") in {None, found.kind}
        return is_kind and all(found.source == source for source in sources)

    return page(
        call,
        call.world.shelf(BalanceTransaction, call.owner),
        "balance transaction",
        show=lambda found: balance_view.render_transaction(call.world, found),
        by=("created", "currency"),
        keep=keep,
    )


def show_transaction(call: Call, key: str) -> dict[str, Any] | None:
    """Render the movement with an id; the platform sees those that its transfers and fees name."""
    found = money_rules.find_thing(call, BalanceTransaction, key)
    return None if found is None else balance_view.render_transaction(call.world, found)


_SOURCES = (
    *charges.THINGS,
    *refunds.THINGS,
    *application_fees.THINGS,
    *transfers.THINGS,
    *payouts.THINGS,
    *topups.THINGS,
)


_MOVERS = {
    "ch": "charge",
    "py": "charge",
    "re": "refund",
    "pyr": "refund",
    "fee": "application_fee",
    "fr": "fee_refund",
    "tr": "transfer",
    "trr": "transfer_reversal",
    "po": "payout",
    "tu": "topup",
}


def show_source(call: Call, key: str) -> dict[str, Any] | None:
    """Render what moved the money, whatever it is."""
    name = _MOVERS.get(key.partition("_")[0])
    thing = next((thing for thing in _SOURCES if thing.name == name), None)
    return None if thing is None else thing.show(call, key)


def show_destination(call: Call, key: str) -> dict[str, Any] | None:
    """Render where money went: an account, a bank account or a card."""
    if not key.startswith("acct_"):
        return payouts.show_destination(call, key)
    from aboard.sandbox.v1 import accounts  # noqa: PLC0415 - that room asks this one for balances

    return accounts.show(call, key)


_EXPANDS = {
    path: name
    for thing in _SOURCES
    if thing.name in _MOVERS.values()
    for path, name in thing.expands.items()
}
_ONE = "/v1/balance_transactions/{id}"
_OLD = "/v1/balance/history"
_THING = "balance_transaction"
ROUTES = (
    Route("GET", "/v1/balance", retrieve, with_expand({})),
    Route("GET", "/v1/balance_transactions", list_transactions, LIST, _THING, is_list=True),
    Route("GET", _ONE, retrieve_transaction, with_expand({}), _THING),
    Route("GET", _OLD, list_transactions, LIST, _THING, is_list=True),
    Route("GET", f"{_OLD}/{{id}}", retrieve_transaction, with_expand({}), _THING),
    *balance_settings.ROUTES,
)
THINGS = (
    Thing(_THING, show_transaction, {"source": "balance_transaction_source"}),
    Thing(
        "balance_transaction_source",
        show_source,
        {**_EXPANDS, "destination": "money_destination"},
    ),
    Thing("money_destination", show_destination),
)
