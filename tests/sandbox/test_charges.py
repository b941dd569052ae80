"""Charges: who is paid, what it costs, what is refused, and what comes back."""

from typing import Any

import pytest
import stripe

from aboard.sandbox import Sandbox
from aboard.sandbox.sources import CARDS, TOKENS, WRONG_NUMBER, is_card_number
from tests.sandbox.conftest import EXPRESS, Wire, client, control, free
from tests.sandbox.paying import acting, charge, has, kinds, later, notes, problem, seller
from tests.sandbox.test_shapes import check

UNKNOWN = "acct_0000000000000000"
TEN: dict[str, Any] = {"amount": 1000, "currency": "usd", "source": "tok_visa"}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": None}, (400, "parameter_missing", "amount")),
        ({"currency": None}, (400, "parameter_missing", "currency")),
        ({"currency": "xyz"}, (400, None, "currency")),
        ({"amount": 49}, (400, "amount_too_small", "amount")),
        ({"amount": 100_000_000}, (400, "amount_too_large", "amount")),
        ({"amount": -5}, (400, "parameter_invalid_integer", "amount")),
        ({"source": None}, (400, "parameter_missing", None)),
        ({"source": "tok_nobody"}, (400, "resource_missing", "source")),
        ({"source": {"number": "4242424242424242"}}, (400, "parameter_missing", None)),
        ({"customer": "cus_1", "source": None}, (400, "resource_missing", "customer")),
        ({"capture": False}, (400, None, "capture")),
        ({"application_fee_amount": 100}, (400, None, "application_fee_amount")),
        ({"transfer_data": {"destination": UNKNOWN}}, (400, "resource_missing", None)),
        ({"on_behalf_of": UNKNOWN}, (400, "resource_missing", "on_behalf_of")),
        ({"statement_descriptor": "x" * 23}, (400, None, "statement_descriptor")),
    ],
)
async def test_refusals(
    sdk: stripe.StripeClient, changes: dict[str, Any], refusal: tuple[Any, ...]
) -> None:
    form = {key: value for key, value in {**TEN, **changes}.items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.charges.create_async(free(form))
    status, code, param = problem(caught)
    assert (status, code) == refusal[:2]
    assert param == refusal[2] or refusal[2] is None
    assert await has(sdk) == (0, 0)
    assert (await sdk.v1.charges.list_async()).data == []


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"application_fee_amount": 1001}, "application_fee_amount"),
        ({"transfer_data": {"amount": 1001}}, "transfer_data[destination]"),
        ({"transfer_data": {"amount": 5}, "application_fee_amount": 5}, "application_fee_amount"),
        ({"application_fee": 5, "application_fee_amount": 5}, "application_fee"),
        ({"destination": {}}, "destination"),
    ],
)
async def test_parts_that_do_not_fit(
    sdk: stripe.StripeClient, wire: Wire, changes: dict[str, Any], param: str
) -> None:
    account_id = await seller(sdk, wire)
    data = {"destination": account_id, **changes.pop("transfer_data", {})}
    if "destination" in changes:
        changes["destination"] = {"account": account_id}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.charges.create_async(free({**TEN, "transfer_data": data, **changes}))
    assert problem(caught)[2] == param
    assert await has(sdk, account_id) == (0, 0)


async def test_nobody_is_paid_who_may_not_be(sdk: stripe.StripeClient) -> None:
    fresh = (await sdk.v1.accounts.create_async(EXPRESS)).id
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await charge(sdk, on=fresh)
    assert problem(caught)[1] == "account_invalid"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await charge(sdk, transfer_data={"destination": fresh})
    assert problem(caught)[1] == "insufficient_capabilities_for_transfer"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await charge(sdk, on_behalf_of=fresh)
    assert problem(caught)[2] == "on_behalf_of"
    own = (await sdk.v1.accounts.retrieve_current_async()).id
    with pytest.raises(stripe.InvalidRequestError, match="your own account"):
        await charge(sdk, transfer_data={"destination": own})


