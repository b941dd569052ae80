"""Is this an answer at all? Reads the text given at a requirement's path, or says what is wrong.

Codes are Stripe's requirement error codes. Whether an answer is true is a review's question
(`checks`), not this file's.

Source: Stripe's API reference, `requirements.errors`; connect documentation of May 2026.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial

from msgspec import Struct

from aboard.sandbox import formats
from aboard.sandbox.account import PERSON_SUBJECTS, Account, Value

LONGEST = 5000
_YOUNGEST = 13
_OLDEST = 120
_BUSINESS_TYPES = ("company", "government_entity", "individual", "non_profit")
_PLACE = ("city", "country", "line1", "line2", "postal_code", "state")
_SCRIPTS = ("kana", "kanji")


def _places(*names: str) -> frozenset[str]:
    return frozenset(f"{name}.{part}" for name in names for part in _PLACE)


def _scripts(*names: str) -> frozenset[str]:
    return frozenset(f"{name}_{script}" for name in names for script in _SCRIPTS)


_TOWNS = frozenset(f"address_{script}.{part}" for script in _SCRIPTS for part in (*_PLACE, "town"))
_ROLES = ("authorizer", "director", "executive", "legal_guardian", "owner")
_SIDES = ("back", "front")
_PERSON = (
    _places("address", "registered_address")
    | _TOWNS
    | _scripts("first_name", "last_name")
    | {f"dob.{part}" for part in ("day", "month", "year")}
    | {f"documents.{name}.files" for name in ("company_authorization", "passport", "visa")}
    | {f"relationship.{name}" for name in (*_ROLES, "percent_ownership", "title")}
    | {
        f"verification.{name}.{side}"
        for name in ("additional_document", "document")
        for side in _SIDES
    }
    | {
        "email",
        "first_name",
        "full_name_aliases",
        "gender",
        "id_number",
        "id_number_secondary",
        "last_name",
        "maiden_name",
        "nationality",
        "phone",
        "political_exposure",
        "ssn_last_4",
    }
)
_DECLARATIONS = ("directorship", "ownership", "representative")
_SIGNED = ("date", "ip", "user_agent")
_PAPERS = (
    "bank_account_ownership_verification",
    "company_license",
    "company_memorandum_of_association",
    "company_ministerial_decree",
    "company_registration_verification",
    "company_tax_id_verification",
    "proof_of_address",
    "proof_of_business_presence",
    "proof_of_registration",
    "proof_of_ultimate_beneficial_ownership",
)
_COMPANY = (
    _places("address", "administrative_address", "physical_address", "principal_place_of_business")
    | _TOWNS
    | _scripts("name")
    | {f"{name}_declaration.{part}" for name in _DECLARATIONS for part in _SIGNED}
    | {f"registration_date.{part}" for part in ("day", "month", "year")}
    | {f"verification.document.{side}" for side in _SIDES}
    | {
        "directors_provided",
        "executives_provided",
        "export_license_id",
        "export_purpose_code",
        "name",
        "owners_provided",
        "ownership_exemption_reason",
        "phone",
        "registration_number",
        "structure",
        "tax_id",
        "tax_id_registrar",
        "vat_id",
    }
)
_BUSINESS = (
    frozenset(f"company.{name}" for name in _COMPANY)
    | {f"documents.{name}.files" for name in _PAPERS}
    | {
        f"settings.{name}.tos_acceptance.{part}"
        for name in ("card_issuing", "treasury")
        for part in _SIGNED
    }
    | _scripts(
        "settings.card_payments.statement_descriptor_prefix",
        "settings.payments.statement_descriptor",
    )
    | _places("business_profile.support_address")
    | {
        "business_profile.estimated_worker_count",
        "business_profile.mcc",
        "business_profile.name",
        "business_profile.product_description",
        "business_profile.support_email",
        "business_profile.support_phone",
        "business_profile.support_url",
        "business_profile.url",
        "business_type",
        "email",
        "settings.card_payments.statement_descriptor_prefix",
        "settings.payments.statement_descriptor",
    }
)
_FLAGS = re.compile(
    r"(^company\.(directors|executives|owners)_provided$)"
    r"|(\.relationship\.(director|executive|owner|representative|authorizer|legal_guardian)$)"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{5,24}")
_URL = re.compile(r"(https?://)?([a-z0-9-]+\.)+[a-z]{2,}(:[0-9]+)?([/?#]\S*)?", re.IGNORECASE)
_DESCRIPTOR = re.compile(r"""(?=.*[A-Za-z])[^<>\\'"*]{5,22}""")
_PREFIX = re.compile(r"""(?=.*[A-Za-z])[^<>\\'"*]{2,10}""")
_IP = re.compile(r"[0-9a-fA-F:.]{3,45}")
_IDEOGRAPHS = re.compile("[\u3400-\u9fff]")
_BOX = re.compile(r"p\.? ?o\.? box", re.IGNORECASE)
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
_EXPOSURES = frozenset(["existing", "none"])


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
    """Whether the fact is a number, whole where it can be."""


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
    "percent_ownership": _Kind(
        lambda text: _PERCENT.fullmatch(text) is not None and float(text) <= 100,  # noqa: PLR2004 - all of it
        "invalid_value_other",
        "Give a number from 0 to 100.",
        is_number=True,
    ),
    "estimated_worker_count": _Kind(
        _is_between(0, 9999), "invalid_value_other", "Give a number.", is_number=True
    ),
    "date": _Kind(
        _matches(re.compile("[0-9]{1,12}")),
        "invalid_value_other",
        "Give the time in unix seconds.",
        is_number=True,
    ),
    "ip": _Kind(_matches(_IP), "invalid_value_other", "This is not an IP address."),
    "nationality": _Kind(
        _matches(re.compile("[A-Z]{2}")), "invalid_value_other", "Give two letters."
    ),
    "political_exposure": _Kind(
        _EXPOSURES.__contains__, "invalid_value_other", "Answer existing or none."
    ),
    "statement_descriptor_prefix": _Kind(
        _matches(_PREFIX),
        "invalid_statement_descriptor_length",
        "Give 2 to 10 characters with at least one letter, without < > \\ ' \" *.",
    ),
    "line1": _Kind(
        lambda text: not _BOX.match(text),
        "invalid_street_address",
        "Give a street address, not a post office box.",
    ),
    "product_description": _Kind(
        lambda text: 10 <= len(text) <= LONGEST,  # noqa: PLR2004 - Stripe asks for ten characters
        "invalid_product_description_length",
        "Describe what is sold in at least 10 characters.",
    ),
}
_ANYTHING = _Kind(_is_anything, "invalid_value_other", "This is too long.")
_KANA = _Kind(
    lambda text: not _IDEOGRAPHS.search(text), "invalid_value_other", "Write this in kana."
)
_NATIONAL: dict[str, tuple[Callable[[str, str], bool], str, str]] = {
    "id_number": (formats.is_id_number, "invalid_value_other", "Give all nine digits."),
    "postal_code": (
        formats.is_postal_code,
        "invalid_address_city_state_postal_code",
        "This is not a postal code of the country.",
    ),
    "state": (
        formats.is_state,
        "invalid_address_city_state_postal_code",
        "There is no such state or province.",
    ),
    "tax_id": (formats.is_tax_id, "invalid_tax_id_format", "This is not a tax ID of the country."),
}
"""What looks differently from country to country: the rule, Stripe's code, and words."""


