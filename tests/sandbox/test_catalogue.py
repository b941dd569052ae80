"""Does each country ask for what Stripe asks for there, of everybody concerned?"""

import json
from pathlib import Path
from typing import Any

import pytest
import stripe

from aboard.sandbox.account import CUSTOM as CUSTOM_CONTROLLER
from aboard.sandbox.account import Account
from aboard.sandbox.capabilities import NAMES
from aboard.sandbox.catalogue import COUNTRIES, extras_of
from aboard.sandbox.fields import FieldError, is_known, read_answer
from aboard.sandbox.samples import find_sample
from aboard.sandbox.wanted import GROUPS, wanted
from tests.sandbox.conftest import CUSTOM, EXPRESS, PERSON, free
from tests.sandbox.test_requirements import FRESH_AU, FRESH_DE, FRESH_US, owed

KINDS = ("individual", "company", "non_profit", "government_entity")
SCRIPTS = [
    f"representative.address_{script}.{part}"
    for script in ("kana", "kanji")
    for part in ("city", "line1", "postal_code", "state", "town")
]
FRESH_JP = sorted(
    [
        "business_profile.mcc",
        "business_profile.product_description",
        "business_profile.url",
        "business_type",
        "external_account",
        *SCRIPTS,
        "representative.dob.day",
        "representative.dob.month",
        "representative.dob.year",
        "representative.email",
        "representative.first_name_kana",
        "representative.first_name_kanji",
        "representative.last_name_kana",
        "representative.last_name_kanji",
        "representative.phone",
        "tos_acceptance.date",
        "tos_acceptance.ip",
    ]
)
IN_US_ONLY = [
    {
        "alternative_fields_due": ["business_profile.product_description"],
        "original_fields_due": ["business_profile.url"],
    }
]


@pytest.mark.parametrize(
    ("country", "expected", "alternatives"),
    [
        ("US", FRESH_US, IN_US_ONLY),
        ("DE", FRESH_DE, []),
        ("GB", FRESH_DE, []),
        ("FR", FRESH_DE, []),
        ("AU", FRESH_AU, []),
        ("CA", FRESH_AU, []),
        ("JP", FRESH_JP, []),
    ],
)
async def test_a_fresh_express_account(
    sdk: stripe.StripeClient, country: str, expected: list[str], alternatives: list[Any]
) -> None:
    made = await sdk.v1.accounts.create_async(free({**EXPRESS, "country": country}))
    debts = owed(made)
    assert debts["currently_due"] == debts["eventually_due"] == debts["past_due"] == expected
    assert debts["alternatives"] == alternatives
    assert debts["disabled_reason"] == "requirements.past_due"


PLACE = ("address.city", "address.line1", "address.postal_code")
DOB = ("dob.day", "dob.month", "dob.year")
NAMES_OF = ("email", "first_name", "last_name")


def of(subject: str, *keys: str) -> set[str]:
    return {f"{subject}.{key}" for key in keys}


COMPANY_DE = (
    {
        "business_profile.mcc",
        "business_profile.url",
        "external_account",
        "tos_acceptance.date",
        "tos_acceptance.ip",
    }
    | of("company", *PLACE, "name", "phone", "tax_id")
    | of("company", "directors_provided", "executives_provided", "owners_provided")
    | of("directors", *DOB, *NAMES_OF, "relationship.title")
    | of("executives", *PLACE, *DOB, *NAMES_OF)
    | of("owners", *PLACE, *DOB, *NAMES_OF)
    | of("representative", *PLACE, *DOB, *NAMES_OF, "phone")
    | of("representative", "relationship.executive", "relationship.title")
)
COMPANY_US = (
    {
        "business_profile.mcc",
        "business_profile.url",
        "external_account",
        "settings.payments.statement_descriptor",
        "tos_acceptance.date",
        "tos_acceptance.ip",
    }
    | of("company", *PLACE, "address.state", "name", "owners_provided", "phone", "tax_id")
    | of("owners", *PLACE, "address.state", *DOB, *NAMES_OF, "phone")
    | of("representative", *PLACE, "address.state", *DOB, *NAMES_OF, "phone")
    | of("representative", "relationship.title", "ssn_last_4")
)


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        *((country, COMPANY_DE) for country in ("DE", "GB", "FR", "PT", "ES", "IT", "NL", "AT")),
        ("US", COMPANY_US),
    ],
)
async def test_a_company_before_there_are_people(
    sdk: stripe.StripeClient, country: str, expected: set[str]
) -> None:
    made = await sdk.v1.accounts.create_async(
        free({**CUSTOM, "country": country, "business_type": "company"})
    )
    assert set(owed(made)["currently_due"]) == expected


@pytest.mark.parametrize(
    ("country", "structure", "without", "beyond"),
    [
        ("US", "public_corporation", "owners", set()),
        ("US", "unincorporated_association", "owners", set()),
        ("US", "sole_proprietorship", "owners", set()),
        ("GB", "public_company", "owners", set()),
        ("CA", "private_partnership", "directors", {"owners.relationship.percent_ownership"}),
        ("US", "private_corporation", None, {"owners.first_name"}),
    ],
)
async def test_the_legal_form_decides_who_is_named(
    sdk: stripe.StripeClient, country: str, structure: str, without: str | None, beyond: set[str]
) -> None:
    made = await sdk.v1.accounts.create_async(
        free(
            {
                **CUSTOM,
                "country": country,
                "business_type": "company",
                "company": {"structure": structure},
            }
        )
    )
    due = set(owed(made)["currently_due"])
    assert beyond <= due
    if without is not None:
        assert f"company.{without}_provided" not in due
        assert not any(key.startswith(f"{without}.") for key in due)
    assert ("company.tax_id" in due) is (structure != "sole_proprietorship")


