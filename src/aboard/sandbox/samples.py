"""What passes? A valid test answer to every question, by requirement path and country.

Stripe's published test values where there are any.

Source: Stripe's documentation, "Testing Connect", May 2026.
"""

from collections.abc import Callable
from dataclasses import dataclass

SMS_CODE = "000-000"
PHONE = "0000000000"
EMAIL = "jenny.rosen@example.com"

FULL_MATCH = "address_full_match"
DOCUMENT = "file_identity_document_success"
_LONG_AGO = "1735689600"

_PERSON = {
    "first_name": "Jenny",
    "last_name": "Rosen",
    "first_name_kana": "ジェニー",
    "last_name_kana": "ローゼン",
    "first_name_kanji": "珍仁",
    "last_name_kanji": "老善",
    "maiden_name": "Rosen",
    "full_name_aliases": "Jen Rosen",
    "gender": "female",
    "email": EMAIL,
    "phone": PHONE,
    "dob.day": "1",
    "dob.month": "1",
    "dob.year": "1901",
    "ssn_last_4": "0000",
    "id_number": "000000000",
    "id_number_secondary": "000000000",
    "political_exposure": "none",
    "relationship.title": "Owner",
    "relationship.percent_ownership": "100",
    "verification.document": DOCUMENT,
    "verification.additional_document": DOCUMENT,
}
_COMPANY = {
    "name": "Rosen Books",
    "name_kana": "ローゼンショテン",
    "name_kanji": "老善書店",
    "phone": PHONE,
    "tax_id": "000000000",
    "tax_id_registrar": "Charlottenburg (Berlin)",
    "vat_id": "000000000",
    "registration_number": "000000000",
    "registration_date.day": "1",
    "registration_date.month": "1",
    "registration_date.year": "2001",
    "export_license_id": "0000000000",
    "export_purpose_code": "P0802",
    "ownership_exemption_reason": "qualifies_as_financial_institution",
    "verification.document": DOCUMENT,
}
_OTHER = {
    "business_type": "individual",
    "email": EMAIL,
    "phone": PHONE,
    "business_profile.estimated_worker_count": "3",
    "business_profile.mcc": "5734",
    "business_profile.name": "Rosen Books",
    "business_profile.url": "https://accessible.stripe.com",
    "business_profile.product_description": "Books and stationery, sold online.",
    "business_profile.support_email": EMAIL,
    "business_profile.support_phone": PHONE,
    "business_profile.support_url": "https://accessible.stripe.com",
    "settings.payments.statement_descriptor": "ROSEN BOOKS",
    "settings.payments.statement_descriptor_kana": "ローゼンショテン",
    "settings.payments.statement_descriptor_kanji": "老善書店",
    "settings.card_payments.statement_descriptor_prefix": "ROSEN",
    "settings.card_payments.statement_descriptor_prefix_kana": "ローゼン",
    "settings.card_payments.statement_descriptor_prefix_kanji": "老善",
}
_SIGNED = {"date": _LONG_AGO, "ip": "127.0.0.1", "user_agent": "Mozilla/5.0"}
_STRUCTURES = {"US": "private_corporation", "AE": "llc"}

# City, state and postal code that belong together.
_PLACES = {
    "US": ("San Francisco", "CA", "94111"),
    "CA": ("Toronto", "ON", "M5H 2N2"),
    "AU": ("Sydney", "NSW", "2000"),
    "GB": ("London", "London", "SW1A 1AA"),
    "DE": ("Berlin", "BE", "10115"),
    "FR": ("Paris", "Paris", "75001"),
    "PT": ("Lisboa", "Lisboa", "1100-148"),
    "ES": ("Madrid", "Madrid", "28013"),
    "IT": ("Roma", "RM", "00184"),
    "NL": ("Amsterdam", "NH", "1012 JS"),
    "IE": ("Dublin", "Dublin", "D02 X285"),
    "JP": ("Chiyoda", "Tokyo", "100-0001"),
    "AT": ("Wien", "Wien", "1010"),
    "BE": ("Bruxelles", "Bruxelles", "1000"),
    "CH": ("Bern", "BE", "3011"),
    "DK": ("København", "Hovedstaden", "1050"),
    "NO": ("Oslo", "Oslo", "0150"),
}
_ANY_PLACE = ("Springfield", "Central", "12345")
_ADDRESS_PARTS = ("city", "state", "postal_code")
_ADDRESSES = (
    "address",
    "administrative_address",
    "physical_address",
    "principal_place_of_business",
    "registered_address",
    "support_address",
)
_JAPANESE = {
    "kana": {"city": "チヨダク", "line1": "27-15", "state": "トウキョウト", "town": "チヨダ 1-"},
    "kanji": {"city": "千代田区", "line1": "27-15", "state": "東京都", "town": "千代田1丁目"},
}


