"""How does the platform's fee reach it, and how does it go back?

Source: Stripe's API reference, "Application Fees", API version 2026-10-28.
"""

from aboard.sandbox.charges import Charge
from aboard.sandbox.emit import emit
from aboard.sandbox.fees import ApplicationFee, FeeRefund
from aboard.sandbox.money import post, remember_home
from aboard.sandbox.views.v1 import fee_view
from aboard.sandbox.world import World


def collect(
    world: World, account_id: str, charge: Charge, amount: int, *, originating: str | None = None
) -> ApplicationFee:
    """Put a payment's fee into the platform's balance; the payment's own side is the caller's."""
    fee_id = world.ids.new("fee")
    posted = post(
        world,
        None,
        kind="application_fee",
        amount=amount,
        currency=charge.currency,
        source=fee_id,
        available_on=charge.available_on,
    )
    fee = ApplicationFee(
        id=fee_id,
        created=world.now(),
        account=account_id,
        amount=amount,
        currency=charge.currency,
        charge=charge.id,
        originating_transaction=originating,
        balance_transaction=posted.id,
    )
    world.shelf(ApplicationFee).add(fee.id, fee)
    remember_home(world, account_id, charge.id)
    return fee


def fee_of(world: World, charge: Charge | None) -> ApplicationFee | None:
    """Return the application fee that was taken of a charge, if one was."""
    if charge is None or charge.application_fee is None:
        return None
    return world.shelf(ApplicationFee).get(charge.application_fee)


def tell_created(world: World, fee: ApplicationFee) -> None:
    """Emit the event of a fee, once all that it belongs to is written."""
    emit(world, "application_fee.created", fee_view.render(world, fee), account=None)


def give_back(
    world: World, fee: ApplicationFee, amount: int, metadata: dict[str, str] | None = None
) -> FeeRefund:
    """Move so much of a fee from the platform back to the account that paid it."""
    refund_id = world.ids.new("fr")
    kind = "application_fee_refund"
    posted = post(world, None, kind=kind, amount=-amount, currency=fee.currency, source=refund_id)
    post(world, fee.account, kind=kind, amount=amount, currency=fee.currency, source=refund_id)
    refund = FeeRefund(
        id=refund_id,
        created=world.now(),
        fee=fee.id,
        amount=amount,
        currency=fee.currency,
        balance_transaction=posted.id,
        metadata=metadata or {},
    )
    world.shelf(FeeRefund).add(refund.id, refund)
    fee.amount_refunded += amount
    fee.refunds.append(refund.id)
    world.shelf(ApplicationFee).touch(fee.id)
    emit(world, "application_fee.refunded", fee_view.render(world, fee), account=None)
    return refund