@pytest.mark.parametrize(
    ("source", "code", "decline"),
    [
        ("tok_chargeDeclined", "card_declined", "generic_decline"),
        ("tok_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("tok_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("tok_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("tok_chargeDeclinedProcessingError", "processing_error", "processing_error"),
        (
            {"number": "4242424242424241", "exp_month": 1, "exp_year": 2030},
            "incorrect_number",
            None,
        ),
        ({"number": "4242424242424242", "exp_month": 1, "exp_year": 2020}, "expired_card", None),
    ],
)
async def test_cards_that_say_no(
    sdk: stripe.StripeClient,
    wire: Wire,
    source: str | dict[str, object],
    code: str,
    decline: str | None,
) -> None:
    account_id = await seller(sdk, wire)
    with pytest.raises(stripe.CardError) as caught:
        await charge(sdk, on=account_id, source=source, application_fee_amount=100)
    assert (caught.value.http_status, caught.value.code) == (402, code)
    body = caught.value.json_body
    assert isinstance(body, dict)
    said = body["error"]
    assert said["type"] == "card_error"
    assert said.get("decline_code") == decline or decline is None
    failed = await sdk.v1.charges.retrieve_async(said["charge"], None, free(acting(account_id)))
    assert (failed.status, failed.paid, failed.failure_code) == ("failed", False, code)
    check(stripe.Charge, failed.to_dict(), "charge")
    assert await has(sdk, account_id) == (0, 0)
    assert (await kinds(sdk, account_id))[-1] == "charge.failed"


def test_the_published_cards_are_cards() -> None:
    wrong = {number for number, each in CARDS.items() if each.refusal == WRONG_NUMBER}
    assert {number for number in CARDS if not is_card_number(number)} == wrong
    assert set(TOKENS.values()) <= set(CARDS)


async def test_a_direct_charge(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    made = await charge(sdk, on=account_id, source="tok_visa", application_fee_amount=100)
    assert made.application_fee_amount == 100
    assert await has(sdk, account_id) == (0, 1000 - 59 - 100)
    assert await has(sdk) == (0, 100)
    assert "charge.succeeded" in await kinds(sdk, account_id)
    assert "application_fee.created" in await kinds(sdk)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.charges.retrieve_async(made.id)
    assert problem(caught) == (404, "resource_missing", "id")
    await later(wire, 2 * 24 * 3600)
    assert await has(sdk, account_id) == (841, 0)


async def test_the_platform_pays_stripe_where_it_is_the_payer(
    sdk: stripe.StripeClient, wire: Wire
) -> None:
    controller = {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "stripe_dashboard": {"type": "express"},
    }
    form = {"controller": controller, "country": "US", "capabilities": EXPRESS["capabilities"]}
    made = await sdk.v1.accounts.create_async(free(form))
    await control(wire, made.id, "complete")
    await charge(sdk, on=made.id, application_fee_amount=100)
    assert await has(sdk, made.id) == (900, 0)
    assert await has(sdk) == (100 - 59, 0)


async def test_a_destination_charge(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    made = await charge(
        sdk,
        transfer_data={"destination": account_id},
        application_fee_amount=123,
        expand=["transfer.destination_payment.balance_transaction", "application_fee.charge"],
    )
    assert await has(sdk) == (1000 - 59 - 1000 + 123, 0)
    assert await has(sdk, account_id) == (877, 0)
    transfer, fee = made.transfer, made.application_fee
    assert isinstance(transfer, stripe.Transfer)
    assert isinstance(fee, stripe.ApplicationFee)
    payment = transfer.destination_payment
    assert isinstance(payment, stripe.Charge)
    assert isinstance(payment.balance_transaction, stripe.BalanceTransaction)
    assert (payment.balance_transaction.amount, payment.balance_transaction.fee) == (1000, 123)
    assert payment.id.startswith("py_")
    assert isinstance(fee.charge, stripe.Charge)
    assert (fee.charge.id, fee.originating_transaction) == (payment.id, made.id)
    assert transfer.source_transaction == made.id
    assert "payment.created" in await kinds(sdk, account_id)
    assert {"transfer.created", "charge.succeeded"} <= set(await kinds(sdk))


async def test_a_part_for_the_destination(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    await charge(sdk, transfer_data={"destination": account_id, "amount": 600})
    assert (await has(sdk), await has(sdk, account_id)) == ((1000 - 59 - 600, 0), (600, 0))
    older = await charge(sdk, destination={"account": account_id, "amount": 1})
    assert older.transfer_data is not None
    assert older.transfer_data.amount == 1


@pytest.mark.parametrize(
    ("token", "charges", "payouts"),
    [
        ("tok_visa_triggerNextRequirements", True, True),
        ("tok_visa_triggerChargeBlock", False, True),
        ("tok_visa_triggerPayoutBlock", True, False),
    ],
)
async def test_cards_that_move_the_account(
    sdk: stripe.StripeClient, wire: Wire, *, token: str, charges: bool, payouts: bool
) -> None:
    account_id = await seller(sdk, wire)
    before = await sdk.v1.accounts.retrieve_async(account_id)
    assert before.requirements is not None
    assert before.requirements.currently_due == []
    await charge(sdk, on=account_id, source=token)
    after = await sdk.v1.accounts.retrieve_async(account_id)
    assert (after.charges_enabled, after.payouts_enabled) == (charges, payouts)
    assert after.requirements is not None
    assert after.requirements.currently_due != []
    assert "account.updated" in (await kinds(sdk, account_id))[-5:]


async def test_refunds(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    made = await charge(sdk, transfer_data={"destination": account_id}, application_fee_amount=100)
    part = await sdk.v1.refunds.create_async(
        {
            "charge": made.id,
            "amount": 250,
            "reverse_transfer": True,
            "refund_application_fee": True,
            "metadata": {"why": "late"},
            "expand": ["transfer_reversal.destination_payment_refund", "balance_transaction"],
        }
    )
    check(stripe.Refund, (await wire.send("GET", f"/v1/refunds/{part.id}")).json, "refund")
    assert isinstance(part.transfer_reversal, stripe.TransferReversal)
    assert part.transfer_reversal.amount == 250
    assert isinstance(part.transfer_reversal.destination_payment_refund, stripe.Refund)
    assert await has(sdk, account_id) == (900 - 250 + 25, 0)
    assert await has(sdk) == (-59 + 100 - 25, 0)
    await sdk.v1.refunds.create_async(
        {"charge": made.id, "reverse_transfer": True, "refund_application_fee": True}
    )
    assert (await has(sdk), await has(sdk, account_id)) == ((-59, 0), (0, 0))
    again = await sdk.v1.charges.retrieve_async(made.id)
    assert (again.refunded, again.amount_refunded) == (True, 1000)
    assert {"charge.refunded", "refund.created", "transfer.reversed"} <= set(await kinds(sdk))


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"amount": 1001}, r"Refund amount \(\$10.01\) is greater than unrefunded amount"),
        ({"refund_application_fee": True}, "but it has no application fee"),
        ({"reverse_transfer": True}, "it has no associated transfer"),
        ({"charge": "ch_nobody"}, "No such charge: 'ch_nobody'"),
        ({"reason": "boredom"}, "Invalid reason"),
    ],
)
async def test_refunds_refused(
    sdk: stripe.StripeClient, form: dict[str, Any], message: str
) -> None:
    made = await charge(sdk)
    with pytest.raises(stripe.InvalidRequestError, match=message):
        await sdk.v1.refunds.create_async(free({"charge": made.id, **form}))
    assert await has(sdk) == (941, 0)
    await sdk.v1.refunds.create_async({"charge": made.id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.refunds.create_async({"charge": made.id})
    assert problem(caught)[1] == "charge_already_refunded"


async def test_a_token_pays_once(sdk: stripe.StripeClient) -> None:
    card = {"number": "5555555555554444", "exp_month": 1, "exp_year": 2030, "cvc": "123"}
    token = (await sdk.v1.tokens.create_async(free({"card": card}))).id
    with pytest.raises(stripe.InvalidRequestError):
        await charge(sdk, source=token, amount=1)
    made = await charge(sdk, source=token)
    assert made.payment_method_details is not None
    assert made.payment_method_details.card is not None
    assert made.payment_method_details.card.brand == "mastercard"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await charge(sdk, source=token)
    assert problem(caught)[:2] == (400, "token_already_used")


async def test_changing_and_listing(sdk: stripe.StripeClient, wire: Wire) -> None:
    first = await charge(sdk, transfer_group="one", metadata={"a": "1"})
    second = await charge(sdk)
    changed = await sdk.v1.charges.update_async(
        first.id, {"description": "Book", "metadata": {"b": "2"}}
    )
    assert (changed.description, notes(changed)) == ("Book", {"a": "1", "b": "2"})
    listed = await sdk.v1.charges.list_async()
    assert [each.id for each in listed.data] == [second.id, first.id]
    grouped = await sdk.v1.charges.list_async({"transfer_group": "one"})
    assert [each.id for each in grouped.data] == [first.id]
    check(stripe.Charge, (await wire.send("GET", f"/v1/charges/{first.id}")).json, "charge")
    refund = await sdk.v1.refunds.create_async({"charge": first.id})
    await sdk.v1.refunds.update_async(refund.id, {"metadata": {"c": "3"}})
    found = (await sdk.v1.refunds.list_async({"charge": first.id})).data
    assert [(each.id, notes(each)) for each in found] == [(refund.id, {"c": "3"})]


async def test_worlds_are_apart(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    made = await charge(sdk)
    other = client(sandbox, "sk_test_aboard_other")
    with pytest.raises(stripe.InvalidRequestError):
        await other.v1.charges.retrieve_async(made.id)
    assert await has(other) == (0, 0)
