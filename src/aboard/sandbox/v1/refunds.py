"""Refunds: give back what a charge took, with its transfer and its application fee or without.

Source: Stripe's API reference, "Refunds", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.charges import Charge, Refund
from aboard.sandbox.currencies import worded
from aboard.sandbox.moving import charges as moving
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.v1 import money_rules
from aboard.sandbox.views.v1 import refund_view
from aboard.sandbox.wire.errors import StripeError, bad, missing, no_such
from aboard.sandbox.wire.params import (
    Choice,
    Flag,
    Metadata,
    Text,
    Times,
    merge_metadata,
)

CREATE = with_expand(
    {
        "amount": money_rules.AMOUNT,
        "charge": Text(is_clearable=False),
        "metadata": Metadata(),
        "reason": Choice(("duplicate", "fraudulent", "requested_by_customer")),
        "refund_application_fee": Flag(),
        "reverse_transfer": Flag(),
    }
)
LIST = with_expand({**PAGE, "charge": Text(is_clearable=False), "created": Times()})


def create(call: Call) -> dict[str, Any]:
    """Give back all or part of a charge."""
    params = call.params
    if "charge" not in params:
        raise missing("charge")
    charge = call.world.shelf(Charge, call.owner).get(params["charge"])
    if charge is None:
        raise no_such("charge", params["charge"], "charge", is_in_path=False)
    amount = _check(charge, params)
    made = moving.refund(
        call.world,
        call.actor,
        charge,
        amount,
        reason=params.get("reason"),
        metadata=merge_metadata({}, params.get("metadata") or {}),
        with_transfer=params.get("reverse_transfer", False),
        with_fee=params.get("refund_application_fee", False),
    )
    return refund_view.render(made)


def _check(charge: Charge, params: dict[str, Any]) -> int:
    if charge.is_failed:
        raise StripeError(f"Charge {charge.id} has failed and cannot be refunded.", param="charge")
    if charge.source_transfer is not None:
        raise StripeError(
            f"Charge {charge.id} came by a transfer: reverse the transfer instead.", param="charge"
        )
    if charge.left == 0:
        raise StripeError(
            f"Charge {charge.id} has already been refunded.", code="charge_already_refunded"
        )
    amount: int = params.get("amount", charge.left)
    if amount > charge.left:
        raise bad(
            f"Refund amount ({worded(amount, charge.currency)}) is greater than unrefunded amount "
            f"on charge ({worded(charge.left, charge.currency)})",
            "amount",
        )
    if params.get("refund_application_fee") and charge.application_fee is None:
        raise bad(
            f"Attempting to refund_application_fee on {charge.id}, but it has no application fee",
            "refund_application_fee",
        )
    if params.get("reverse_transfer") and charge.transfer is None:
        raise bad(
            f"Cannot reverse transfer on charge {charge.id}: it has no associated transfer.",
            "reverse_transfer",
        )
    return amount


def retrieve(call: Call) -> dict[str, Any]:
    """Read a refund."""
    return refund_view.render(money_rules.get_thing(call, Refund, "refund", "refund"))


def update(call: Call) -> dict[str, Any]:
    """Change what is written on a refund."""
    refund = money_rules.get_thing(call, Refund, "refund", "refund")
    refund.metadata = merge_metadata(refund.metadata, call.params.get("metadata", {}))
    return refund_view.render(refund)


def list_all(call: Call) -> dict[str, Any]:
    """List the refunds, newest first."""
    shelf = call.world.shelf(Refund, call.owner)
    return page(call, shelf, "refund", show=refund_view.render, by=("charge", "created"))


def show(call: Call, refund_id: str) -> dict[str, Any] | None:
    """Render the refund with an id; the platform sees those that its reversals name."""
    refund = money_rules.find_thing(call, Refund, refund_id)
    return None if refund is None else refund_view.render(refund)


_ONE = "/v1/refunds/{refund}"
ROUTES = (
    Route("GET", "/v1/refunds", list_all, LIST, "refund", is_list=True),
    Route("POST", "/v1/refunds", create, CREATE, "refund"),
    Route("GET", _ONE, retrieve, with_expand({}), "refund"),
    Route("POST", _ONE, update, with_expand({"metadata": Metadata()}), "refund"),
)
THINGS = (
    Thing(
        "refund",
        show,
        {
            "balance_transaction": "balance_transaction",
            "charge": "charge",
            "source_transfer_reversal": "transfer_reversal",
            "transfer_reversal": "transfer_reversal",
        },
    ),
)
