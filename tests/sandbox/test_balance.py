"""Balances: what moved them, how they are settled, and that no cent comes from nowhere."""

import asyncio
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import NOW, Wire, client, free
from tests.sandbox.paying import DAY, acting, charge, has, kinds, later, problem, seller
from tests.sandbox.test_shapes import check


async def test_an_empty_balance(wire: Wire) -> None:
    answer = await wire.send("GET", "/v1/balance")
    check(stripe.Balance, answer.json, "balance")
    nothing = {"amount": 0, "currency": "usd", "source_types": {"card": 0}}
    assert (answer.json["available"], answer.json["pending"]) == ([nothing], [nothing])


async def test_movements(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    through = await charge(
        sdk, transfer_data={"destination": account_id}, application_fee_amount=100
    )
    await sdk.v1.refunds.create_async(
        {"charge": through.id, "reverse_transfer": True, "refund_application_fee": True}
    )
    await charge(sdk)
    await sdk.v1.payouts.create_async({"amount": 100, "currency": "usd"})
    await sdk.v1.topups.create_async({"amount": 100, "currency": "usd"})
    await later(wire, DAY)
    told = await kinds(sdk)
    listed = await sdk.v1.balance_transactions.list_async({"expand": ["data.source"], "limit": 50})
    seen = [(each.type, each.reporting_category, each.amount, each.fee) for each in listed.data]
    assert seen[::-1] == [
        ("charge", "charge", 1000, 59),
        ("application_fee", "platform_earning", 100, 0),
        ("transfer", "transfer", -1000, 0),
        ("refund", "refund", -1000, 0),
        ("application_fee_refund", "platform_earning_refund", -100, 0),
        ("transfer_refund", "transfer_reversal", 1000, 0),
        ("charge", "charge", 1000, 59),
        ("payout", "payout", -100, 0),
        ("topup", "topup", 100, 0),
    ]
    assert [type(each.source).__name__ for each in listed.data][::-1] == [
        "Charge",
        "ApplicationFee",
        "Transfer",
        "Refund",
        "ApplicationFeeRefund",
        "TransferReversal",
        "Charge",
        "Payout",
        "Topup",
    ]
    assert sum(each.net for each in listed.data) == sum(await has(sdk))
    assert "topup.succeeded" in told
    for owner in (None, account_id):
        form = {} if owner is None else {"stripe_account": owner}
        answer = await wire.send("GET", "/v1/balance_transactions", None, **form)
        for each in answer.json["data"]:
            check(stripe.BalanceTransaction, each, "balance_transaction")
    answer = await wire.send("GET", "/v1/balance", stripe_account=account_id)
    check(stripe.Balance, answer.json, "balance")


async def test_deep_paths(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    await charge(sdk, transfer_data={"destination": account_id})
    path = "data.source.destination_payment.balance_transaction"
    form = {"type": "transfer", "expand": [path, "data.source.destination"]}
    found = (await sdk.v1.balance_transactions.list_async(free(form))).data
    source = found[0].source
    assert isinstance(source, stripe.Transfer)
    assert isinstance(source.destination, stripe.Account)
    assert isinstance(source.destination_payment, stripe.Charge)
    assert isinstance(source.destination_payment.balance_transaction, stripe.BalanceTransaction)
    form = {"expand": ["data.balance_transaction.source.transfer"]}
    charges = (await sdk.v1.charges.list_async(free(form))).data
    inner = charges[0].balance_transaction
    assert isinstance(inner, stripe.BalanceTransaction)
    assert isinstance(inner.source, stripe.Charge)
    assert isinstance(inner.source.transfer, stripe.Transfer)


async def test_lists(sdk: stripe.StripeClient, wire: Wire) -> None:
    first, second = await charge(sdk), await charge(sdk, source="tok_visa")
    for form, found in (
        ({}, [second, first]),
        ({"source": first.id}, [first]),
        ({"type": "payout"}, []),
        ({"currency": "eur"}, []),
        ({"payout": "po_x"}, []),
        ({"created": {"lt": 1}}, []),
        ({"limit": 1}, [second]),
    ):
        listed = await sdk.v1.balance_transactions.list_async(free(form))
        assert [each.source for each in listed.data] == [each.id for each in found], form
    assert isinstance(first.balance_transaction, str)
    one = await sdk.v1.balance_transactions.retrieve_async(first.balance_transaction)
    assert (one.status, one.net) == ("available", 941)
    older = await wire.send("GET", f"/v1/balance/history/{one.id}")
    assert older.json["id"] == one.id
    assert len((await wire.send("GET", "/v1/balance/history")).json["data"]) == 2
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.balance_transactions.retrieve_async("txn_nobody")
    assert problem(caught) == (404, "resource_missing", "id")


@pytest.mark.parametrize(
    ("payments", "param"),
    [
        ({"payouts": {"schedule": {"interval": "yearly"}}}, "[payouts][schedule][interval]"),
        (
            {"payouts": {"schedule": {"interval": "weekly"}}},
            "[payouts][schedule][weekly_payout_days]",
        ),
        (
            {"payouts": {"schedule": {"interval": "monthly", "monthly_payout_days": [32]}}},
            "[payouts][schedule][monthly_payout_days][0]",
        ),
        (
            {"payouts": {"schedule": {"interval": "daily", "weekly_payout_days": ["friday"]}}},
            "[payouts][schedule][weekly_payout_days]",
        ),
        (
            {"payouts": {"minimum_balance_by_currency": {"bits": 1}}},
            "[payouts][minimum_balance_by_currency][bits]",
        ),
        (
            {"settlement_timing": {"delay_days_override": 1}},
            "[settlement_timing][delay_days_override]",
        ),
        (
            {"settlement_timing": {"start_of_day": {"hour": 24}}},
            "[settlement_timing][start_of_day][hour]",
        ),
        ({"pace": "slow"}, "[pace]"),
    ],
)
async def test_settings_refused(
    sdk: stripe.StripeClient, payments: dict[str, Any], param: str
) -> None:
    before = (await sdk.v1.balance_settings.retrieve_async()).to_dict()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await sdk.v1.balance_settings.update_async(free({"payments": payments}))
    assert problem(caught)[2] == f"payments{param}"
    assert (await sdk.v1.balance_settings.retrieve_async()).to_dict() == before


async def test_settings(sdk: stripe.StripeClient, wire: Wire) -> None:
    account_id = await seller(sdk, wire)
    payments: dict[str, Any] = {
        "debit_negative_balances": False,
        "payouts": {
            "schedule": {"interval": "weekly", "weekly_payout_days": ["monday", "friday"]},
            "statement_descriptor": "BOOKS",
            "minimum_balance_by_currency": {"usd": 500, "eur": 5},
            "automatic_transfer_rules_by_currency": {
                "usd": [{"payout_method": "usba_1", "type": "transfer_all"}]
            },
        },
        "settlement_timing": {
            "delay_days_override": 9,
            "start_of_day": {"hour": 5, "minutes": 30, "timezone": "America/New_York"},
        },
    }
    options = free(acting(account_id))
    await sdk.v1.balance_settings.update_async(free({"payments": payments}), options)
    answer = await wire.send("GET", "/v1/balance_settings", stripe_account=account_id)
    check(stripe.BalanceSettings, answer.json, "balance_settings")
    shown = answer.json["payments"]
    assert shown["payouts"]["schedule"] == payments["payouts"]["schedule"]
    assert shown["settlement_timing"] == {
        "delay_days": 9,
        "delay_days_override": 9,
        "start_of_day": {"hour": 5, "minutes": 30, "timezone": "America/New_York"},
    }
    assert shown["payouts"]["status"] == "enabled"
    account = await sdk.v1.accounts.retrieve_async(account_id)
    assert account.settings is not None
    assert account.settings.payouts is not None
    assert account.settings.payouts.schedule.interval == "weekly"
    assert account.settings.payouts.statement_descriptor == "BOOKS"
    assert {"balance_settings.updated", "account.updated"} <= set(await kinds(sdk, account_id))
    form = {
        "payments[payouts][minimum_balance_by_currency][eur]": "",
        "payments[settlement_timing][delay_days_override]": "",
    }
    answer = await wire.send("POST", "/v1/balance_settings", form, stripe_account=account_id)
    shown = answer.json["payments"]
    assert shown["payouts"]["minimum_balance_by_currency"] == {"usd": 500}
    assert shown["settlement_timing"]["delay_days"] == 2


Deed = tuple[str, int, int]
CHARGING = ["direct", "through", "separate", "refund"]
MOVING = ["transfer", "reverse", "fee", "payout", "cancel", "topup", "later"]
DEEDS = st.lists(
    st.tuples(st.sampled_from(CHARGING + MOVING), st.integers(0, 5), st.integers(1, 3000)),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(deeds=DEEDS)
def test_no_cent_comes_from_nowhere(deeds: list[Deed]) -> None:
    asyncio.run(_live(deeds))


async def _live(deeds: list[Deed]) -> None:
    sandbox = Sandbox(seed=1, at=NOW)
    sdk, wire = client(sandbox, max_network_retries=0), Wire(sandbox)
    account_id = await seller(sdk, wire)
    owners = (None, account_id)
    for deed in deeds:
        before = [await has(sdk, owner) for owner in owners]
        try:
            if deed[0] in CHARGING:
                await _charge(sdk, account_id, deed)
            else:
                await _move(sdk, wire, account_id, deed)
        except stripe.InvalidRequestError:
            assert [await has(sdk, owner) for owner in owners] == before, deed
        came, went = 0, 0
        for owner in owners:
            moves = await _moves(sdk, owner)
            assert sum(each.net for each in moves) == sum(await has(sdk, owner)), deed
            came += sum(each.net for each in moves)
            outside = ("charge", "refund", "payout", "payout_cancel", "topup", "stripe_fee")
            went += sum(each.amount for each in moves if each.type in outside)
            went -= sum(
                part.amount
                for each in moves
                for part in each.fee_details
                if part.type == "stripe_fee"
            )
        assert came == went, deed
        if deed[0] in {"transfer", "payout"}:
            owner = None if deed[0] == "transfer" else account_id
            earlier = before[owners.index(owner)][0]
            assert (await has(sdk, owner))[0] >= min(0, earlier), deed


async def _moves(sdk: stripe.StripeClient, owner: str | None) -> list[stripe.BalanceTransaction]:
    found = await sdk.v1.balance_transactions.list_async({"limit": 100}, free(acting(owner)))
    assert not found.has_more
    return found.data


async def _nth(service: Any, place: int, options: Any = None) -> str:  # noqa: ANN401 - the SDK's
    found = (await service.list_async({"limit": 100}, options or {})).data
    return str(found[place % len(found)].id) if found else "nobody"


async def _charge(sdk: stripe.StripeClient, account_id: str, deed: Deed) -> None:
    name, place, amount = deed
    form: dict[str, Any] = {"amount": amount}
    form["source"] = "tok_visa" if place % 2 else "tok_bypassPending"
    if name == "refund":
        form = {"charge": await _nth(sdk.v1.charges, place), "amount": amount}
        await sdk.v1.refunds.create_async(free({**form, "reverse_transfer": place > 2}))
        return
    if place and name != "separate":
        form["application_fee_amount"] = amount // 7
    if name == "through":
        form["transfer_data"] = {"destination": account_id}
    await charge(sdk, account_id if name == "direct" else None, **form)


async def _move(sdk: stripe.StripeClient, wire: Wire, account_id: str, deed: Deed) -> None:
    name, place, amount = deed
    options, v1 = free(acting(account_id)), sdk.v1
    money: dict[str, Any] = {"amount": amount, "currency": "usd"}
    if name == "transfer":
        await v1.transfers.create_async(free({**money, "destination": account_id}))
    elif name == "reverse":
        key = await _nth(v1.transfers, place)
        await v1.transfers.reversals.create_async(key, {"amount": amount})
    elif name == "fee":
        key = await _nth(v1.application_fees, place)
        await v1.application_fees.refunds.create_async(key, {"amount": amount})
    elif name == "payout":
        await v1.payouts.create_async(free(money), options)
    elif name == "cancel":
        key = await _nth(v1.payouts, place, options)
        await v1.payouts.cancel_async(key, None, options)
    elif name == "topup":
        await v1.topups.create_async(free(money))
    else:
        await later(wire, amount * 60)
