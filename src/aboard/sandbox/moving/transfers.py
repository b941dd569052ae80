"""How does money go from the platform to its accounts, and back?

Nothing here asks whether it may: the callers do, before anything is written.

Source: Stripe's API reference, "Transfers" and "Transfer Reversals", API version 2026-10-28.
"""

from msgspec import Struct

from aboard.sandbox.charges import Charge, Refund
from aboard.sandbox.emit import emit
from aboard.sandbox.fees import ApplicationFee
from aboard.sandbox.money import Fee, post, remember_home
from aboard.sandbox.moving import fees
from aboard.sandbox.transfers import Transfer, TransferReversal
from aboard.sandbox.views.v1 import charge_view, transfer_view
from aboard.sandbox.world import World


class Order(Struct, frozen=True):
    """A transfer that shall be made. `fee` is the application fee taken on arrival."""

    amount: int
    currency: str
    destination: str
    source: Charge | None = None
    fee: int = 0
    transfer_group: str | None = None
    description: str | None = None
    metadata: dict[str, str] = {}


def move(world: World, order: Order) -> Transfer:
    """Move money to an account; of a charge that is still pending it stays pending there too."""
    now, source = world.now(), order.source
    available_on = now if source is None else max(now, source.available_on)
    transfer_id = world.ids.new("tr")
    payment = Charge(
        id=world.ids.new("py"),
        created=now,
        amount=order.amount,
        currency=order.currency,
        available_on=available_on,
        source_transfer=transfer_id,
        transfer_group=order.transfer_group,
    )
    fee = _receive(world, order, payment)
    sent = post(
        world,
        None,
        kind="transfer",
        amount=-order.amount,
        currency=order.currency,
        source=transfer_id,
        available_on=available_on,
        description=order.description,
    )
    transfer = Transfer(
        id=transfer_id,
        created=now,
        amount=order.amount,
        currency=order.currency,
        destination=order.destination,
        destination_payment=payment.id,
        balance_transaction=sent.id,
        source_transaction=None if source is None else source.id,
        transfer_group=order.transfer_group,
        description=order.description,
        metadata=order.metadata,
    )
    world.shelf(Transfer).add(transfer.id, transfer)
    if source is not None:
        source.amount_transferred += order.amount
        world.shelf(Charge).touch(source.id)
    _tell_moved(world, transfer, payment, fee)
    return transfer


def _receive(world: World, order: Order, payment: Charge) -> ApplicationFee | None:
    """Put a payment into its account's balance, less the application fee; return that."""
    fee = None
    if order.fee:
        originating = None if order.source is None else order.source.id
        fee = fees.collect(world, order.destination, payment, order.fee, originating=originating)
        payment.application_fee, payment.application_fee_amount = fee.id, order.fee
    received = post(
        world,
        order.destination,
        kind="payment",
        amount=order.amount,
        currency=order.currency,
        source=payment.id,
        fees=(Fee("application_fee", order.fee),),
        available_on=payment.available_on,
    )
    payment.balance_transaction = received.id
    world.shelf(Charge, order.destination).add(payment.id, payment)
    remember_home(world, order.destination, payment.id, received.id)
    return fee


def _tell_moved(
    world: World, transfer: Transfer, payment: Charge, fee: ApplicationFee | None
) -> None:
    account = world.accounts.get(transfer.destination)
    emit(world, "transfer.created", transfer_view.render(world, transfer), account=None)
    shown = charge_view.render(world, payment, transfer.destination)
    emit(world, "payment.created", shown, account=account)
    if fee is not None:
        fees.tell_created(world, fee)


def payment_of(world: World, transfer: Transfer) -> Charge | None:
    """Return what a transfer brought, unless its account is gone."""
    return world.shelf(Charge, transfer.destination).get(transfer.destination_payment)


def share(whole: int, part: int, of: int, left: int) -> int:
    """Return the part of `whole` that `part` is of `of`, rounded down; at most `left`."""
    return min(left, whole * part // of)


def fee_share(world: World, transfer: Transfer, amount: int) -> int:
    """Return what of the arrival's application fee belongs to so much of the transfer."""
    fee = fees.fee_of(world, payment_of(world, transfer))
    if fee is None:
        return 0
    is_rest = amount == transfer.left
    return fee.left if is_rest else share(fee.amount, amount, transfer.amount, fee.left)


def reverse(
    world: World,
    transfer: Transfer,
    amount: int,
    *,
    metadata: dict[str, str] | None = None,
    source_refund: str | None = None,
    with_fee: bool = False,
) -> TransferReversal:
    """Take so much of a transfer back; `with_fee`: with its share of the application fee."""
    now, account_id, currency = world.now(), transfer.destination, transfer.currency
    payment = payment_of(world, transfer)
    returned_fee = fee_share(world, transfer, amount) if with_fee else 0
    available_on = now if payment is None else max(now, payment.available_on)
    reversal_id, refund_id = world.ids.new("trr"), world.ids.new("pyr")
    left = post(
        world,
        account_id,
        kind="payment_refund",
        amount=-amount,
        currency=currency,
        source=refund_id,
        available_on=available_on,
    )
    returned = post(
        world,
        None,
        kind="transfer_refund",
        amount=amount,
        currency=currency,
        source=reversal_id,
        available_on=available_on,
    )
    refund = Refund(
        id=refund_id,
        created=now,
        amount=amount,
        currency=currency,
        charge=transfer.destination_payment,
        balance_transaction=left.id,
        source_transfer_reversal=reversal_id,
    )
    world.shelf(Refund, account_id).add(refund.id, refund)
    remember_home(world, account_id, refund.id, left.id)
    reversal = TransferReversal(
        id=reversal_id,
        created=now,
        amount=amount,
        currency=currency,
        transfer=transfer.id,
        balance_transaction=returned.id,
        destination_payment_refund=refund.id,
        source_refund=source_refund,
        metadata=metadata or {},
    )
    world.shelf(TransferReversal).add(reversal.id, reversal)
    transfer.amount_reversed += amount
    transfer.reversals.append(reversal.id)
    world.shelf(Transfer).touch(transfer.id)
    emit(world, "transfer.reversed", transfer_view.render(world, transfer), account=None)
    if payment is not None:
        _refund_payment(world, account_id, payment, amount, returned_fee)
    return reversal


def _refund_payment(
    world: World, account_id: str, payment: Charge, amount: int, returned_fee: int
) -> None:
    """Write on a payment that so much of it went back, and give its account the fee for that."""
    payment.amount_refunded += amount
    shown = charge_view.render(world, payment, account_id)
    emit(world, "charge.refunded", shown, account=world.accounts.get(account_id))
    fee = fees.fee_of(world, payment)
    if returned_fee and fee is not None:
        fees.give_back(world, fee, returned_fee)
