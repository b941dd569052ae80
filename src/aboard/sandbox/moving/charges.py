"""What happens when a card is charged, and when the money goes back?

Direct charges reach the acting account's balance, others the platform's and from there, by a
transfer, their destination's. Nothing here asks whether it may be: `v1/charges` does.

Source: Stripe's documentation, "Create a charge" for Connect; "Fee behavior on connected accounts".
"""

from aboard.sandbox import demands
from aboard.sandbox.account import Account
from aboard.sandbox.charges import Charge, Refund, midnight_after, stripe_fee
from aboard.sandbox.emit import emit
from aboard.sandbox.money import Fee, post, remember_home
from aboard.sandbox.moving import fees, transfers
from aboard.sandbox.sources import Behaviour
from aboard.sandbox.transfers import Transfer
from aboard.sandbox.views.v1 import charge_view, refund_view
from aboard.sandbox.world import World

DAYS_PENDING = 2


def available_on(world: World, behaviour: Behaviour) -> int:
    """Return from when on (unix seconds) a charge's money can be used."""
    now = world.now()
    return now if behaviour.is_available_at_once else midnight_after(now, DAYS_PENDING)


def fail(world: World, actor: Account | None, charge: Charge) -> None:
    """Remember a charge that the card refused."""
    world.shelf(Charge, None if actor is None else actor.id).add(charge.id, charge)
    _tell(world, actor, charge, "charge.failed")


def settle(world: World, actor: Account | None, charge: Charge, behaviour: Behaviour) -> None:
    """Move a charge's money, with its fees and its transfer, and let the card do what it does."""
    owner = None if actor is None else actor.id
    taken = [Fee("stripe_fee", stripe_fee(charge.amount, charge.currency))]
    fee = None
    if actor is not None:
        if actor.controller.fees_payer == "application":
            _bill_platform(world, charge, taken.pop())
        if charge.application_fee_amount:
            fee = fees.collect(world, actor.id, charge, charge.application_fee_amount)
            charge.application_fee = fee.id
            taken.append(Fee("application_fee", fee.amount))
    posted = post(
        world,
        owner,
        kind="charge",
        amount=charge.amount,
        currency=charge.currency,
        source=charge.id,
        fees=taken,
        available_on=charge.available_on,
        description=charge.description,
    )
    charge.balance_transaction = posted.id
    world.shelf(Charge, owner).add(charge.id, charge)
    if owner is not None and fee is not None:
        remember_home(world, owner, posted.id)
    if charge.destination is not None:
        _forward(world, charge, charge.destination)
    _tell(world, actor, charge, "charge.succeeded")
    if fee is not None:
        fees.tell_created(world, fee)
    _act(world, actor, charge, behaviour)


def _bill_platform(world: World, charge: Charge, fee: Fee) -> None:
    post(
        world,
        None,
        kind="stripe_fee",
        amount=-fee.amount,
        currency=charge.currency,
        source=charge.id,
        available_on=charge.available_on,
        description="Stripe processing fees",
    )


def _forward(world: World, charge: Charge, destination: str) -> None:
    order = transfers.Order(
        amount=charge.amount if charge.destination_amount is None else charge.destination_amount,
        currency=charge.currency,
        destination=destination,
        source=charge,
        fee=charge.application_fee_amount or 0,
        transfer_group=charge.transfer_group,
    )
    moved = transfers.move(world, order)
    charge.transfer = moved.id
    payment = transfers.payment_of(world, moved)
    charge.application_fee = None if payment is None else payment.application_fee


def _act(world: World, actor: Account | None, charge: Charge, behaviour: Behaviour) -> None:
    """Do to the account that was paid what the card is made for."""
    paid = charge.destination or charge.on_behalf_of
    account = actor if paid is None else world.account(paid)
    if account is None:
        return
    if behaviour.effect == "next_requirements":
        demands.next_requirements(world, account)
    elif behaviour.effect == "charge_block":
        demands.block_charges(world, account)
    elif behaviour.effect == "payout_block":
        demands.block_payouts(world, account)


def _tell(world: World, actor: Account | None, charge: Charge, kind: str) -> None:
    shown = charge_view.render(world, charge, None if actor is None else actor.id)
    emit(world, kind, shown, account=actor)


def refund(
    world: World,
    actor: Account | None,
    charge: Charge,
    amount: int,
    *,
    reason: str | None = None,
    metadata: dict[str, str] | None = None,
    with_transfer: bool = False,
    with_fee: bool = False,
) -> Refund:
    """Give so much of a charge back; `with_transfer`, `with_fee`: with their shares of it."""
    now, owner = world.now(), None if actor is None else actor.id
    is_rest = amount == charge.left
    refund_id = world.ids.new("re")
    posted = post(
        world,
        owner,
        kind="refund",
        amount=-amount,
        currency=charge.currency,
        source=refund_id,
        available_on=max(now, charge.available_on),
    )
    made = Refund(
        id=refund_id,
        created=now,
        amount=amount,
        currency=charge.currency,
        charge=charge.id,
        balance_transaction=posted.id,
        reason=reason,
        metadata=metadata or {},
    )
    if with_fee:
        _return_fee(world, charge, amount, is_rest=is_rest)
    if with_transfer:
        made.transfer_reversal = _return_transfer(world, charge, made, is_rest=is_rest)
    charge.amount_refunded += amount
    world.shelf(Refund, owner).add(made.id, made)
    _tell(world, actor, charge, "charge.refunded")
    emit(world, "refund.created", refund_view.render(made), account=actor)
    return made


def _return_fee(world: World, charge: Charge, amount: int, *, is_rest: bool) -> None:
    fee = fees.fee_of(world, charge)
    if fee is None:
        return
    due = fee.left if is_rest else transfers.share(fee.amount, amount, charge.amount, fee.left)
    if due:
        fees.give_back(world, fee, due)


def _return_transfer(world: World, charge: Charge, made: Refund, *, is_rest: bool) -> str | None:
    moved = None if charge.transfer is None else world.shelf(Transfer).get(charge.transfer)
    if moved is None:
        return None
    due = moved.left
    if not is_rest:
        due = transfers.share(moved.amount, made.amount, charge.amount, moved.left)
    if not due:
        return None
    return transfers.reverse(world, moved, due, source_refund=made.id).id
