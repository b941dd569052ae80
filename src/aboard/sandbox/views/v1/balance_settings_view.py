"""How does v1 show how a balance is settled?

Source: Stripe's API reference, "Balance Settings", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox import capabilities, requirements
from aboard.sandbox.account import Account
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.settling import Rule, Settling


def render(account: Account, settling: Settling, now: int) -> dict[str, Any]:
    """Return the settings as of `now` (unix seconds)."""
    path = "settings.payouts"
    delay = settling.delay_days or account.given.get(f"{path}.schedule.delay_days")
    timing: dict[str, Any] = {
        "delay_days": delay or COUNTRIES[account.country].delay_days,
        "start_of_day": _start(settling),
    }
    if settling.delay_days is not None:
        timing["delay_days_override"] = settling.delay_days
    debits = account.given.get(f"{path}.debit_negative_balances", True)
    return {
        "object": "balance_settings",
        "payments": {
            "debit_negative_balances": debits,
            "payouts": {
                "automatic_transfer_rules_by_currency": {
                    currency: [_rule(rule) for rule in rules]
                    for currency, rules in settling.rules.items()
                },
                "minimum_balance_by_currency": settling.minimum_balances,
                "schedule": _schedule(account, settling),
                "statement_descriptor": account.given.get(f"{path}.statement_descriptor"),
                "status": "enabled" if _is_paid_out(account, now) else "disabled",
            },
            "settlement_timing": timing,
        },
    }


def _is_paid_out(account: Account, now: int) -> bool:
    return capabilities.switches(account, requirements.owed(account, now))[1]


def _schedule(account: Account, settling: Settling) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "interval": account.given.get("settings.payouts.schedule.interval", "daily")
    }
    if settling.monthly_days:
        shown["monthly_payout_days"] = settling.monthly_days
    if settling.weekly_days:
        shown["weekly_payout_days"] = settling.weekly_days
    return shown


def _start(settling: Settling) -> dict[str, Any] | None:
    if settling.day_starts is None:
        return None
    hour, minutes, zone = settling.day_starts
    return {"hour": hour, "minutes": minutes, "timezone": zone}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "payout_method": rule.payout_method,
        "transfer_up_to_amount": rule.up_to,
        "type": rule.kind,
    }
