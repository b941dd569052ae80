"""How does v1 show what Stripe offers and asks for in a country?

What is asked for is what a fresh account of that country owes: the same data, not a second list.

Source: Stripe's API reference, "Country Specs", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox.account import CUSTOM, Account
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.currencies import CURRENCIES
from aboard.sandbox.payout_places import EUROPE, bank_places
from aboard.sandbox.wanted import wanted

_MICROSTATES = ("GI", "IS", "MC", "SM")
_REGION = tuple(sorted({*EUROPE, *_MICROSTATES}))
"""Platforms and accounts in it may send each other money."""
_DOCUMENT, _SECOND = "verification.document", "verification.additional_document"
_TWO_DOCUMENTS = frozenset({"NZ", *_REGION})
_WITHOUT_PAPERS = frozenset({"CA", "US"})
"""Where no document about the organization itself is asked for."""


def render(code: str) -> dict[str, Any]:
    """Return what holds in a country."""
    country = COUNTRIES[code]
    others = (currency for currency in CURRENCIES if currency != country.currency)
    return {
        "id": code,
        "object": "country_spec",
        "default_currency": country.currency,
        "supported_bank_account_currencies": {
            currency: list(places) for currency, places in bank_places(code).items()
        },
        "supported_payment_currencies": [country.currency, *others],
        "supported_payment_methods": ["card", "stripe"],
        "supported_transfer_countries": list(_REGION if code in _REGION else (code,)),
        "verification_fields": {
            business_type: _fields(code, business_type)
            for business_type in ("company", "individual")
        },
    }


def _fields(code: str, business_type: str) -> dict[str, list[str]]:
    fresh = Account(
        id="",
        created=0,
        country=code,
        currency=COUNTRIES[code].currency,
        controller=CUSTOM,
        business_type=business_type,
        requested={"card_payments": 0, "transfers": 0},
    )
    now, later = wanted(fresh)
    subject = "individual" if business_type == "individual" else "representative"
    documents = {f"{subject}.{_DOCUMENT}"}
    if code in _TWO_DOCUMENTS:
        documents.add(f"{subject}.{_SECOND}")
    if business_type == "company" and code not in _WITHOUT_PAPERS:
        documents.add(f"company.{_DOCUMENT}")
    additional = {*later, *documents} - set(now)
    return {"additional": sorted(additional), "minimum": list(now)}
