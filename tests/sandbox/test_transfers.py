"""Transfers: from the platform to its accounts, and back."""

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import EXPRESS, Wire, free
from tests.sandbox.paying import acting, charge, has, kinds, notes, problem, seller
from tests.sandbox.test_shapes import check

UNKNOWN = "acct_0000000000000000"


async def send(sdk: stripe.StripeClient, to: str | None, **changes: Any) -> stripe.Transfer:  # noqa: ANN401 - parameters
    form = {"amount": 500, "currency": "usd", "destination": to, **changes}
    form = {key: value for key, value in form.items() if value is not None}
    return await sdk.v1.transfers.create_async(free(form))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": None}, (400, "parameter_missing", "amount")),
        ({"amount": 0}, (400, "parameter_invalid_integer", "amount")),
        ({"amount": 942}, (400, "balance_insufficient", None)),
        ({"source_type": "bank_account"}, (400, "balance_insufficient", None)),
        ({"currency": None}, (400, "parameter_missing", "currency")),
        ({"currency": "eur"}, (400, "balance_insufficient", None)),
        ({"currency": "bits"}, (400, None, "currency")),
        ({"destination": None}, (400, "parameter_missing", "destination")),
        ({"destination": UNKNOWN}, (400, "resource_missing", "destination")),
        ({"source_transaction": "ch_x"}, (400, "resource_missing", "source_transaction")),
    ],
)
async def test_refusals(
    sdk: stripe.StripeClient, wire: Wire, changes: dict[str, Any], refusal: tuple[Any, ...]
) -> None:
    account_id = await seller(sdk, wire)
    await charge(sdk)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await send(sdk, account_id, **changes)
    assert problem(caught) == refusal
    assert (await has(sdk), await has(sdk, account_id)) == ((941, 0), (0, 0))


