"""How does v1 show payouts and top-ups?

Source: Stripe's API reference, "Payouts" and "Top-ups", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.payouts import Payout, TopUp
from aboard.sandbox.world import World


def render(world: World, payout: Payout) -> dict[str, Any]:
    """Return the payout; where it went is an id."""
    has_arrived = payout.status == "paid"
    return {
        "id": payout.id,
        "object": "payout",
        "amount": payout.amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": payout.arrival_date,
        "automatic": False,
        "balance_transaction": payout.balance_transaction,
        "created": payout.created,
        "currency": payout.currency,
        "description": payout.description,
        "destination": payout.destination,
        "failure_balance_transaction": payout.failure_balance_transaction,
        "failure_code": payout.failure_code,
        "failure_message": payout.failure_message,
        "livemode": world.livemode,
        "metadata": payout.metadata,
        "method": payout.method,
        "original_payout": payout.original_payout,
        "payout_method": None,
        "reconciliation_status": "not_applicable",
        "reversed_by": payout.reversed_by,
        "source_type": "card",
        "statement_descriptor": payout.statement_descriptor,
        "status": payout.status,
        "trace_id": {"status": "unsupported" if has_arrived else "pending", "value": None},
        "type": payout.destination_kind,
    }


def render_topup(world: World, topup: TopUp) -> dict[str, Any]:
    """Return the top-up."""
    return {
        "id": topup.id,
        "object": "topup",
        "amount": topup.amount,
        "balance_transaction": topup.balance_transaction,
        "created": topup.created,
        "currency": topup.currency,
        "description": topup.description,
        "expected_availability_date": topup.expected_availability_date,
        "failure_code": topup.failure_code,
        "failure_message": topup.failure_message,
        "initiated_by": "user",
        "livemode": world.livemode,
        "metadata": topup.metadata,
        "payment_method": None,
        "payment_method_options": None,
        "source": None,
        "statement_descriptor": topup.statement_descriptor,
        "status": topup.status,
        "transfer_group": topup.transfer_group,
    }
