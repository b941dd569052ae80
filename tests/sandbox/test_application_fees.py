"""Application fees: what the platform earned, and what it gives back."""

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import Wire, free
from tests.sandbox.paying import acting, charge, has, kinds, notes, problem, seller
from tests.sandbox.test_shapes import check


async def fee_of(sdk: stripe.StripeClient, wire: Wire) -> stripe.ApplicationFee:
    account_id = await seller(sdk, wire)
    await charge(sdk, on=account_id, application_fee_amount=100)
    return (await sdk.v1.application_fees.list_async()).data[0]


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"amount": 101}, r"Refund amount \(\$1.01\) is greater than unrefunded amount on app"),
        ({"amount": 0}, "greater than or equal to 1"),
        ({"amount": "many"}, "Invalid integer"),
        ({"fee": "fee_x"}, "Received unknown parameter: fee"),
    ],
)
async def test_refusals(
    sdk: stripe.StripeClient, wire: Wire, form: dict[str, Any], message: str
) -> None:
    fee = await fee_of(sdk, wire)
    with pytest.raises(stripe.InvalidRequestError, match=message):
        await sdk.v1.application_fees.refunds.create_async(fee.id, free(form))
    assert (await sdk.v1.application_fees.retrieve_async(fee.id)).amount_refunded == 0


async def test_giving_back(sdk: stripe.StripeClient, wire: Wire) -> None:
    fee = await fee_of(sdk, wire)
    assert isinstance(fee.account, str)
    refunds = sdk.v1.application_fees.refunds
    part = await refunds.create_async(fee.id, {"amount": 30, "metadata": {"why": "nice"}})
    assert (await has(sdk), await has(sdk, fee.account)) == ((70, 0), (871, 0))
    rest = await refunds.create_async(fee.id)
    assert rest.amount == 70
    after = await sdk.v1.application_fees.retrieve_async(fee.id)
    assert (after.refunded, after.amount_refunded) == (True, 100)
    assert [each.id for each in after.refunds.data] == [rest.id, part.id]
    with pytest.raises(stripe.InvalidRequestError, match="has already been refunded"):
        await refunds.create_async(fee.id)
    changed = await refunds.update_async(fee.id, part.id, {"metadata": {"why": ""}})
    assert notes(changed) == {}
    assert notes(await refunds.retrieve_async(fee.id, part.id)) == {}
    page = await refunds.list_async(fee.id, {"limit": 1})
    assert ([each.id for each in page.data], page.has_more) == ([rest.id], True)
    assert (await kinds(sdk))[-4:] == [
        "application_fee.created",
        "application_fee.refunded",
        "application_fee.refunded",
        "application_fee.refund.updated",
    ]
    answer = await wire.send("GET", f"/v1/application_fees/{fee.id}")
    check(stripe.ApplicationFee, answer.json, "application_fee")
    answer = await wire.send("GET", f"/v1/application_fees/{fee.id}/refunds/{part.id}")
    check(stripe.ApplicationFeeRefund, answer.json, "fee_refund")


async def test_the_older_path(sdk: stripe.StripeClient, wire: Wire) -> None:
    fee = await fee_of(sdk, wire)
    answer = await wire.send("POST", f"/v1/application_fees/{fee.id}/refund", {"amount": "40"})
    assert (answer.json["object"], answer.json["amount_refunded"]) == ("application_fee", 40)


async def test_listing_and_expanding(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    direct = await charge(sdk, on=account_id, application_fee_amount=10)
    through = await charge(
        sdk, transfer_data={"destination": account_id}, application_fee_amount=20
    )
    for key, amount in ((direct.id, 10), (through.id, 20)):
        found = await sdk.v1.application_fees.list_async({"charge": key})
        assert [fee.amount for fee in found.data] == [amount]
    paths = ["account", "application", "charge.balance_transaction", "balance_transaction.source"]
    listed = await sdk.v1.application_fees.list_async(
        {"expand": [f"data.{path}" for path in paths], "limit": 1}
    )
    fee = listed.data[0]
    assert isinstance(fee.account, stripe.Account)
    assert isinstance(fee.application, stripe.Application)
    assert isinstance(fee.charge, stripe.Charge)
    assert isinstance(fee.charge.balance_transaction, stripe.BalanceTransaction)
    assert isinstance(fee.balance_transaction, stripe.BalanceTransaction)
    assert isinstance(fee.balance_transaction.source, stripe.ApplicationFee)


async def test_only_the_platform_sees_them(sdk: stripe.StripeClient, wire: Wire) -> None:
    fee = await fee_of(sdk, wire)
    assert isinstance(fee.account, str)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.application_fees.retrieve_async(fee.id, None, free(acting(fee.account)))
    assert problem(caught) == (404, "resource_missing", "id")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.application_fees.refunds.retrieve_async(fee.id, "fr_nobody")
    assert problem(caught) == (404, "resource_missing", "id")
