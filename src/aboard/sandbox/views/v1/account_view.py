"""How does v1 show an account? One view of its facts, for the platform or for itself.

Source: Stripe's API reference, "Accounts", API version 2026-10-28.
"""

from collections.abc import Mapping
from typing import Any

from aboard.sandbox import capabilities, requirements
from aboard.sandbox.account import CUSTOM, EXPRESS, STANDARD, Account, Controller, Value
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.requirements import Owed
from aboard.sandbox.views.v1 import (
    external_account_view,
    person_view,
    requirement_view,
    settings_view,
    uncommon,
)

_MOST_SHOWN = 10
_TYPES = {STANDARD: "standard", EXPRESS: "express", CUSTOM: "custom"}


def legacy_type(controller: Controller) -> str:
    """Return the `type` that a controller's four properties amount to."""
    return _TYPES.get(controller, "none")


def _controller(account: Account, *, is_own: bool) -> dict[str, Any]:
    if account.is_platform or account.oauth_scope is not None:
        return {"type": "account"}
    if is_own:
        return {"type": "application"}
    controller = account.controller
    return {
        "fees": {"payer": controller.fees_payer},
        "is_controller": True,
        "losses": {"payments": controller.losses},
        "requirement_collection": controller.requirement_collection,
        "stripe_dashboard": {"type": controller.dashboard},
        "type": "application",
    }


def _company(account: Account, debts: Owed) -> dict[str, Any]:
    given = account.given
    path = "company.verification.document"
    return {
        "address": person_view.address(given, "company.address"),
        "directors_provided": given.get("company.directors_provided", False),
        "executives_provided": given.get("company.executives_provided", False),
        "name": given.get("company.name"),
        "owners_provided": given.get("company.owners_provided", False),
        "phone": given.get("company.phone"),
        "structure": given.get("company.structure"),
        "tax_id_provided": "company.tax_id" in given,
        "vat_id_provided": "company.vat_id" in given,
        "verification": {"document": person_view.document(given, path, debts.errors)},
    }


def _hash(
    given: Mapping[str, Value], path: str, parts: tuple[str, ...]
) -> dict[str, Value | None] | None:
    """Return a hash of parts, or nothing when none was given."""
    found = {part: given.get(f"{path}.{part}") for part in parts}
    return found if any(value is not None for value in found.values()) else None


def _business_profile(account: Account) -> dict[str, Any]:
    given = account.given
    return {
        "annual_revenue": _hash(
            given, "business_profile.annual_revenue", ("amount", "currency", "fiscal_year_end")
        ),
        "estimated_worker_count": given.get("business_profile.estimated_worker_count"),
        "mcc": given.get("business_profile.mcc"),
        "minority_owned_business_designation": given.get(
            "business_profile.minority_owned_business_designation"
        ),
        "monthly_estimated_revenue": _hash(
            given, "business_profile.monthly_estimated_revenue", ("amount", "currency")
        ),
        "name": given.get("business_profile.name"),
        "product_description": given.get("business_profile.product_description"),
        "support_address": _hash(given, "business_profile.support_address", person_view.ADDRESS),
        "support_email": given.get("business_profile.support_email"),
        "support_phone": given.get("business_profile.support_phone"),
        "support_url": given.get("business_profile.support_url"),
        "url": given.get("business_profile.url"),
    }


def _terms(account: Account) -> dict[str, Any]:
    given = account.given
    terms = {
        "date": given.get("tos_acceptance.date"),
        "ip": given.get("tos_acceptance.ip"),
        "user_agent": given.get("tos_acceptance.user_agent"),
    }
    service = given.get("tos_acceptance.service_agreement")
    return terms if service is None else {**terms, "service_agreement": service}


def _list(url: str, data: list[Any], count: int = 0) -> dict[str, Any]:
    return {
        "object": "list",
        "data": data,
        "has_more": count > len(data),
        "total_count": count,
        "url": url,
    }


def is_locked(account: Account) -> bool:
    """Say whether identity data are out of the platform's reach: Stripe collects, and began to.

    Of accounts that were connected by OAuth they are from the start.
    """
    has_begun = account.first_link_at is not None or account.oauth_scope is not None
    return account.controller.is_stripe_collecting and has_begun


def render(account: Account, now: int, *, is_own: bool = False) -> dict[str, Any]:
    """Return the account as of `now` (unix seconds); `is_own`: as the account sees itself."""
    debts = requirements.owed(account, now)
    charges, payouts = capabilities.switches(account, debts)
    url = f"/v1/accounts/{account.id}"
    shown: dict[str, Any] = {
        "id": account.id,
        "object": "account",
        "business_profile": _business_profile(account),
        "business_type": account.business_type,
        "capabilities": capabilities.statuses(account, debts),
        "charges_enabled": charges,
        "controller": _controller(account, is_own=is_own),
        "country": account.country,
        "created": account.created,
        "default_currency": account.currency,
        "details_submitted": account.details_submitted,
        "email": account.email,
        "future_requirements": requirement_view.render_future(debts),
        "groups": {"payments_pricing": account.given.get("groups.payments_pricing")},
        "metadata": account.metadata,
        "payouts_enabled": payouts,
        "requirements": requirement_view.render(debts),
        "settings": settings_view.render(account, COUNTRIES[account.country].delay_days),
        "tos_acceptance": _terms(account),
        "type": legacy_type(account.controller),
    }
    if not (account.is_platform or is_own or account.oauth_scope is not None):
        payable = account.external_accounts
        newest = payable[: -_MOST_SHOWN - 1 : -1]
        shown["external_accounts"] = _list(
            f"{url}/external_accounts",
            [external_account_view.render(account, each) for each in newest],
            len(payable),
        )
    if account.controller.dashboard == "express":
        shown["login_links"] = _list(f"{url}/login_links", [])
    person = account.representative
    if not is_locked(account):
        shown["company"] = _company(account, debts)
        if person is not None and not account.is_company:
            shown["individual"] = person_view.render(account, person, now)
    elif person is not None and account.is_individual:
        shown["individual"] = person_view.render_part(account, person, now)
    uncommon.add(shown, account.given, uncommon.ACCOUNT)
    settings_view.hide_other_days(shown["settings"])
    return shown
