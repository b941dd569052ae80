"""Top-ups: from the bank into the balance."""

from typing import Any

import pytest
import stripe

from tests.sandbox.conftest import Wire, free
from tests.sandbox.paying import DAY, has, kinds, later, notes, problem
from tests.sandbox.test_shapes import check


async def fetch(sdk: stripe.StripeClient, **changes: Any) -> stripe.Topup:  # noqa: ANN401 - parameters
    form = {"amount": 2000, "currency": "usd", **changes}
    return await sdk.v1.topups.create_async(free(form))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": 0}, (400, "parameter_invalid_integer", "amount")),
        ({"amount": 10**9}, (400, "amount_too_large", "amount")),
        ({"currency": "eur"}, (400, None, "currency")),
        ({"source": "src_x"}, (400, "resource_missing", "source")),
        ({"payment_method": "pm_x"}, (400, "resource_missing", "payment_method")),
        ({"statement_descriptor": "x" * 16}, (400, None, "statement_descriptor")),
    ],
)
async def test_refusals(
    sdk: stripe.StripeClient, changes: dict[str, Any], refusal: tuple[Any, ...]
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await fetch(sdk, **changes)
    assert problem(caught) == refusal


async def test_the_way_of_a_topup(sdk: stripe.StripeClient, wire: Wire) -> None:
    made = await fetch(sdk, description="More", metadata={"a": "1"})
    assert (made.status, await has(sdk)) == ("pending", (0, 0))
    changed = await sdk.v1.topups.update_async(made.id, {"metadata": {"b": "2"}})
    assert (changed.description, notes(changed)) == ("More", {"a": "1", "b": "2"})
    check(stripe.Topup, (await wire.send("GET", f"/v1/topups/{made.id}")).json, "topup")
    await later(wire, DAY)
    there = await sdk.v1.topups.retrieve_async(made.id, {"expand": ["balance_transaction.source"]})
    assert (there.status, await has(sdk)) == ("succeeded", (2000, 0))
    assert isinstance(there.balance_transaction, stripe.BalanceTransaction)
    assert isinstance(there.balance_transaction.source, stripe.Topup)
    assert (await kinds(sdk))[-2:] == ["topup.created", "topup.succeeded"]
    with pytest.raises(stripe.InvalidRequestError, match="while they are pending"):
        await sdk.v1.topups.cancel_async(made.id)


async def test_canceled_and_failed(sdk: stripe.StripeClient, wire: Wire) -> None:
    canceled = await fetch(sdk)
    assert (await sdk.v1.topups.cancel_async(canceled.id)).status == "canceled"
    failing = await fetch(sdk, source="btok_us_verified_noAccount", amount=7)
    await later(wire, DAY)
    failed = await sdk.v1.topups.retrieve_async(failing.id)
    assert (failed.status, failed.failure_code) == ("failed", "no_account")
    assert await has(sdk) == (0, 0)
    assert {"topup.canceled", "topup.failed"} <= set(await kinds(sdk))
    for form, found in (
        ({"status": "failed"}, [failing.id]),
        ({"amount": {"gte": 8}}, [canceled.id]),
        ({}, [failing.id, canceled.id]),
    ):
        listed = await sdk.v1.topups.list_async(free(form))
        assert [each.id for each in listed.data] == found
