"""Is this an answer at all? Reads the text given at a requirement's path, or says what is wrong.

Codes are Stripe's requirement error codes. Whether an answer is true is a review's question
(`checks`), not this file's.

Source: Stripe's API reference, `requirements.errors`; connect documentation of May 2026.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

from msgspec import Struct

from aboard.sandbox.account import PERSON_SUBJECTS, Account, Value

LONGEST = 5000
_YOUNGEST = 13
_OLDEST = 120
_BUSINESS_TYPES = ("company", "government_entity", "individual", "non_profit")
_PERSON = frozenset(
    [
        "address.city",
        "address.country",
        "address.line1",
        "address.line2",
        "address.postal_code",
        "address.state",
        "dob.day",
        "dob.month",
        "dob.year",
        "email",
        "first_name",
        "id_number",
        "last_name",
        "maiden_name",
        "gender",
        "nationality",
        "phone",
        "political_exposure",
        "relationship.director",
        "relationship.executive",
        "relationship.owner",
        "relationship.title",
        "relationship.percent_ownership",
        "ssn_last_4",
        "verification.additional_document.back",
        "verification.additional_document.front",
        "verification.document.back",
        "verification.document.front",
    ]
)
_BUSINESS = frozenset(
    [
        "business_type",
        "business_profile.mcc",
        "business_profile.name",
        "business_profile.product_description",
        "business_profile.support_email",
        "business_profile.support_phone",
        "business_profile.support_url",
        "business_profile.url",
        "company.address.city",
        "company.address.country",
        "company.address.line1",
        "company.address.line2",
        "company.address.postal_code",
        "company.address.state",
        "company.directors_provided",
        "company.executives_provided",
        "company.name",
        "company.owners_provided",
        "company.phone",
        "company.registration_number",
        "company.structure",
        "company.tax_id",
        "company.vat_id",
        "company.verification.document.back",
        "company.verification.document.front",
        "email",
        "documents.bank_account_ownership_verification.files",
        "settings.payments.statement_descriptor",
    ]
)
_FLAGS = re.compile(
    r"(^company\.(directors|executives|owners)_provided$)"
    r"|(\.relationship\.(director|executive|owner|representative|authorizer)$)"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{5,24}")
_URL = re.compile(r"(https?://)?([a-z0-9-]+\.)+[a-z]{2,}(:[0-9]+)?([/?#]\S*)?", re.IGNORECASE)
_DESCRIPTOR = re.compile(r"""(?=.*[A-Za-z])[^<>\\'"*]{5,22}""")
_POSTAL_CODES = {
    "US": r"[0-9]{5}(-[0-9]{4})?",
    "DE": r"[0-9]{5}",
    "FR": r"[0-9]{5}",
    "ES": r"[0-9]{5}",
    "IT": r"[0-9]{5}",
    "PT": r"[0-9]{4}-[0-9]{3}",
    "AU": r"[0-9]{4}",
}
_STATES = frozenset(
    [
        "AL",
        "AK",
        "AZ",
        "AR",
        "CA",
        "CO",
        "CT",
        "DE",
        "DC",
        "FL",
        "GA",
        "HI",
        "ID",
        "IL",
        "IN",
        "IA",
        "KS",
        "KY",
        "LA",
        "ME",
        "MD",
        "MA",
        "MI",
        "MN",
        "MS",
        "MO",
        "MT",
        "NE",
        "NV",
        "NH",
        "NJ",
        "NM",
        "NY",
        "NC",
        "ND",
        "OH",
        "OK",
        "OR",
        "PA",
        "PR",
        "RI",
        "SC",
        "SD",
        "TN",
        "TX",
        "UT",
        "VT",
        "VA",
        "VI",
        "WA",
        "WV",
        "WI",
        "WY",
        "AS",
        "GU",
        "MP",
    ]
)


class FieldError(Struct, frozen=True):
    """One answer that was not kept: its path, Stripe's code, and a sentence for the reader."""

    path: str
    code: str
    message: str


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _is_digits(*lengths: int) -> Callable[[str], bool]:
    return lambda text: text.isascii() and text.isdigit() and len(text) in lengths


def _is_between(low: int, high: int) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        is_number = text.isascii() and text.isdigit() and len(text) <= 4  # noqa: PLR2004 - a year
        return is_number and low <= int(text) <= high

    return check


def _is_anything(text: str) -> bool:
    return len(text) <= LONGEST


class _Kind(Struct, frozen=True):
    """How a path's answer must look, and what is said if it does not."""

    is_good: Callable[[str], bool]
    code: str
    message: str
    is_number: bool = False


_DOB = "invalid_dob_age_under_minimum"
_KINDS: dict[str, _Kind] = {
    "email": _Kind(_matches(_EMAIL), "invalid_value_other", "This is not an email address."),
    "support_email": _Kind(
        _matches(_EMAIL), "invalid_value_other", "This is not an email address."
    ),
    "phone": _Kind(_matches(_PHONE), "invalid_value_other", "This is not a phone number."),
    "support_phone": _Kind(_matches(_PHONE), "invalid_value_other", "This is not a phone number."),
    "url": _Kind(_matches(_URL), "invalid_url_format", "This is not a website's address."),
    "support_url": _Kind(_matches(_URL), "invalid_url_format", "This is not a website's address."),
    "mcc": _Kind(_is_digits(4), "invalid_value_other", "Choose an industry (four digits)."),
    "ssn_last_4": _Kind(_is_digits(4), "invalid_value_other", "Give exactly four digits."),
    "statement_descriptor": _Kind(
        _matches(_DESCRIPTOR),
        "invalid_statement_descriptor_length",
        "Give 5 to 22 characters with at least one letter, without < > \\ ' \" *.",
    ),
    "dob.day": _Kind(_is_between(1, 31), "invalid_value_other", "Not a day.", is_number=True),
    "dob.month": _Kind(_is_between(1, 12), "invalid_value_other", "Not a month.", is_number=True),
    "dob.year": _Kind(
        _is_between(1800, 9999), "invalid_value_other", "Not a year.", is_number=True
    ),
    "product_description": _Kind(
        lambda text: 10 <= len(text) <= LONGEST,  # noqa: PLR2004 - Stripe asks for ten characters
        "invalid_product_description_length",
        "Describe what is sold in at least 10 characters.",
    ),
}
_ANYTHING = _Kind(_is_anything, "invalid_value_other", "This is too long.")


def _kind(account: Account, path: str) -> _Kind:
    name = path.rpartition(".")[2]
    if ".dob." in f".{path}":
        name = f"dob.{name}"
    if account.country == "US" and name == "id_number":
        return _Kind(_is_digits(9), "invalid_value_other", "Give all nine digits.")
    if account.country == "US" and name == "tax_id":
        return _Kind(_is_digits(9), "invalid_tax_id_format", "Give all nine digits.")
    if account.country == "US" and name == "state":
        return _Kind(
            lambda text: text.upper() in _STATES,
            "invalid_address_city_state_postal_code",
            "Give a state by its two letters.",
        )
    pattern = _POSTAL_CODES.get(account.country)
    if name == "postal_code" and pattern is not None:
        return _Kind(
            _matches(re.compile(pattern)),
            "invalid_address_city_state_postal_code",
            "This is not a postal code of the country.",
        )
    if name == "line1":
        return _Kind(
            lambda text: not re.match(r"p\.? ?o\.? box", text, re.IGNORECASE),
            "invalid_street_address",
            "Give a street address, not a post office box.",
        )
    return _KINDS.get(name, _ANYTHING)


def is_known(path: str) -> bool:
    """Say whether a form may answer this path at all."""
    prefix, _, rest = path.partition(".")
    if prefix in PERSON_SUBJECTS or prefix.startswith("person_"):
        return rest in _PERSON
    return path in _BUSINESS


def read_answer(account: Account, path: str, text: str) -> Value | FieldError:
    """Return the fact that a text states, or why it is none."""
    text = text.strip()
    if not text:
        return FieldError(path, "information_missing", "This is required.")
    if _FLAGS.search(path):
        if text in {"true", "false"}:
            return text == "true"
        return FieldError(path, "invalid_value_other", "Answer true or false.")
    if path == "business_type" and text not in _BUSINESS_TYPES:
        return FieldError(path, "unsupported_business_type", "Choose a type of business.")
    if path.endswith((".id_number", ".tax_id", ".ssn_last_4")):
        text = text.replace("-", "").replace(" ", "")
    kind = _kind(account, path)
    if len(text) > LONGEST or not kind.is_good(text):
        return FieldError(path, kind.code, kind.message)
    return int(text) if kind.is_number else text


def check_dob(given: Mapping[str, Value], path: str, today: date) -> FieldError | None:
    """Say what is wrong with a whole date of birth, once all its parts are there."""
    parts = [given.get(f"dob.{part}") for part in ("year", "month", "day")]
    year, month, day = parts
    if not (isinstance(year, int) and isinstance(month, int) and isinstance(day, int)):
        return None
    try:
        born = date(year, month, day)
    except ValueError:
        return FieldError(path, "invalid_value_other", "There is no such day.")
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age < _YOUNGEST:
        return FieldError(path, _DOB, f"The person must be at least {_YOUNGEST} years old.")
    is_magic = born.year in {1900, 1901, 1902}
    if age > _OLDEST and not is_magic:
        return FieldError(path, "invalid_dob_age_over_maximum", "Nobody is as old as this.")
    return None