@pytest.mark.parametrize(
    ("country", "key"),
    [
        ("AU", "company.registration_number"),
        ("AU", "owners.relationship.percent_ownership"),
        ("CA", "company.address.state"),
        ("IE", "company.address.state"),
        ("JP", "company.name_kanji"),
        ("JP", "directors.first_name_kana"),
    ],
)
async def test_what_one_country_wants_and_its_neighbours_do_not(
    sdk: stripe.StripeClient, country: str, key: str
) -> None:
    due = {}
    for where in (country, "DE"):
        made = await sdk.v1.accounts.create_async(
            free({**CUSTOM, "country": where, "business_type": "company"})
        )
        due[where] = owed(made)["currently_due"]
    assert key in due[country]
    assert key not in due["DE"]


async def test_public_bodies_name_nobody_but_who_speaks_for_them(
    sdk: stripe.StripeClient,
) -> None:
    made = await sdk.v1.accounts.create_async(
        free({**CUSTOM, "country": "DE", "business_type": "government_entity"})
    )
    due = owed(made)["currently_due"]
    assert "company.tax_id" in due
    assert not any(key.partition(".")[0] in GROUPS or key.endswith("_provided") for key in due)


@pytest.mark.parametrize(
    ("params", "absent"),
    [
        (
            {"capabilities": {"transfers": {"requested": True}}},
            {"business_profile.mcc", "settings.payments.statement_descriptor"},
        ),
        (
            {
                "capabilities": {"transfers": {"requested": True}},
                "tos_acceptance": {"service_agreement": "recipient"},
            },
            {"business_profile.mcc", "business_profile.url"},
        ),
    ],
)
async def test_those_who_only_receive_owe_less(
    sdk: stripe.StripeClient, params: dict[str, Any], absent: set[str]
) -> None:
    made = await sdk.v1.accounts.create_async(free({**CUSTOM, **params}))
    assert not absent & set(owed(made)["currently_due"])
    assert absent & set(FRESH_US) == absent


async def test_a_tax_form_wants_the_whole_number(sdk: stripe.StripeClient) -> None:
    capabilities = {**CUSTOM["capabilities"], "tax_reporting_us_1099_k": {"requested": True}}
    person = {**PERSON}
    made = await sdk.v1.accounts.create_async(
        free(
            {
                **CUSTOM,
                "capabilities": capabilities,
                "business_type": "individual",
                "individual": person,
            }
        )
    )
    assert "individual.id_number" in owed(made)["currently_due"]
    plain = await sdk.v1.accounts.create_async(
        free({**CUSTOM, "business_type": "individual", "individual": person})
    )
    assert "individual.id_number" not in owed(plain)["currently_due"]
    assert "individual.id_number" in owed(plain)["eventually_due"]


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_everything_owed_can_be_answered_with_test_data(country: str) -> None:
    for kind in (None, *KINDS):
        account = Account("acct_1", 0, country, "usd", CUSTOM_CONTROLLER, business_type=kind)
        keys = {key for some in wanted(account) for key in some}
        keys |= {key for name in NAMES for key in extras_of(name, kind)}
        for key in keys:
            if key == "external_account" or key.startswith("tos_acceptance."):
                continue
            path = f"{key}.front" if key.endswith("document") else key
            subject, _, tail = path.partition(".")
            if subject in GROUPS:
                path = f"person_1.{tail}"
            text = find_sample(key, country=country)
            assert text is not None, key
            assert is_known(path), path
            assert not isinstance(read_answer(account, path, text), FieldError), (path, text)


SPECIFICATIONS = Path(__file__).parents[2].parent / "shared/oracle/country-specs-api-2022-03.json"
SPECIFIED = "AT AU BE BG CY CZ DE DK EE ES FI FR GB GR HU IE IT JP LT LU NL PL PT SE US"
PAPERS = ("verification.document", "verification.additional_document")
DIFFERENT = {
    "US": {"owners.id_number", "owners.ssn_last_4", "representative.relationship.executive"},
}
"""What the specifications of 2022 asked for that later ones do not."""


def specified(country: str, kind: str) -> set[str]:
    """Return what a country's specification says that everybody must give."""
    found = json.loads(SPECIFICATIONS.read_text(encoding="utf-8"))["data"]
    fields = next(spec for spec in found if spec["id"] == country)["verification_fields"]
    return set(fields[kind]["minimum"]) - DIFFERENT.get(country, set())


@pytest.mark.skipif(not SPECIFICATIONS.exists(), reason="no country specifications to hold it to")
@pytest.mark.parametrize("kind", ["individual", "company"])
@pytest.mark.parametrize("country", SPECIFIED.split())
def test_country_specifications_ask_for_the_same(country: str, kind: str) -> None:
    account = Account("acct_1", 0, country, "usd", CUSTOM_CONTROLLER, business_type=kind)
    account.requested = {"card_payments": 0, "transfers": 0}
    now, later = wanted(account)
    ours = {*now, *later, "business_type"} - {"settings.payments.statement_descriptor"}
    assert ours == {key for key in specified(country, kind) if not key.endswith(PAPERS)}
