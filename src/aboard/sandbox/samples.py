"""What passes? A valid test answer to every question, by requirement path and country.

Stripe's published test values where there are any.

Source: Stripe's documentation, "Testing Connect", May 2026.
"""

from dataclasses import dataclass

SMS_CODE = "000-000"
PHONE = "0000000000"
EMAIL = "jenny.rosen@example.com"

_ANYBODY = {
    "address.line1": "address_full_match",
    "phone": PHONE,
}
_PERSON = {
    "first_name": "Jenny",
    "last_name": "Rosen",
    "email": EMAIL,
    "dob.day": "1",
    "dob.month": "1",
    "dob.year": "1901",
    "ssn_last_4": "0000",
    "id_number": "000000000",
    "nationality": "US",
    "relationship.title": "Owner",
    "relationship.percent_ownership": "100",
    "verification.document": "file_identity_document_success",
    "verification.additional_document": "file_identity_document_success",
}
_COMPANY = {
    "name": "Rosen Books",
    "tax_id": "000000000",
    "vat_id": "000000000",
    "registration_number": "000000000",
    "verification.document": "file_identity_document_success",
}
_OTHER = {
    "business_type": "individual",
    "email": EMAIL,
    "phone": PHONE,
    "business_profile.mcc": "5734",
    "business_profile.name": "Rosen Books",
    "business_profile.url": "https://accessible.stripe.com",
    "business_profile.product_description": "Books and stationery, sold online.",
    "business_profile.support_phone": PHONE,
    "settings.payments.statement_descriptor": "ROSEN BOOKS",
    "settings.card_payments.statement_descriptor_prefix": "ROSEN",
    "documents.bank_account_ownership_verification.files": "file_identity_document_success",
}

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
}
_ADDRESS_PARTS = ("city", "state", "postal_code")


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
    is_person = dot and (subject in _PEOPLE or subject.startswith("person_"))
    if not is_person and subject != "company":
        return _OTHER.get(path)
    if tail.startswith("address."):
        part = tail.removeprefix("address.")
        if part in _ADDRESS_PARTS:
            place = _PLACES.get(country, ("Springfield", "Central", "12345"))
            return place[_ADDRESS_PARTS.index(part)]
        return country if part == "country" else _ANYBODY.get(tail)
    if tail.endswith("_provided") or tail in _ROLES:
        return "true"
    return (_PERSON if is_person else _COMPANY).get(tail) or _ANYBODY.get(tail)


def sample_for(path: str, *, country: str = "US") -> str:
    """Return a valid answer to a form field; a plain word when nothing is known."""
    return find_sample(path, country=country) or "test"


_PEOPLE = ("individual", "representative", "owners", "directors", "executives")
_ROLES = frozenset(
    f"relationship.{role}" for role in ("owner", "director", "executive", "representative")
)