@dataclass(frozen=True, slots=True)
class BankSample:
    """A bank account that Stripe's test mode takes; `routing_number` is empty for an IBAN."""

    routing_number: str
    account_number: str


_BANKS = {
    "US": BankSample("110000000", "000123456789"),
    "GB": BankSample("108800", "00012345"),
    "CA": BankSample("11000-000", "000123456789"),
    "AU": BankSample("110000", "000123456"),
    "JP": BankSample("1100000", "0001234"),
    "DE": BankSample("", "DE89370400440532013000"),
    "FR": BankSample("", "FR1420041010050500013M02606"),
    "PT": BankSample("", "PT50000201231234567890154"),
    "ES": BankSample("", "ES0700120345030000067890"),
    "IT": BankSample("", "IT40S0542811101000000123456"),
    "NL": BankSample("", "NL39RABO0300065264"),
    "IE": BankSample("", "IE29AIBK93115212345678"),
}
_ANY_BANK = BankSample("", "000123456789")


def bank_sample(country: str) -> BankSample:
    """Return a test bank account of a country; an imagined one where Stripe publishes none."""
    return _BANKS.get(country, _ANY_BANK)


def find_sample(path: str, *, country: str = "US") -> str | None:
    """Return a valid answer to a requirement, or nothing where none is known."""
    subject, dot, tail = path.partition(".")
    is_person = bool(dot) and (subject in _PEOPLE or subject.startswith("person_"))
    is_business = not is_person and subject != "company"
    folder, _, part = (path if is_business else tail).rpartition(".")
    place = folder.rpartition(".")[2]
    if place in _ADDRESSES:
        return _part_of_address(part, country)
    if place.startswith("address_"):
        return _part_of_japanese_address(place.removeprefix("address_"), part)
    if folder.endswith(("_acceptance", "_declaration")) and subject != "tos_acceptance":
        return _SIGNED.get(part)
    if path.endswith(".files"):
        return DOCUMENT
    return _OTHER.get(path) if is_business else _of_somebody(tail, country, is_person=is_person)


def _of_somebody(tail: str, country: str, *, is_person: bool) -> str | None:
    if tail.endswith("_provided") or tail in _ROLES:
        return "true"
    if tail in _NATIONAL:
        return _NATIONAL[tail](country)
    return (_PERSON if is_person else _COMPANY).get(tail)


def _part_of_address(part: str, country: str) -> str | None:
    if part in _ADDRESS_PARTS:
        return _PLACES.get(country, _ANY_PLACE)[_ADDRESS_PARTS.index(part)]
    return {"country": country, "line1": FULL_MATCH}.get(part)


def _part_of_japanese_address(script: str, part: str) -> str | None:
    if part == "postal_code":
        return _PLACES["JP"][2]
    return "JP" if part == "country" else _JAPANESE.get(script, {}).get(part)


_NATIONAL: dict[str, Callable[[str], str]] = {
    "nationality": lambda country: country,
    "structure": lambda country: _STRUCTURES.get(country, "private_company"),
}


def sample_for(path: str, *, country: str = "US") -> str:
    """Return a valid answer to a form field; a plain word when nothing is known."""
    return find_sample(path, country=country) or "test"


_PEOPLE = ("individual", "representative", "owners", "directors", "executives")
_ROLES = frozenset(
    f"relationship.{role}" for role in ("owner", "director", "executive", "representative")
)
