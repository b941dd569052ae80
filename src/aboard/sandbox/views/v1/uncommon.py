"""What is shown only where it was given? Facts that most accounts never have.

Source: Stripe's API reference, "Accounts" and "Persons", API version 2026-10-28.
"""

from collections.abc import Mapping
from typing import Any

from aboard.sandbox.account import Value

ACCOUNT = (
    "business_profile.specified_commercial_transactions_act_url",
    "company.address_kan",
    "company.administrative_address.",
    "company.directorship_declaration.",
    "company.export_",
    "company.name_kan",
    "company.ownership_",
    "company.physical_address.",
    "company.principal_place_of_business.",
    "company.registration_date.",
    "company.representative_declaration.",
    "company.tax_id_registrar",
    "settings.card_issuing.",
    "settings.card_payments.statement_descriptor_prefix_",
    "settings.invoices.default_account_tax_ids",
    "settings.payments.statement_descriptor_",
    "settings.payouts.schedule.",
    "settings.paypay_payments.",
    "settings.sepa_debit_payments.",
    "settings.treasury.",
)
PERSON = (
    "first_name_kan",
    "full_name_aliases",
    "gender",
    "last_name_kan",
    "maiden_name",
    "nationality",
    "political_exposure",
)


def add(shown: dict[str, Any], given: Mapping[str, Value], paths: tuple[str, ...]) -> None:
    """Add those of the given facts whose path begins with one of `paths`.

    A fact whose first part is not shown at all (a locked `company`) stays hidden.
    """
    for path, value in given.items():
        if not path.startswith(paths):
            continue
        *folders, name = path.split(".")
        place = shown
        if folders and folders[0] in {"company", "settings", "business_profile"}:
            found = shown.get(folders[0])
            if found is None:
                continue
        for folder in folders:
            inner = place.get(folder)
            if not isinstance(inner, dict):
                inner = place[folder] = {}
            place = inner
        place[name] = value
