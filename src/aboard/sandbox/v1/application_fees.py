"""Application fees, and giving them back. Only the platform sees them.

Source: Stripe's API reference, "Application Fees" and "Application Fee Refunds", API version
2026-10-28.
"""

from typing import Any

from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.changes import tell_change
from aboard.sandbox.currencies import worded
from aboard.sandbox.fees import ApplicationFee, FeeRefund
from aboard.sandbox.moving import fees as moving
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.v1 import money_rules
from aboard.sandbox.views.v1 import application_view, fee_view
from aboard.sandbox.wire.errors import StripeError, bad, no_such
from aboard.sandbox.wire.params import Metadata, Text, Times, merge_metadata

REFUND = with_expand({"amount": money_rules.AMOUNT, "metadata": Metadata()})
OLD_REFUND = with_expand({"amount": money_rules.AMOUNT, "directive": Text()})
LIST = with_expand({**PAGE, "charge": Text(is_clearable=False), "created": Times()})


def _get(call: Call) -> ApplicationFee:
    return money_rules.get_thing(call, ApplicationFee, "application fee", "id")


def retrieve(call: Call) -> dict[str, Any]:
    """Read a fee."""
    return fee_view.render(call.world, _get(call))


def list_all(call: Call) -> dict[str, Any]:
    """List the fees, newest first."""
    charge = call.params.get("charge")
    return page(
        call,
        call.world.shelf(ApplicationFee, call.owner),
        "application fee",
        show=lambda fee: fee_view.render(call.world, fee),
        by=("created",),
        keep=lambda fee: charge in {None, fee.charge, fee.originating_transaction},
    )


def _refund(call: Call) -> tuple[ApplicationFee, FeeRefund]:
    fee, params = _get(call), call.params
    if fee.left == 0:
        raise StripeError(f"Application fee {fee.id} has already been refunded.")
    amount: int = params.get("amount", fee.left)
    if amount > fee.left:
        raise bad(
            f"Refund amount ({worded(amount, fee.currency)}) is greater than unrefunded amount on "
            f"application fee ({worded(fee.left, fee.currency)})",
            "amount",
        )
    metadata = merge_metadata({}, params.get("metadata") or {})
    return fee, moving.give_back(call.world, fee, amount, metadata)


def create_refund(call: Call) -> dict[str, Any]:
    """Give back all or part of a fee."""
    return fee_view.render_refund(_refund(call)[1])


def refund_old(call: Call) -> dict[str, Any]:
    """Give back all or part of a fee, and answer with the fee, as older clients expect."""
    return fee_view.render(call.world, _refund(call)[0])


def _get_refund(call: Call) -> FeeRefund:
    fee = _get(call)
    refund = call.world.shelf(FeeRefund).get(call.ids[1])
    if refund is None or refund.fee != fee.id:
        raise no_such("fee refund", call.ids[1], "id", is_in_path=True)
    return refund


def retrieve_refund(call: Call) -> dict[str, Any]:
    """Read what was given back."""
    return fee_view.render_refund(_get_refund(call))


def update_refund(call: Call) -> dict[str, Any]:
    """Change what is written on it."""
    refund = _get_refund(call)
    before = fee_view.render_refund(refund)
    refund.metadata = merge_metadata(refund.metadata, call.params.get("metadata", {}))
    shown = fee_view.render_refund(refund)
    tell_change(call.world, "application_fee.refund.updated", before, shown, account=None)
    return shown


def list_refunds(call: Call) -> dict[str, Any]:
    """List what was given back of a fee, newest first."""
    fee = _get(call)
    return page(
        call,
        call.world.shelf(FeeRefund),
        "fee refund",
        show=fee_view.render_refund,
        keep=lambda refund: refund.fee == fee.id,
    )


def show(call: Call, fee_id: str) -> dict[str, Any] | None:
    """Render the fee with an id, for the platform."""
    fee = call.world.shelf(ApplicationFee, call.owner).get(fee_id)
    return None if fee is None else fee_view.render(call.world, fee)


def show_refund(call: Call, refund_id: str) -> dict[str, Any] | None:
    """Render what was given back of a fee, for the platform."""
    refund = call.world.shelf(FeeRefund, call.owner).get(refund_id)
    return None if refund is None else fee_view.render_refund(refund)


def show_application(call: Call, application_id: str) -> dict[str, Any] | None:
    """Render the platform's application."""
    is_ours = application_id == call.world.application_id
    return application_view.render(application_id) if is_ours else None


_ALL = "/v1/application_fees"
_ONE = f"{_ALL}/{{id}}"
_REFUND = f"{_ALL}/{{fee}}/refunds/{{id}}"
ROUTES = (
    Route("GET", _ALL, list_all, LIST, "application_fee", is_list=True),
    Route("GET", _ONE, retrieve, with_expand({}), "application_fee"),
    Route("POST", f"{_ONE}/refund", refund_old, OLD_REFUND, "application_fee"),
    Route("GET", f"{_ONE}/refunds", list_refunds, with_expand(PAGE), "fee_refund", is_list=True),
    Route("POST", f"{_ONE}/refunds", create_refund, REFUND, "fee_refund"),
    Route("GET", _REFUND, retrieve_refund, with_expand({}), "fee_refund"),
    Route("POST", _REFUND, update_refund, with_expand({"metadata": Metadata()}), "fee_refund"),
)
THINGS = (
    Thing(
        "application_fee",
        show,
        {
            "account": "account",
            "application": "application",
            "balance_transaction": "balance_transaction",
            "charge": "charge",
            "originating_transaction": "charge",
            "refunds.data": "fee_refund",
        },
    ),
    Thing(
        "fee_refund",
        show_refund,
        {"balance_transaction": "balance_transaction", "fee": "application_fee"},
    ),
    Thing("application", show_application),
)
