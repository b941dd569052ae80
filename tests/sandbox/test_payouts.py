"""Payouts: to the bank, by the clock, and back."""

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import BANK, EXPRESS, Wire, control, free
from tests.sandbox.paying import DAY, acting, charge, has, kinds, later, notes, problem, seller
from tests.sandbox.test_shapes import check

SCRATCH: dict[str, Any] = {"object": "card", "exp_month": 12, "exp_year": 2030, "currency": "usd"}


async def rich(sdk: stripe.StripeClient, wire: Wire, **changes: Any) -> str:  # noqa: ANN401 - parameters
    account_id = await seller(sdk, wire, **changes)
    await charge(sdk, on=account_id, amount=10_000)
    return account_id


async def pay(sdk: stripe.StripeClient, on: str | None, **changes: Any) -> stripe.Payout:  # noqa: ANN401 - parameters
    form = {"amount": 500, "currency": "usd", **changes}
    return await sdk.v1.payouts.create_async(free(form), free(acting(on)))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": 9681}, (400, "balance_insufficient", None)),
        ({"source_type": "fpx"}, (400, "balance_insufficient", None)),
        ({"amount": 0}, (400, "parameter_invalid_integer", "amount")),
        ({"amount": 10**9}, (400, "amount_too_large", "amount")),
        ({"currency": "eur"}, (400, None, None)),
        ({"currency": "bits"}, (400, None, "currency")),
        ({"destination": "ba_nobody"}, (400, "resource_missing", "destination")),
        ({"payout_method": "usba_x"}, (400, "resource_missing", "payout_method")),
        ({"method": "pigeon"}, (400, None, "method")),
        ({"statement_descriptor": "x" * 23}, (400, None, "statement_descriptor")),
    ],
)
async def test_refusals(
    sdk: stripe.StripeClient, wire: Wire, changes: dict[str, Any], refusal: tuple[Any, ...]
) -> None:
    account_id = await rich(sdk, wire)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await pay(sdk, account_id, **changes)
    assert problem(caught) == refusal
    assert await has(sdk, account_id) == (9680, 0)


async def test_accounts_that_are_not_paid_out(sdk: stripe.StripeClient, wire: Wire) -> None:
    fresh = (await sdk.v1.accounts.create_async(EXPRESS)).id
    blocked = await rich(sdk, wire)
    await charge(sdk, on=blocked, source="tok_visa_triggerPayoutBlock")
    for account_id in (fresh, blocked):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            await pay(sdk, account_id)
        assert problem(caught)[1] == "payouts_not_allowed"


