"""How does v1 show an account's settings?

Source: Stripe's API reference, "Accounts", `settings`, API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.account import Account


def render(account: Account, delay_days: int) -> dict[str, Any]:
    """Return `settings`: what was given, and Stripe's defaults where nothing was."""

    def given(path: str, otherwise: object = None) -> object:
        return account.given.get(f"settings.{path}", otherwise)

    return {
        "bacs_debit_payments": {
            "display_name": given("bacs_debit_payments.display_name"),
            "service_user_number": None,
        },
        "branding": {
            part: given(f"branding.{part}")
            for part in ("icon", "logo", "primary_color", "secondary_color")
        },
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": {
            "decline_on": {
                "avs_failure": given("card_payments.decline_on.avs_failure", False),
                "cvc_failure": given("card_payments.decline_on.cvc_failure", False),
            },
            "statement_descriptor_prefix": given("card_payments.statement_descriptor_prefix"),
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {
            "display_name": account.given.get("business_profile.name"),
            "timezone": "Etc/UTC",
        },
        "invoices": {
            "default_account_tax_ids": None,
            "hosted_payment_method_save": given("invoices.hosted_payment_method_save"),
        },
        "payments": {
            "statement_descriptor": given("payments.statement_descriptor"),
            "statement_descriptor_kana": None,
            "statement_descriptor_kanji": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "payouts": {
            "debit_negative_balances": given("payouts.debit_negative_balances", True),
            "schedule": _schedule(account, delay_days),
            "statement_descriptor": given("payouts.statement_descriptor"),
        },
        "sepa_debit_payments": {},
    }


def _schedule(account: Account, delay_days: int) -> dict[str, object]:
    path = "settings.payouts.schedule"
    return {
        "delay_days": account.given.get(f"{path}.delay_days", delay_days),
        "interval": account.given.get(f"{path}.interval", "daily"),
    }


def hide_other_days(settings: dict[str, Any]) -> None:
    """Take out the days of another interval than the one in force, which Stripe does not show."""
    schedule = settings["payouts"]["schedule"]
    in_force = f"{schedule['interval']}_"
    for name in [name for name in schedule if name.startswith(("monthly_", "weekly_"))]:
        if not name.startswith(in_force):
            del schedule[name]
