"""Top-ups: from the bank into the balance.

Source: Stripe's API reference, "Top-ups", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.charges import midnight_after
from aboard.sandbox.moving import payouts as moving
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.payouts import TopUp
from aboard.sandbox.v1 import money_rules
from aboard.sandbox.views.v1 import payout_view
from aboard.sandbox.wire.errors import StripeError, no_such
from aboard.sandbox.wire.params import Choice, Hash, Metadata, Text, Times, merge_metadata

CREATE = with_expand(
    {
        "amount": money_rules.AMOUNT_REQUIRED,
        "currency": money_rules.CURRENCY_REQUIRED,
        "description": Text(),
        "metadata": Metadata(),
        "payment_method": Text(is_clearable=False),
        "payment_method_options": Hash(
            {"us_bank_account": Hash({"network": Choice(("ach",), is_required=True)})}
        ),
        "source": Text(is_clearable=False),
        "statement_descriptor": Text(longest=15),
        "transfer_group": Text(),
    }
)
UPDATE = with_expand({"description": Text(), "metadata": Metadata()})
LIST = with_expand(
    {
        **PAGE,
        "amount": Times(),
        "created": Times(),
        "status": Choice(("canceled", "failed", "pending", "succeeded")),
    }
)
SOURCES = {"btok_us_verified": False, "btok_us_verified_noAccount": True}
"""The test bank accounts that money can be fetched from, and whether that fails."""


def create(call: Call) -> dict[str, Any]:
    """Fetch money from the bank."""
    world, params = call.world, call.params
    currency = money_rules.read_currency(params)
    money_rules.check_size(params["amount"], currency)
    account = call.actor or world.platform
    source = params.get("source")
    if source is not None and source not in SOURCES:
        raise no_such("source", source, "source", is_in_path=False)
    if params.get("payment_method") is not None:
        key = params["payment_method"]
        raise no_such("payment method", key, "payment_method", is_in_path=False)
    if currency != account.currency:
        raise StripeError(
            f"You can only top up the balance of your own currency, {account.currency}.",
            param="currency",
        )
    topup = TopUp(
        id=world.ids.new("tu"),
        created=world.now(),
        amount=params["amount"],
        currency=currency,
        expected_availability_date=midnight_after(world.now(), moving.TOPUP_DAYS),
        will_fail=SOURCES.get(source or "", False),
        description=params.get("description"),
        statement_descriptor=params.get("statement_descriptor"),
        transfer_group=params.get("transfer_group"),
        metadata=merge_metadata({}, params.get("metadata") or {}),
    )
    moving.charge_bank(world, account, topup)
    return payout_view.render_topup(world, topup)


def _get(call: Call) -> TopUp:
    return money_rules.get_thing(call, TopUp, "topup", "topup")


def retrieve(call: Call) -> dict[str, Any]:
    """Read a top-up."""
    return payout_view.render_topup(call.world, _get(call))


def update(call: Call) -> dict[str, Any]:
    """Change what is written on a top-up."""
    topup, params = _get(call), call.params
    topup.metadata = merge_metadata(topup.metadata, params.get("metadata", {}))
    topup.description = params.get("description", topup.description)
    return payout_view.render_topup(call.world, topup)


def cancel(call: Call) -> dict[str, Any]:
    """Call a top-up off that has not arrived yet."""
    topup = _get(call)
    if topup.status != "pending":
        raise StripeError(
            f"Top-ups can only be canceled while they are pending; {topup.id} is {topup.status}."
        )
    topup.status, topup.next_at = "canceled", None
    moving.tell_topup(call.world, call.actor or call.world.platform, topup, "topup.canceled")
    return payout_view.render_topup(call.world, topup)


def list_all(call: Call) -> dict[str, Any]:
    """List the top-ups, newest first."""
    return page(
        call,
        call.world.shelf(TopUp, call.owner),
        "topup",
        show=lambda topup: payout_view.render_topup(call.world, topup),
        by=("amount", "created", "status"),
    )


def show(call: Call, topup_id: str) -> dict[str, Any] | None:
    """Render the top-up with an id."""
    topup = call.world.shelf(TopUp, call.owner).get(topup_id)
    return None if topup is None else payout_view.render_topup(call.world, topup)


_ALL = "/v1/topups"
_ONE = f"{_ALL}/{{topup}}"
ROUTES = (
    Route("GET", _ALL, list_all, LIST, "topup", is_list=True),
    Route("POST", _ALL, create, CREATE, "topup"),
    Route("GET", _ONE, retrieve, with_expand({}), "topup"),
    Route("POST", _ONE, update, UPDATE, "topup"),
    Route("POST", f"{_ONE}/cancel", cancel, with_expand({}), "topup"),
)
THINGS = (Thing("topup", show, {"balance_transaction": "balance_transaction"}),)