async def test_the_way_of_a_payout(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await rich(sdk, wire)
    options = free(acting(account_id))
    made = await pay(sdk, account_id, metadata={"a": "1"}, statement_descriptor="BOOKS")
    assert (made.status, made.method, made.type) == ("pending", "standard", "bank_account")
    assert await has(sdk, account_id) == (9180, 0)
    await later(wire, DAY)
    assert (await sdk.v1.payouts.retrieve_async(made.id, None, options)).status == "in_transit"
    with pytest.raises(stripe.InvalidRequestError, match="while they are pending"):
        await sdk.v1.payouts.cancel_async(made.id, None, options)
    await later(wire, DAY)
    assert (await sdk.v1.payouts.retrieve_async(made.id, None, options)).status == "paid"
    changed = await sdk.v1.payouts.update_async(made.id, {"metadata": {"b": "2"}}, options)
    assert notes(changed) == {"a": "1", "b": "2"}
    told = [kind for kind in await kinds(sdk, account_id) if kind.startswith("payout")]
    assert told == ["payout.created", "payout.updated", "payout.paid", "payout.updated"]
    assert await has(sdk, account_id) == (9180, 0)
    answer = await wire.send("GET", f"/v1/payouts/{made.id}", stripe_account=account_id)
    check(stripe.Payout, answer.json, "payout")


async def test_all_at_once_after_a_long_time(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await rich(sdk, wire)
    ids = [(await pay(sdk, account_id)).id for _ in range(3)]
    await later(wire, 30 * DAY)
    listed = await sdk.v1.payouts.list_async({"status": "paid"}, free(acting(account_id)))
    assert [each.id for each in listed.data] == ids[::-1]


async def test_canceling(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await rich(sdk, wire)
    made = await pay(sdk, account_id)
    options = free(acting(account_id))
    canceled = await sdk.v1.payouts.cancel_async(
        made.id, {"expand": ["failure_balance_transaction"]}, options
    )
    assert canceled.status == "canceled"
    back = canceled.failure_balance_transaction
    assert isinstance(back, stripe.BalanceTransaction)
    assert (back.type, back.amount) == ("payout_cancel", 500)
    assert await has(sdk, account_id) == (9680, 0)
    await later(wire, 9 * DAY)
    assert (await kinds(sdk, account_id))[-1] == "payout.canceled"
    with pytest.raises(stripe.InvalidRequestError):
        await sdk.v1.payouts.cancel_async(made.id, None, options)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("000111111116", "no_account"),
        ("000111111113", "account_closed"),
        ("000222222227", "insufficient_funds"),
        ("000333333335", "debit_not_authorized"),
        ("000444444440", "invalid_currency"),
    ],
)
async def test_banks_that_fail(
    sdk: stripe.StripeClient, wire: Wire, number: str, code: str
) -> None:
    bank = {**BANK, "account_number": number}
    account_id = await rich(sdk, wire, type="custom", external_account=bank)
    before = await sdk.v1.accounts.retrieve_async(account_id)
    assert before.payouts_enabled is True
    made = await pay(sdk, account_id)
    assert isinstance(made.destination, str)
    await later(wire, 2 * DAY)
    failed = await sdk.v1.payouts.retrieve_async(made.id, None, free(acting(account_id)))
    assert (failed.status, failed.failure_code) == ("failed", code)
    assert failed.failure_message
    assert failed.failure_balance_transaction is not None
    assert await has(sdk, account_id) == (9680, 0)
    after = await sdk.v1.accounts.retrieve_async(account_id)
    assert after.external_accounts is not None
    assert after.external_accounts.data[0].status == "errored"
    assert (after.charges_enabled, after.payouts_enabled) == (True, False)
    assert after.requirements is not None
    assert after.requirements.currently_due == ["external_account"]
    told = await kinds(sdk, account_id)
    assert {"payout.failed", "account.updated", "account.external_account.updated"} <= set(
        told[-8:]
    )
    fixed = await sdk.v1.accounts.update_async(account_id, free({"external_account": BANK}))
    assert fixed.payouts_enabled is True
    assert (await pay(sdk, account_id)).status == "pending"


async def test_reversing(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await rich(sdk, wire)
    options = free(acting(account_id))
    made = await pay(sdk, account_id)
    with pytest.raises(stripe.InvalidRequestError, match="still pending"):
        await sdk.v1.payouts.reverse_async(made.id, None, options)
    await later(wire, 2 * DAY)
    back = await sdk.v1.payouts.reverse_async(made.id, {"metadata": {"a": "1"}}, options)
    assert (back.amount, back.original_payout, notes(back)) == (-500, made.id, {"a": "1"})
    assert await has(sdk, account_id) == (9180, 500)
    for key in (made.id, back.id):
        with pytest.raises(stripe.InvalidRequestError):
            await sdk.v1.payouts.reverse_async(key, None, options)
    await later(wire, 2 * DAY)
    assert await has(sdk, account_id) == (9680, 0)
    again = await sdk.v1.payouts.retrieve_async(made.id, {"expand": ["reversed_by"]}, options)
    assert isinstance(again.reversed_by, stripe.Payout)
    assert again.reversed_by.status == "paid"


async def test_at_once(sdk: stripe.StripeClient, wire: Wire) -> None:
    slow_bank = {**BANK, "account_number": "000888888883"}
    slow = await rich(sdk, wire, type="custom", external_account=slow_bank)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await pay(sdk, slow, method="instant")
    assert problem(caught)[1:] == ("instant_payouts_unsupported", "method")
    card = {**SCRATCH, "number": "4000056655665556"}
    fast = await rich(sdk, wire, type="custom", external_account=card)
    made = await pay(sdk, fast, method="instant", expand=["destination"])
    assert isinstance(made.destination, stripe.Card)
    assert (made.method, made.type, made.status) == ("instant", "card", "in_transit")
    await later(wire, 1800)
    paid = await sdk.v1.payouts.retrieve_async(made.id, None, free(acting(fast)))
    assert paid.status == "paid"
    assert (await sdk.v1.balance.retrieve_async(None, free(acting(fast)))).instant_available


async def test_the_platforms_own(sdk: stripe.StripeClient, wire: Wire) -> None:
    await charge(sdk)
    made = await pay(sdk, None, expand=["destination", "balance_transaction.source"])
    assert isinstance(made.destination, stripe.BankAccount)
    assert isinstance(made.balance_transaction, stripe.BalanceTransaction)
    assert isinstance(made.balance_transaction.source, stripe.Payout)
    with pytest.raises(stripe.InvalidRequestError, match="connected accounts"):
        await sdk.v1.payouts.reverse_async(made.id)
    await later(wire, 2 * DAY)
    assert (await sdk.v1.payouts.retrieve_async(made.id)).status == "paid"
    assert "payout.paid" in await kinds(sdk)


async def test_lists(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await rich(sdk, wire)
    options = free(acting(account_id))
    first = await pay(sdk, account_id)
    await later(wire, 2 * DAY)
    second = await pay(sdk, account_id)
    for form, found in (
        ({}, [second, first]),
        ({"status": "pending"}, [second]),
        ({"destination": first.destination}, [second, first]),
        ({"destination": "ba_other"}, []),
        ({"arrival_date": {"lte": first.arrival_date}}, [first]),
        ({"created": {"gt": first.created}}, [second]),
        ({"ending_before": first.id}, [second]),
    ):
        listed = await sdk.v1.payouts.list_async(free(form), options)
        assert [each.id for each in listed.data] == [each.id for each in found], form
    assert (await sdk.v1.payouts.list_async()).data == []


async def test_rejected_accounts_are_not_paid_out(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await rich(sdk, wire, type="custom")
    await control(wire, account_id, "reject")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await pay(sdk, account_id)
    assert problem(caught)[1] == "payouts_not_allowed"
