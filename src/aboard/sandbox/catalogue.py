"""What does Stripe ask for, in which country, of whom? `wanted` applies it to an account.

The lists stand in `catalogue_countries`; here is what they mean for a business type, for a legal
form and for each capability.

Source: Stripe's country specifications and required verification information, API version
2026-10-28; what differs from Stripe is listed in LIMITS.md.
"""

from typing import NamedTuple

from aboard.sandbox.catalogue_countries import (
    CURRENCIES,
    DELAY_DAYS,
    EUROPE,
    RULES,
    Keys,
    Rules,
)

__all__ = ["COUNTRIES", "Country", "Keys", "Rules"]

TERMS = ("tos_acceptance.date", "tos_acceptance.ip")
DESCRIPTOR = "settings.payments.statement_descriptor"
MCC = "business_profile.mcc"
URL = "business_profile.url"
PRODUCT = "business_profile.product_description"

ALTERNATIVES = {URL: PRODUCT}
"""Giving the second settles the first."""

ROLES = {"owner": "owners", "director": "directors", "executive": "executives"}
"""Which keys stand for people in a role before there are any."""

_PUBLIC = frozenset(
    ["public_company", "public_corporation", "public_partnership", "unincorporated_association"]
)
_PARTNERSHIPS = frozenset(
    [
        "incorporated_partnership",
        "limited_liability_partnership",
        "private_partnership",
        "public_partnership",
        "unincorporated_partnership",
    ]
)
_SOLE = frozenset(["sole_establishment", "sole_proprietorship"])

WITHOUT_CARDS = frozenset(
    [
        "transfers",
        "treasury",
        "card_issuing",
        "tax_reporting_us_1099_k",
        "tax_reporting_us_1099_misc",
    ]
)
"""Capabilities that take no payments: alone they need no statement descriptor and no industry."""

_TAX_FORM: dict[str, Keys] = {
    "individual": ("individual.id_number",),
    "organization": ("company.tax_id",),
}
_EXPORT = ("company.export_license_id", "company.export_purpose_code")
_EXTRAS: dict[str, dict[str, Keys]] = {
    "card_issuing": dict.fromkeys(
        ("individual", "organization"),
        ("settings.card_issuing.tos_acceptance.date", "settings.card_issuing.tos_acceptance.ip"),
    ),
    "india_international_payments": {"organization": _EXPORT},
    "tax_reporting_us_1099_k": _TAX_FORM,
    "tax_reporting_us_1099_misc": _TAX_FORM,
    "treasury": dict.fromkeys(
        ("individual", "organization"),
        ("settings.treasury.tos_acceptance.date", "settings.treasury.tos_acceptance.ip"),
    ),
}


class Country(NamedTuple):
    """What differs from country to country, beside what is asked."""

    currency: str
    delay_days: int
    rules: Rules


COUNTRIES: dict[str, Country] = {
    code: Country(currency, DELAY_DAYS.get(code, 7), RULES.get(code, EUROPE))
    for currency, codes in CURRENCIES.items()
    for code in codes.split()
}


def roles_of(rules: Rules, business_type: str | None, structure: str | None) -> Keys:
    """Return the roles whose people an organization must name, in their keys' order."""
    if business_type not in {"company", "non_profit"} or structure in _SOLE:
        return ()
    found = [role for role in ("director", "executive", "owner") if keys_of(rules, role)]
    if business_type == "non_profit" or structure in _PUBLIC:
        found = [role for role in found if role != "owner"]
    if rules.share_of_partners and structure in _PARTNERSHIPS:
        found = [role for role in found if role != "director"]
    return tuple(found)


def keys_of(rules: Rules, role: str, structure: str | None = None) -> Keys:
    """Return what each person in a role owes."""
    if role == "director":
        return rules.director
    if role == "executive":
        return rules.executive
    if rules.share_of_partners and structure in _PARTNERSHIPS:
        return (*rules.owner, "relationship.percent_ownership")
    return rules.owner


def company_keys(rules: Rules, structure: str | None) -> Keys:
    """Return what an organization owes about itself."""
    if structure in _SOLE:
        return tuple(key for key in rules.company if key != "tax_id")
    return rules.company


def extras_of(capability: str, business_type: str | None) -> Keys:
    """Return what one capability asks for beyond what every account owes."""
    if business_type is None:
        return ()
    who = "individual" if business_type == "individual" else "organization"
    return _EXTRAS.get(capability, {}).get(who, ())


def has_extras(capability: str) -> bool:
    """Say whether a capability ever asks for more."""
    return capability in _EXTRAS
