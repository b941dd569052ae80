"""How does v1 show balances, and what moved them?

Source: Stripe's API reference, "Balance" and "Balance Transactions", API version 2026-10-28.
"""

from collections.abc import Mapping
from typing import Any

from aboard.sandbox.money import REPORTED_AS, Balance, BalanceTransaction
from aboard.sandbox.world import World


def render(
    world: World, balances: Mapping[str, Balance], currency: str, *, instant: Mapping[str, str]
) -> dict[str, Any]:
    """Return somebody's balance.

    `currency` is shown even if it never moved. `instant` says, by currency, where (the id of an
    external account) money could go at once.
    """
    found = balances or {currency: Balance()}
    answer: dict[str, Any] = {
        "object": "balance",
        "available": [_amount(each.available, name) for name, each in found.items()],
        "connect_reserved": [{"amount": 0, "currency": name} for name in found],
        "livemode": world.livemode,
        "pending": [_amount(each.pending, name) for name, each in found.items()],
    }
    at_once = [
        _instant(max(0, each.available), name, instant[name])
        for name, each in found.items()
        if name in instant
    ]
    if at_once:
        answer["instant_available"] = at_once
    return answer


def _amount(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


def _instant(amount: int, currency: str, destination: str) -> dict[str, Any]:
    net = {"amount": amount, "destination": destination, "source_types": {"card": amount}}
    return {**_amount(amount, currency), "net_available": [net]}


def render_transaction(world: World, found: BalanceTransaction) -> dict[str, Any]:
    """Return one movement; whether its money is available depends on the clock."""
    return {
        "id": found.id,
        "object": "balance_transaction",
        "amount": found.amount,
        "available_on": found.available_on,
        "balance_type": "payments",
        "created": found.created,
        "currency": found.currency,
        "description": found.description,
        "exchange_rate": None,
        "fee": found.fee,
        "fee_details": [
            {
                "amount": fee.amount,
                "application": world.application_id if fee.kind == "application_fee" else None,
                "currency": found.currency,
                "description": _FEES[fee.kind],
                "type": fee.kind,
            }
            for fee in found.fees
        ],
        "net": found.net,
        "reporting_category": REPORTED_AS.get(found.kind, found.kind),
        "source": found.source,
        "status": "available" if found.available_on <= world.now() else "pending",
        "type": found.kind,
    }


_FEES = {
    "stripe_fee": "Stripe processing fees",
    "application_fee": "Aboard sandbox platform application fee",
}
