"""Which accounts can there be, and who may write what? Stripe's rules, and its words for each.

Source: Stripe's connect documentation, "Controller properties"; API version 2026-10-28.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aboard.sandbox import capabilities, requirements
from aboard.sandbox.account import CUSTOM, EXPRESS, STANDARD, Account, Controller
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.views.v1.account_view import is_locked
from aboard.sandbox.wire.errors import StripeError, bad, missing, shown

_BY_TYPE = {"standard": STANDARD, "express": EXPRESS, "custom": CUSTOM}
LOCKED = (
    "account_token",
    "business_type",
    "company",
    "documents",
    "external_account",
    "individual",
)
PERMANENT = frozenset(
    {
        "card_issuing",
        "card_payments",
        "legacy_payments",
        "tax_reporting_us_1099_k",
        "tax_reporting_us_1099_misc",
        "transfers",
        "treasury",
    }
)
"""Capabilities that cannot be taken back once they have become active."""
_COUNTRY = re.compile(r"[A-Z]{2}")
_TERMS = ("date", "ip", "user_agent")


def read_controller(params: Mapping[str, Any]) -> Controller:
    """Return the controller that `type` or `controller` asks for.

    Raises:
        StripeError: both are given, or the mix is one that Stripe refuses.
    """
    kind, given = params.get("type"), params.get("controller")
    if kind is not None and given is not None:
        raise bad(
            "You may only provide one of `type` or `controller`.", "type", "parameters_exclusive"
        )
    if kind is not None:
        return _BY_TYPE[kind]
    given = given or {}
    controller = Controller(
        fees_payer=given.get("fees", {}).get("payer") or "account",
        losses=given.get("losses", {}).get("payments") or "stripe",
        requirement_collection=given.get("requirement_collection") or "stripe",
        dashboard=given.get("stripe_dashboard", {}).get("type") or "full",
    )
    reason = _refusal(controller)
    if reason is not None:
        raise bad(
            f"This combination of controller properties is not supported: {reason}.", "controller"
        )
    return controller


def _refusal(controller: Controller) -> str | None:
    """Return why Stripe does not make accounts with this mix, or nothing."""
    pays, loses = controller.fees_payer, controller.losses
    collects, dashboard = controller.requirement_collection, controller.dashboard
    if collects == "application" and (
        loses == "stripe" or pays == "account" or dashboard != "none"
    ):
        return (
            "`requirement_collection` can be `application` only with `losses.payments` and "
            "`fees.payer` at the application and `stripe_dashboard.type` `none`"
        )
    if dashboard == "express" and (loses == "stripe" or pays == "account"):
        return (
            "`stripe_dashboard.type` `express` needs `losses.payments` and `fees.payer` at the "
            "application"
        )
    if dashboard == "full" and (loses == "application" or pays == "application"):
        return (
            "`stripe_dashboard.type` `full` needs `losses.payments` at Stripe and `fees.payer` at "
            "the account"
        )
    if dashboard == "none" and collects == "stripe" and loses == "application":
        return (
            "`stripe_dashboard.type` `none` with `losses.payments` at the application needs "
            "`requirement_collection` `application`"
        )
    return None


def read_country(params: Mapping[str, Any], default: str) -> str:
    """Return the country of a new account.

    Raises:
        StripeError: there is no such country, or Stripe is not there.
    """
    country = params.get("country")
    if country is None:
        return default
    if not _COUNTRY.fullmatch(str(country)):
        raise bad(
            f"Country '{shown(country)}' is unknown. Try using a 2-character alphanumeric country "
            "code instead, such as 'US', 'EG', or 'GB'. A full list of country codes is available "
            "at https://stripe.com/global.",
            "country",
            "country_unsupported",
        )
    if country not in COUNTRIES:
        raise bad(
            f"{country} is not currently supported by Stripe.", "country", "country_unsupported"
        )
    return str(country)


def check_create(controller: Controller, params: Mapping[str, Any]) -> None:
    """Refuse what may not be said of a new account with this controller.

    Raises:
        StripeError: capabilities or terms are not the platform's to give, or are missing.
    """
    wanted = params.get("capabilities") or {}
    if controller.dashboard == "full" and wanted:
        raise bad(
            "You cannot request capabilities for accounts that have access to the full Stripe "
            "Dashboard: they get theirs by their country.",
            "capabilities",
        )
    if controller.dashboard == "none" and not any(
        (choice or {}).get("requested") for choice in wanted.values()
    ):
        raise missing("capabilities")
    check_terms(controller, params)


def check_update(account: Account, params: Mapping[str, Any], now: int) -> None:
    """Refuse what may not be changed any more, or not by this platform.

    Raises:
        StripeError: a parameter is locked (403) or not the platform's to give.
    """
    wanted = params.get("capabilities") or {}
    if account.controller.dashboard == "full" and wanted:
        raise no_permission(account, ["capabilities"])
    locked = [name for name in LOCKED if name in params] if is_locked(account) else []
    if locked:
        raise no_permission(account, locked)
    for name, choice in wanted.items():
        if (choice or {}).get("requested") is False:
            check_taking_back(account, name, f"capabilities[{name}][requested]", now)


def check_taking_back(account: Account, name: str, param: str, now: int) -> None:
    """Refuse to take back a capability that is permanent and active.

    Raises:
        StripeError: it is.
    """
    if name not in PERMANENT or name not in account.requested:
        return
    statuses = capabilities.statuses(account, requirements.owed(account, now))
    if statuses.get(name) == "active":
        raise bad(
            f"The `{name}` capability is permanent once it is active: it cannot be unrequested.",
            param,
        )


def check_terms(controller: Controller, params: Mapping[str, Any]) -> None:
    """Refuse terms that only the account's holder can accept.

    Raises:
        StripeError: Stripe collects, and asks the holder itself.
    """
    terms = params.get("tos_acceptance") or {}
    if controller.is_stripe_collecting and any(name in terms for name in _TERMS):
        raise bad(
            "You cannot accept the Terms of Service on behalf of Standard and Express connected "
            "accounts.",
            "tos_acceptance",
        )


def no_permission(account: Account, names: list[str]) -> StripeError:
    """Return the refusal to write what is not this platform's to write."""
    quoted = ", ".join(f"'{name}'" for name in names)
    word = "parameter" if len(names) == 1 else "parameters"
    return StripeError(
        f"This application does not have the required permissions for the {word} {quoted} on "
        f"account '{account.id}'.",
        status=HTTPStatus.FORBIDDEN,
        is_early=True,
    )


def no_endpoint(account: Account) -> StripeError:
    """Return the refusal of an operation that names no parameter, such as deleting."""
    return StripeError(
        "This application does not have the required permissions for this endpoint on account "
        f"'{account.id}'.",
        status=HTTPStatus.FORBIDDEN,
        is_early=True,
    )
