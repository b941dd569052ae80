"""What does Stripe ask for, in which country, of whom? Data only; `requirements` applies it.

Keys are Stripe's requirement keys; those of people stand here without their prefix and are
written out as `individual.*`, `representative.*` or `person_<id>.*`.

Source: Stripe's country specifications and required verification information, API version
2026-10-28; what differs from Stripe is listed in LIMITS.md.
"""

from msgspec import Struct

DOB = ("dob.day", "dob.month", "dob.year")
_NAME = ("email", "first_name", "last_name")
_PLACE = ("address.city", "address.line1", "address.postal_code")
_STATE = ("address.state",)

BUSINESS = ("business_profile.mcc", "business_profile.url")
TERMS = ("tos_acceptance.date", "tos_acceptance.ip")
DESCRIPTOR = "settings.payments.statement_descriptor"
URL = "business_profile.url"
PRODUCT = "business_profile.product_description"

ALTERNATIVES = {URL: PRODUCT}
"""Giving the second settles the first."""


class Country(Struct, frozen=True):
    """What one country's accounts owe, by who they are."""

    currency: str
    delay_days: int
    has_descriptor: bool
    unknown: tuple[str, ...]
    """Of the representative, before the business type is known."""
    individual: tuple[str, ...]
    individual_later: tuple[str, ...]
    company: tuple[str, ...]
    representative: tuple[str, ...]
    representative_later: tuple[str, ...]


def _united_states() -> Country:
    person = (*_PLACE, *_STATE, *DOB, *_NAME, "phone", "ssn_last_4")
    return Country(
        currency="usd",
        delay_days=2,
        has_descriptor=True,
        unknown=(*DOB, *_NAME),
        individual=person,
        individual_later=("id_number",),
        company=(*_PLACE, *_STATE, "name", "owners_provided", "phone", "tax_id"),
        representative=(*person, "relationship.title"),
        representative_later=("id_number",),
    )


def _elsewhere(currency: str, *, delay_days: int = 7, has_state: bool = False) -> Country:
    place = (*_PLACE, *_STATE) if has_state else _PLACE
    person = (*place, *DOB, *_NAME, "phone")
    everyone = ("directors_provided", "executives_provided", "owners_provided")
    return Country(
        currency=currency,
        delay_days=delay_days,
        has_descriptor=False,
        unknown=person,
        individual=person,
        individual_later=(),
        company=(*place, *everyone, "name", "phone", "tax_id"),
        representative=(*person, "relationship.executive", "relationship.title"),
        representative_later=(),
    )


_CURRENCIES = {
    "eur": "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK",
    "gbp": "GB GI",
    "aed": "AE",
    "brl": "BR",
    "chf": "CH LI",
    "czk": "CZ",
    "dkk": "DK",
    "hkd": "HK",
    "huf": "HU",
    "inr": "IN",
    "jpy": "JP",
    "mxn": "MX",
    "myr": "MY",
    "nok": "NO",
    "nzd": "NZ",
    "pln": "PL",
    "ron": "RO",
    "sek": "SE",
    "sgd": "SG",
    "thb": "TH",
}

COUNTRIES: dict[str, Country] = {
    country: _elsewhere(currency)
    for currency, countries in _CURRENCIES.items()
    for country in countries.split()
} | {
    "US": _united_states(),
    "AU": _elsewhere("aud", delay_days=2, has_state=True),
    "CA": _elsewhere("cad", has_state=True),
}