@lru_cache(maxsize=4096)
def _kind(country: str, path: str) -> _Kind:
    name = path.rpartition(".")[2]
    if f".{path}".endswith((".day", ".month", ".year")):
        return _KINDS[f"dob.{name}"]
    national = _NATIONAL.get(name)
    if national is not None:
        rule, code, message = national
        return _Kind(partial(rule, country), code, message)
    if name.endswith("_kana") or "_kana." in path:
        return _KANA
    return _KINDS.get(name, _ANYTHING)


def _country(account: Account, path: str) -> str:
    """Return in which country a part of an address lies, or a number was given."""
    folder, _, _ = path.rpartition(".")
    if not folder.endswith(("address", "_kana", "_kanji")):
        return account.country
    given = account.fact(f"{folder}.country")
    return given.upper() if isinstance(given, str) and given else account.country


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
        is_answer = text in {"true", "false"}
        wrong = FieldError(path, "invalid_value_other", "Answer true or false.")
        return text == "true" if is_answer else wrong
    if path == "business_type" and text not in _BUSINESS_TYPES:
        return FieldError(path, "unsupported_business_type", "Choose a type of business.")
    if path.endswith((".id_number", ".tax_id", ".ssn_last_4")):
        text = text.replace("-", "").replace(" ", "")
    kind = _kind(_country(account, path), path)
    if len(text) > LONGEST or not kind.is_good(text):
        return FieldError(path, kind.code, kind.message)
    if kind.is_number:
        return float(text) if "." in text else int(text)
    return text


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