async def test_who_may_not(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    fresh = (await sdk.v1.accounts.create_async(EXPRESS)).id
    own = (await sdk.v1.accounts.retrieve_current_async()).id
    await charge(sdk)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await send(sdk, fresh)
    assert problem(caught)[1] == "insufficient_capabilities_for_transfer"
    with pytest.raises(stripe.InvalidRequestError, match="your own account"):
        await send(sdk, own)
    form = {"amount": 1, "currency": "usd", "destination": fresh}
    with pytest.raises(stripe.InvalidRequestError, match="client application"):
        await sdk.v1.transfers.create_async(free(form), free(acting(account_id)))


async def test_there_and_back(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    await charge(sdk)
    made = await send(sdk, account_id, transfer_group="g", metadata={"a": "1"})
    assert (await has(sdk), await has(sdk, account_id)) == ((441, 0), (500, 0))
    changed = await sdk.v1.transfers.update_async(made.id, {"description": "Books"})
    assert (changed.description, notes(changed)) == ("Books", {"a": "1"})
    reversals = sdk.v1.transfers.reversals
    part = await reversals.create_async(made.id, {"amount": 200, "metadata": {"b": "2"}})
    assert (await has(sdk), await has(sdk, account_id)) == ((641, 0), (300, 0))
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await reversals.create_async(made.id, {"amount": 301})
    assert problem(caught)[2] == "amount"
    rest = await reversals.create_async(made.id)
    assert rest.amount == 300
    with pytest.raises(stripe.InvalidRequestError, match="already fully reversed"):
        await reversals.create_async(made.id)
    after = await sdk.v1.transfers.retrieve_async(made.id)
    assert (after.reversed, after.amount_reversed) == (True, 500)
    assert [each.id for each in after.reversals.data] == [rest.id, part.id]
    await reversals.update_async(made.id, part.id, {"metadata": {"b": "3"}})
    assert notes(await reversals.retrieve_async(made.id, part.id)) == {"b": "3"}
    assert [each.id for each in (await reversals.list_async(made.id)).data] == [rest.id, part.id]
    assert [kind for kind in await kinds(sdk) if kind.startswith("transfer")] == [
        "transfer.created",
        "transfer.updated",
        "transfer.reversed",
        "transfer.reversed",
    ]
    answer = await wire.send("GET", f"/v1/transfers/{made.id}")
    check(stripe.Transfer, answer.json, "transfer")
    answer = await wire.send("GET", f"/v1/transfers/{made.id}/reversals/{part.id}")
    check(stripe.TransferReversal, answer.json, "transfer_reversal")


async def test_no_reversal_of_what_is_gone(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    await charge(sdk)
    made = await send(sdk, account_id)
    form = {"amount": 400, "currency": "usd"}
    await sdk.v1.payouts.create_async(free(form), free(acting(account_id)))
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.transfers.reversals.create_async(made.id, {"amount": 101})
    assert problem(caught)[1] == "balance_insufficient"
    await sdk.v1.transfers.reversals.create_async(made.id, {"amount": 100})
    assert await has(sdk, account_id) == (0, 0)


async def test_a_reversal_with_its_fee(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    made = await charge(sdk, transfer_data={"destination": account_id}, application_fee_amount=100)
    assert isinstance(made.transfer, str)
    reversals = sdk.v1.transfers.reversals
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await reversals.create_async(made.transfer)
    assert problem(caught)[1] == "balance_insufficient"
    await reversals.create_async(made.transfer, {"refund_application_fee": True})
    assert (await has(sdk), await has(sdk, account_id)) == ((941, 0), (0, 0))
    plain = await send(sdk, account_id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await reversals.create_async(plain.id, {"refund_application_fee": True})
    assert problem(caught)[2] == "refund_application_fee"


async def test_of_a_charge_that_is_pending(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    paid = await charge(sdk, source="tok_visa")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await send(sdk, account_id, amount=1)
    assert problem(caught)[1] == "balance_insufficient"
    first = await send(sdk, account_id, amount=600, source_transaction=paid.id)
    assert first.transfer_group == f"group_{paid.id}"
    assert (await has(sdk), await has(sdk, account_id)) == ((0, 341), (0, 600))
    with pytest.raises(stripe.InvalidRequestError, match=r"must not exceed .*\$6.00"):
        await send(sdk, account_id, amount=401, source_transaction=paid.id)
    with pytest.raises(stripe.InvalidRequestError, match="must be the same as the transfer"):
        await send(sdk, account_id, currency="eur", source_transaction=paid.id)
    rest = await send(sdk, account_id, amount=None, source_transaction=paid.id)
    assert rest.amount == 400
    spent = await charge(sdk, transfer_data={"destination": account_id})
    with pytest.raises(stripe.InvalidRequestError, match="transferred to its destination"):
        await send(sdk, account_id, amount=1, source_transaction=spent.id)


async def test_lists(sdk: stripe.StripeClient, wire: Wire) -> None:
    one, two = await seller(sdk, wire), await seller(sdk, wire)
    await charge(sdk, amount=9000)
    ids = [
        (await send(sdk, to, transfer_group=group)).id
        for to, group in ((one, "a"), (two, "a"), (one, "b"))
    ]
    for form, found in (
        ({}, [2, 1, 0]),
        ({"destination": one}, [2, 0]),
        ({"transfer_group": "a"}, [1, 0]),
        ({"limit": 1, "starting_after": ids[2]}, [1]),
        ({"created": {"lt": 5}}, []),
    ):
        listed = await sdk.v1.transfers.list_async(free(form))
        assert [each.id for each in listed.data] == [ids[place] for place in found]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.transfers.list_async({"starting_after": "tr_nobody"})
    assert problem(caught) == (400, "resource_missing", "starting_after")


async def test_expanding(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    paid = await charge(sdk)
    made = await send(sdk, account_id, source_transaction=paid.id)
    await sdk.v1.transfers.reversals.create_async(made.id, {"amount": 1})
    paths = [
        "destination",
        "source_transaction",
        "destination_payment.balance_transaction.source",
        "balance_transaction.source",
        "reversals.data.destination_payment_refund",
    ]
    found = await sdk.v1.transfers.retrieve_async(made.id, free({"expand": paths}))
    assert isinstance(found.destination, stripe.Account)
    assert isinstance(found.source_transaction, stripe.Charge)
    assert isinstance(found.destination_payment, stripe.Charge)
    inner = found.destination_payment.balance_transaction
    assert isinstance(inner, stripe.BalanceTransaction)
    assert isinstance(inner.source, stripe.Charge)
    assert isinstance(found.balance_transaction, stripe.BalanceTransaction)
    assert isinstance(found.balance_transaction.source, stripe.Transfer)
    assert isinstance(found.reversals.data[0].destination_payment_refund, stripe.Refund)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        await sdk.v1.transfers.retrieve_async(made.id, {"expand": ["amount"]})
