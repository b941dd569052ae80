"""Is there a proper question for everything that can be owed, everywhere, by everybody?"""

from collections.abc import Iterator

import pytest

from aboard.sandbox import requirements
from aboard.sandbox.account import CUSTOM, EXPRESS, STANDARD, Account, Controller, Person
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.hosted.fields import find_field
from aboard.sandbox.hosted.steps import describe, step_of

TYPES = (None, "individual", "company", "non_profit", "government_entity")
MIX = Controller("account", "stripe", "stripe", "none")
CONTROLLERS = {"standard": STANDARD, "express": EXPRESS, "custom": CUSTOM, "none": MIX}
ROLES = ("representative", "owner", "director", "executive")
NOW = 1_795_251_600


def _accounts(country: str) -> Iterator[Account]:
    """Make every kind of account of a country, with nobody in it and with one of each role."""
    for controller in CONTROLLERS.values():
        for business_type in TYPES:
            for roles in ((), ("representative",), ROLES):
                people = [
                    Person(f"person_{role}", NOW, {f"relationship.{role}": True}) for role in roles
                ]
                yield Account(
                    id="acct_1",
                    created=NOW,
                    country=country,
                    currency=COUNTRIES[country].currency,
                    controller=controller,
                    business_type=business_type,
                    people=people,
                    requested={"card_payments": NOW, "transfers": NOW},
                )


def _owed(account: Account) -> set[str]:
    debts = requirements.owed(account, NOW)
    found = {*requirements.all_fields(account), *debts.currently_due, *debts.eventually_due}
    for _, alternative in debts.alternatives:
        found.add(alternative)
    return found


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_every_debt_has_a_question(country: str) -> None:
    for account in _accounts(country):
        for key in _owed(account):
            field = find_field(key, country, account.business_type)
            assert field is not None, (key, country, account.business_type)
            assert field.label, key
            assert field.choices or field.kind not in {"select", "radio", "document"}, key
            assert step_of(key, "person_representative") != "more", key


@pytest.mark.parametrize("business_type", TYPES[1:])
def test_every_page_has_a_title(business_type: str) -> None:
    account = next(a for a in _accounts("US") if a.business_type == business_type)
    titles = {slug: describe(slug, account).title for slug in ("company", "person", "people")}
    assert all(titles.values())


@pytest.mark.parametrize(
    ("path", "country", "label"),
    [
        ("individual.address.postal_code", "US", "ZIP code"),
        ("individual.address.postal_code", "GB", "Postcode"),
        ("individual.address.postal_code", "IT", "Postal code (CAP)"),
        ("individual.address.state", "CA", "Province or territory"),
        ("company.address_kanji.state", "JP", "Prefecture (kanji)"),
        ("company.tax_id", "US", "Employer Identification Number (EIN)"),
        ("company.tax_id", "NL", "Chamber of Commerce number (KvK)"),
        ("company.tax_id", "FR", "SIREN number"),
        ("company.tax_id", "AU", "Australian Business Number (ABN)"),
        ("person_1.id_number", "ES", "Identity number (DNI, NIF or NIE)"),
        ("individual.id_number", "PT", "Tax number (NIF)"),
    ],
)
def test_words_of_the_country(path: str, country: str, label: str) -> None:
    field = find_field(path, country)
    assert field is not None
    assert field.label == label


def test_strangers_are_not_filled_in_from_ones_own_card() -> None:
    company = find_field("company.address.postal_code", "DE")
    person = find_field("person_1.address.postal_code", "DE")
    assert company is not None
    assert person is not None
    assert company.autocomplete == "section-company postal-code"
    assert person.autocomplete == "postal-code"


@pytest.mark.parametrize("product", ["treasury", "card_issuing"])
def test_terms_of_products_stand_beside_stripes_own(product: str) -> None:
    for part in ("date", "ip"):
        path = f"settings.{product}.tos_acceptance.{part}"
        assert step_of(path) == step_of(f"tos_acceptance.{part}") == "review"
        assert find_field(path) is not None
