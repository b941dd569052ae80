"""Transfers from the platform to its accounts, and their reversals.

Source: Stripe's API reference, "Transfers" and "Transfer Reversals", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.changes import tell_change
from aboard.sandbox.charges import Charge
from aboard.sandbox.currencies import worded
from aboard.sandbox.money import balance_of
from aboard.sandbox.moving import transfers as moving
from aboard.sandbox.moving.transfers import Order
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.transfers import Transfer, TransferReversal
from aboard.sandbox.v1 import money_rules
from aboard.sandbox.v1.access import require_platform
from aboard.sandbox.v1.money_rules import CURRENCY_REQUIRED
from aboard.sandbox.views.v1 import transfer_view
from aboard.sandbox.wire.errors import StripeError, bad, missing, no_such
from aboard.sandbox.wire.params import Choice, Flag, Metadata, Text, Times, merge_metadata

SOURCE_TYPES = ("bank_account", "card", "fpx")
CREATE = with_expand(
    {
        "amount": money_rules.AMOUNT,
        "currency": CURRENCY_REQUIRED,
        "description": Text(),
        "destination": Text(is_required=True),
        "metadata": Metadata(),
        "source_transaction": Text(is_clearable=False),
        "source_type": Choice(SOURCE_TYPES),
        "transfer_group": Text(),
    }
)
UPDATE = with_expand({"description": Text(), "metadata": Metadata()})
LIST = with_expand(
    {
        **PAGE,
        "created": Times(),
        "destination": Text(is_clearable=False),
        "transfer_group": Text(),
    }
)
REVERSE = with_expand(
    {
        "amount": money_rules.AMOUNT,
        "description": Text(),
        "metadata": Metadata(),
        "refund_application_fee": Flag(),
    }
)
REVERSAL_UPDATE = with_expand({"metadata": Metadata()})


def create(call: Call) -> dict[str, Any]:
    """Send money from the platform's balance to an account."""
    require_platform(call)
    params = call.params
    currency = money_rules.read_currency(params)
    source = _read_source(call, currency)
    if "amount" not in params and source is None:
        raise missing("amount")
    amount: int = params.get("amount") or _left_of(source)
    money_rules.check_size(amount, currency)
    destination = money_rules.get_destination(call, params["destination"], "destination")
    metadata = merge_metadata({}, params.get("metadata") or {})
    if source is None:
        _check_funds(call, amount, currency)
    else:
        _check_source(source, amount)
    group = params.get("transfer_group")
    if source is not None and group is None:
        group = source.transfer_group or f"group_{source.id}"
    order = Order(
        amount=amount,
        currency=currency,
        destination=destination.id,
        source=source,
        transfer_group=group,
        description=params.get("description"),
        metadata=metadata,
    )
    return transfer_view.render(call.world, moving.move(call.world, order))


def _read_source(call: Call, currency: str) -> Charge | None:
    key, param = call.params.get("source_transaction"), "source_transaction"
    if key is None:
        return None
    charge = call.world.shelf(Charge).get(key)
    if charge is None:
        raise no_such("charge", key, param, is_in_path=False)
    if charge.is_failed:
        raise bad(f"The charge {key} cannot be a source, because it failed.", param)
    if charge.currency != currency:
        raise bad(
            f"The currency of source_transaction's balance transaction ({charge.currency}) must "
            f"be the same as the transfer currency ({currency})",
            param,
        )
    if charge.destination is not None:
        raise bad(f"The charge {key} has been transferred to its destination already.", param)
    return charge


def _left_of(source: Charge | None) -> int:
    return 0 if source is None else max(1, source.amount - source.amount_transferred)


def _check_source(source: Charge, amount: int) -> None:
    if amount + source.amount_transferred <= source.amount:
        return
    message = (
        "Transfers using this transaction as a source must not exceed the source amount of "
        f"{worded(source.amount, source.currency)}."
    )
    if source.amount_transferred:
        already = worded(source.amount_transferred, source.currency)
        message += f" (There are already transfers using this source, amounting to {already}.)"
    raise bad(message, "amount")


def _check_funds(call: Call, amount: int, currency: str) -> None:
    """Refuse to send what is not there: only card payments fill this balance."""
    is_card = call.params.get("source_type", "card") == "card"
    if is_card and balance_of(call.world, None, currency).available >= amount:
        return
    if call.world.livemode:
        message = (
            "You have insufficient funds in your Stripe account. One likely reason you have "
            "insufficient funds is that your funds are automatically being paid out; try enabling "
            "manual payouts by going to https://dashboard.stripe.com/account/payouts."
        )
    else:
        message = (
            "You have insufficient available funds in your Stripe account. Try adding funds "
            "directly to your available balance by creating Charges using the 4000000000000077 "
            "test card. See: https://stripe.com/docs/testing#available-balance"
        )
    raise StripeError(message, code="balance_insufficient")


def _get(call: Call) -> Transfer:
    return money_rules.get_thing(call, Transfer, "transfer", "transfer")


def retrieve(call: Call) -> dict[str, Any]:
    """Read a transfer."""
    return transfer_view.render(call.world, _get(call))


