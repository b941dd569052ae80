"""Charges: enough of them to move money and to collect fees.

Direct charges act as the connected account; destination charges and charges for separate
transfers are the platform's.

Source: Stripe's API reference, "Charges", API version 2026-10-28.
"""

from http import HTTPStatus
from typing import Any

from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.charges import Charge
from aboard.sandbox.money import owner_of
from aboard.sandbox.moving import charges as moving
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.sources import Refusal
from aboard.sandbox.v1 import charge_rules, money_rules
from aboard.sandbox.views.v1 import charge_view
from aboard.sandbox.wire.errors import StripeError, bad
from aboard.sandbox.wire.params import (
    Either,
    Email,
    Flag,
    Hash,
    Integer,
    Kind,
    Metadata,
    Text,
    Times,
    merge_metadata,
)

_CARD = Hash(
    {
        "object": Text(),
        "number": Text(is_clearable=False),
        "exp_month": Integer(low=1, high=12),
        "exp_year": Integer(low=0, high=9999),
        "cvc": Text(),
        "name": Text(),
    }
)
_CHANGEABLE: dict[str, Kind] = {
    "description": Text(),
    "metadata": Metadata(),
    "receipt_email": Email(),
    "transfer_group": Text(),
}
CREATE = with_expand(
    {
        **_CHANGEABLE,
        "amount": Integer(low=0),
        "application_fee": money_rules.AMOUNT,
        "application_fee_amount": Integer(low=0),
        "capture": Flag(),
        "currency": Text(is_clearable=False),
        "customer": Text(is_clearable=False),
        "destination": Either(
            Text(is_clearable=False),
            Hash({"account": Text(is_required=True), "amount": money_rules.AMOUNT}),
        ),
        "on_behalf_of": Text(is_clearable=False),
        "source": Either(Text(is_clearable=False), _CARD),
        "statement_descriptor": Text(longest=22),
        "statement_descriptor_suffix": Text(longest=22),
        "transfer_data": Hash(
            {
                "amount": money_rules.AMOUNT,
                "description": Text(),
                "destination": Text(is_required=True),
            }
        ),
    }
)
UPDATE = with_expand(_CHANGEABLE)
LIST = with_expand({**PAGE, "created": Times(), "transfer_group": Text()})


class CardError(StripeError):
    """A card said no: with the charge that failed, and why."""

    def __init__(self, refusal: Refusal, charge: Charge) -> None:
        """Tell what the card said of this charge."""
        is_number = refusal.code == "incorrect_number"
        super().__init__(
            refusal.message,
            status=HTTPStatus.PAYMENT_REQUIRED,
            kind="card_error",
            code=refusal.code,
            param="number" if is_number else None,
        )
        self.charge_id = charge.id
        self.decline_code = refusal.decline_code

    def envelope(self) -> dict[str, Any]:
        """Return the body that says so."""
        said = super().envelope()
        said["error"]["charge"] = self.charge_id
        if self.decline_code is not None:
            said["error"]["decline_code"] = self.decline_code
        return said


def create(call: Call) -> dict[str, Any]:
    """Charge a card."""
    world, params = call.world, call.params
    amount, currency = charge_rules.read_amount(params)
    if params.get("capture") is False:
        raise bad("Charges that are captured later are not part of this sandbox.", "capture")
    split = charge_rules.read_split(call, amount)
    metadata = merge_metadata({}, params.get("metadata") or {})
    card, behaviour = charge_rules.read_source(call)
    refusal = behaviour.refusal
    charge = Charge(
        id=world.ids.new("ch"),
        created=world.now(),
        amount=amount,
        currency=currency,
        available_on=moving.available_on(world, behaviour),
        card=card,
        description=params.get("description"),
        metadata=metadata,
        application_fee_amount=split.fee,
        on_behalf_of=split.on_behalf_of,
        destination=split.destination,
        destination_amount=split.destination_amount,
        transfer_group=params.get("transfer_group"),
        statement_descriptor=params.get("statement_descriptor"),
        statement_descriptor_suffix=params.get("statement_descriptor_suffix"),
        receipt_email=params.get("receipt_email"),
    )
    if split.destination is not None and charge.transfer_group is None:
        charge.transfer_group = f"group_{charge.id}"
    if refusal is not None:
        charge.failure_code = refusal.code
        charge.failure_message = refusal.message
        charge.decline_code = refusal.decline_code
        moving.fail(world, call.actor, charge)
        raise CardError(refusal, charge)
    moving.settle(world, call.actor, charge, behaviour)
    return charge_view.render(world, charge, call.owner)


def _get(call: Call) -> Charge:
    return money_rules.get_thing(call, Charge, "charge", "id")


def retrieve(call: Call) -> dict[str, Any]:
    """Read a charge, or what a transfer brought."""
    return charge_view.render(call.world, _get(call), call.owner)


def update(call: Call) -> dict[str, Any]:
    """Change what is written on a charge."""
    charge, params = _get(call), call.params
    charge.metadata = merge_metadata(charge.metadata, params.get("metadata", {}))
    charge.description = params.get("description", charge.description)
    charge.receipt_email = params.get("receipt_email", charge.receipt_email)
    charge.transfer_group = params.get("transfer_group", charge.transfer_group)
    return charge_view.render(call.world, charge, call.owner)


def list_all(call: Call) -> dict[str, Any]:
    """List the charges, newest first."""
    return page(
        call,
        call.world.shelf(Charge, call.owner),
        "charge",
        show=lambda charge: charge_view.render(call.world, charge, call.owner),
        by=("created", "transfer_group"),
    )


def show(call: Call, charge_id: str) -> dict[str, Any] | None:
    """Render the charge with an id; the platform sees those that its transfers and fees name."""
    charge = money_rules.find_thing(call, Charge, charge_id)
    if charge is None:
        return None
    owner = call.owner
    if charge_id not in call.world.shelf(Charge, owner):
        owner = owner_of(call.world, charge_id)
    return charge_view.render(call.world, charge, owner)


_ONE = "/v1/charges/{charge}"
ROUTES = (
    Route("GET", "/v1/charges", list_all, LIST, "charge", is_list=True),
    Route("POST", "/v1/charges", create, CREATE, "charge"),
    Route("GET", _ONE, retrieve, with_expand({}), "charge"),
    Route("POST", _ONE, update, UPDATE, "charge"),
)
THINGS = (
    Thing(
        "charge",
        show,
        {
            "application": "application",
            "application_fee": "application_fee",
            "balance_transaction": "balance_transaction",
            "on_behalf_of": "account",
            "source_transfer": "transfer",
            "transfer": "transfer",
            "transfer_data.destination": "account",
        },
    ),
)