def update(call: Call) -> dict[str, Any]:
    """Change what is written on a transfer."""
    transfer, params = _get(call), call.params
    before = transfer_view.render(call.world, transfer)
    transfer.metadata = merge_metadata(transfer.metadata, params.get("metadata", {}))
    transfer.description = params.get("description", transfer.description)
    shown = transfer_view.render(call.world, transfer)
    tell_change(call.world, "transfer.updated", before, shown, account=None)
    return shown


def list_all(call: Call) -> dict[str, Any]:
    """List the transfers, newest first."""
    return page(
        call,
        call.world.shelf(Transfer, call.owner),
        "transfer",
        show=lambda transfer: transfer_view.render(call.world, transfer),
        by=("created", "destination", "transfer_group"),
    )


def reverse(call: Call) -> dict[str, Any]:
    """Take all or part of a transfer back."""
    transfer, params = _get(call), call.params
    if transfer.left == 0:
        raise StripeError(f"Transfer {transfer.id} is already fully reversed.")
    amount: int = params.get("amount", transfer.left)
    if amount > transfer.left:
        raise bad(
            f"Reversal amount ({worded(amount, transfer.currency)}) is greater than unreversed "
            f"amount on transfer ({worded(transfer.left, transfer.currency)})",
            "amount",
        )
    with_fee = params.get("refund_application_fee", False)
    _check_can_return(call, transfer, amount, with_fee=with_fee)
    metadata = merge_metadata({}, params.get("metadata") or {})
    made = moving.reverse(call.world, transfer, amount, metadata=metadata, with_fee=with_fee)
    return transfer_view.render_reversal(made)


def _check_can_return(call: Call, transfer: Transfer, amount: int, *, with_fee: bool) -> None:
    payment = moving.payment_of(call.world, transfer)
    if with_fee and (payment is None or payment.application_fee is None):
        raise bad(
            f"Attempting to refund_application_fee on {transfer.destination_payment}, but it has "
            "no application fee",
            "refund_application_fee",
        )
    balance = balance_of(call.world, transfer.destination, transfer.currency)
    is_pending = payment is not None and payment.available_on > call.world.now()
    there = balance.available + (balance.pending if is_pending else 0)
    if with_fee:
        there += moving.fee_share(call.world, transfer, amount)
    if there < amount:
        raise StripeError(
            "The connected account has insufficient funds in its Stripe account for this reversal.",
            code="balance_insufficient",
        )


def _get_reversal(call: Call) -> TransferReversal:
    transfer = _get(call)
    reversal = call.world.shelf(TransferReversal).get(call.ids[1])
    if reversal is None or reversal.transfer != transfer.id:
        raise no_such("transfer reversal", call.ids[1], "id", is_in_path=True)
    return reversal


def retrieve_reversal(call: Call) -> dict[str, Any]:
    """Read a reversal."""
    return transfer_view.render_reversal(_get_reversal(call))


def update_reversal(call: Call) -> dict[str, Any]:
    """Change what is written on a reversal."""
    reversal = _get_reversal(call)
    reversal.metadata = merge_metadata(reversal.metadata, call.params.get("metadata", {}))
    return transfer_view.render_reversal(reversal)


def list_reversals(call: Call) -> dict[str, Any]:
    """List the reversals of a transfer, newest first."""
    transfer = _get(call)
    return page(
        call,
        call.world.shelf(TransferReversal),
        "transfer reversal",
        show=transfer_view.render_reversal,
        keep=lambda reversal: reversal.transfer == transfer.id,
    )


def show(call: Call, transfer_id: str) -> dict[str, Any] | None:
    """Render the transfer with an id, for the platform."""
    transfer = call.world.shelf(Transfer, call.owner).get(transfer_id)
    return None if transfer is None else transfer_view.render(call.world, transfer)


def show_reversal(call: Call, reversal_id: str) -> dict[str, Any] | None:
    """Render the reversal with an id, for the platform."""
    reversal = call.world.shelf(TransferReversal, call.owner).get(reversal_id)
    return None if reversal is None else transfer_view.render_reversal(reversal)


_ALL = "/v1/transfers"
_ONE = f"{_ALL}/{{transfer}}"
_REVERSALS = f"{_ALL}/{{id}}/reversals"
_REVERSAL = f"{_ONE}/reversals/{{id}}"
_KIND = "transfer_reversal"
ROUTES = (
    Route("GET", _ALL, list_all, LIST, "transfer", is_list=True),
    Route("POST", _ALL, create, CREATE, "transfer"),
    Route("GET", _ONE, retrieve, with_expand({}), "transfer"),
    Route("POST", _ONE, update, UPDATE, "transfer"),
    Route("GET", _REVERSALS, list_reversals, with_expand(PAGE), _KIND, is_list=True),
    Route("POST", _REVERSALS, reverse, REVERSE, _KIND),
    Route("GET", _REVERSAL, retrieve_reversal, with_expand({}), _KIND),
    Route("POST", _REVERSAL, update_reversal, REVERSAL_UPDATE, _KIND),
)
THINGS = (
    Thing(
        "transfer",
        show,
        {
            "balance_transaction": "balance_transaction",
            "destination": "account",
            "destination_payment": "charge",
            "reversals.data": "transfer_reversal",
            "source_transaction": "charge",
        },
    ),
    Thing(
        "transfer_reversal",
        show_reversal,
        {
            "balance_transaction": "balance_transaction",
            "destination_payment_refund": "refund",
            "source_refund": "refund",
            "transfer": "transfer",
        },
    ),
)
