"""Is what was given true? Stripe's magic test values decide; anything else real-looking is fine.

Source: Stripe's documentation, "Testing account identity verification" (May 2026).
"""

from collections.abc import Iterator
from typing import NamedTuple

from aboard.sandbox.account import Account, Finding, Person, Value

BOTH = frozenset({"charges", "payouts"})
PAYOUTS = frozenset({"payouts"})
UNDER_REVIEW = "under_review"
NEVER_ENDS = "stays_pending"


class Rule(NamedTuple):
    """A value that does not pass: what is due again, with which code and words."""

    code: str
    reason: str
    stops: frozenset[str] = BOTH
    alternative: str | None = None
    due: str | None = None


_DOCUMENT = "verification.document"
_ADDRESS_DOCUMENT = "verification.additional_document"
_ID = "The ID number provided could not be matched to this person. Provide it again."
_ADDRESS = "The address provided could not be matched to this person. Provide it again."

PERSON_RULES: dict[str, dict[Value, Rule]] = {
    "id_number": {
        "111111111": Rule("verification_failed_id_number_match", _ID, alternative=_DOCUMENT),
    },
    "ssn_last_4": {
        "1111": Rule("verification_failed_id_number_match", _ID, alternative=_DOCUMENT),
    },
    "address.line1": {
        "address_no_match": Rule(
            "verification_failed_address_match", _ADDRESS, alternative=_ADDRESS_DOCUMENT
        ),
        "address_line1_no_match": Rule(
            "verification_failed_address_match", _ADDRESS, alternative=_ADDRESS_DOCUMENT
        ),
    },
    "verification.document.front": {
        "file_identity_document_failure": Rule(
            "verification_document_not_readable",
            "The document could not be read. Upload a clearer one.",
            due=_DOCUMENT,
        ),
    },
    "verification.additional_document.front": {
        "file_identity_document_failure": Rule(
            "verification_document_not_readable",
            "The document could not be read. Upload a clearer one.",
            due=_ADDRESS_DOCUMENT,
        ),
    },
    "first_name": {
        "missing_director": Rule(
            "verification_missing_directors", "A director is missing.", due="company"
        ),
        "mismatch_director": Rule(
            "verification_directors_mismatch", "The directors do not match.", due="company"
        ),
        "extraneous_director": Rule(
            "verification_extraneous_directors", "There is a director too many.", due="company"
        ),
        "missing_owner": Rule("verification_missing_owners", "An owner is missing.", due="company"),
        "mismatch_owner": Rule(
            "verification_missing_owners", "The owners do not match.", due="company"
        ),
        "extraneous_owner": Rule(
            "verification_missing_owners", "There is an owner too many.", due="company"
        ),
    },
}
"""By the path within a person, then by value. `due="company"`: `company.owners_provided` or
`company.directors_provided`, after the value's last word."""

_TAX = "The tax ID and the business name do not match. Provide them again."
_DIRECTORS = "company.directors_provided"
_OWNERS = "company.owners_provided"
_LINE1 = "The address provided could not be matched to this business. Provide it again."
_SITE = "invalid_url_website"

COMPANY_RULES: dict[str, dict[Value, Rule]] = {
    "company.tax_id": {
        "111111111": Rule("verification_failed_tax_id_match", _TAX),
        "111111112": Rule("verification_failed_tax_id_not_issued", "No such tax ID was issued."),
        "222221000": Rule("verification_failed_keyed_match", "The business was not found."),
        "222221001": Rule("verification_missing_owners", "The owners were not found.", due=_OWNERS),
        "222221002": Rule(
            "verification_missing_directors", "The directors were not found.", due=_DIRECTORS
        ),
        "222221003": Rule("verification_missing_owners", "An owner is missing.", due=_OWNERS),
        "222221004": Rule(
            "verification_missing_directors", "A director is missing.", due=_DIRECTORS
        ),
    },
    "company.name": {
        "mismatch_business_name": Rule("verification_failed_name_match", _TAX),
        "disallowed_name": Rule(
            "invalid_company_name_denylisted", "This business name is not allowed."
        ),
    },
    "company.address.line1": {
        "address_no_match": Rule("verification_failed_address_match", _LINE1, PAYOUTS),
        "address_line1_no_match": Rule("verification_failed_address_match", _LINE1),
    },
    "settings.payments.statement_descriptor": {
        "mismatch": Rule(
            "invalid_statement_descriptor_business_mismatch",
            "The statement descriptor does not match the business.",
        ),
        "disallowed": Rule(
            "invalid_statement_descriptor_denylisted", "The statement descriptor is not allowed."
        ),
    },
    "business_profile.name": {
        "disallowed_dba": Rule(
            "invalid_business_profile_name_denylisted", "This business name is not allowed."
        ),
        "invalid_dba": Rule("invalid_business_profile_name", "This is no business name."),
    },
    "business_profile.product_description": {
        "require_url": Rule(
            "invalid_url_web_presence_detected",
            "The business seems to have a website. Provide its address.",
            due="business_profile.url",
        ),
    },
    "business_profile.url": {
        f"https://{name}.stripe.com": Rule(code, "The website could not be accepted.")
        for name, code in {
            "disallowed": "invalid_url_denylisted",
            "geoblocked": f"{_SITE}_inaccessible_geoblocked",
            "problem": f"{_SITE}_other",
            "missing": f"{_SITE}_incomplete",
            "mismatch": f"{_SITE}_business_information_mismatch",
            "passwordprotected": f"{_SITE}_inaccessible_password_protected",
            "underconstruction": f"{_SITE}_incomplete_under_construction",
            "inaccessible": f"{_SITE}_inaccessible",
        }.items()
    },
}

BANK_FAILURES = {
    "US": {
        "000111111116": "no_account",
        "000111111113": "account_closed",
        "000222222227": "insufficient_funds",
        "000333333335": "debit_not_authorized",
        "000444444440": "invalid_currency",
    },
    "GB": {
        "11111116": "no_account",
        "11111113": "account_closed",
        "22222227": "insufficient_funds",
        "33333335": "debit_not_authorized",
        "44444440": "invalid_currency",
    },
    "DE": {"DE62370400440532013001": "no_account"},
    "PT": {"PT23000201231234567890155": "no_account"},
}
OWNERSHIP_UNPROVEN = "000999999992"

_PERSON_PATHS = (
    *PERSON_RULES,
    "last_name",
    "dob.day",
    "dob.month",
    "dob.year",
    "address.city",
    "address.postal_code",
    "address.state",
    "phone",
)
_IDENTITY = ("id_number", "ssn_last_4", "address.line1")
_PENDING_FOR_PERSON = ("id_number", "ssn_last_4", "verification.document", "dob.day")


def _prefix(account: Account, person: Person) -> str:
    return "individual" if account.is_individual else person.id


def checked_facts(account: Account) -> dict[str, Value]:
    """Return the facts that a review looks at; when they change, it looks again."""
    facts = {
        path: value
        for path in COMPANY_RULES
        if (value := account.given.get(path)) is not None
        and (account.is_company or not path.startswith("company."))
    }
    for person in account.people:
        for path in _PERSON_PATHS:
            value = person.given.get(path)
            if value is not None:
                facts[f"{person.id}.{path}"] = value
    for bank in account.banks:
        facts[bank.id] = bank.number
    return facts


def pending_keys(account: Account) -> tuple[str, ...]:
    """Return the requirements that wait while a review goes on."""
    keys = ["company.tax_id"] if account.is_company and account.fact("company.tax_id") else []
    for person in account.people:
        for path in _PENDING_FOR_PERSON:
            given = f"{path}.front" if path.startswith("verification") else path
            if person.given.get(given) is not None:
                keys.append(f"{_prefix(account, person)}.{path}")
                break
    return tuple(sorted(keys))


def is_immediate(account: Account) -> bool:
    """Say whether a value is given that Stripe answers at once."""
    return account.given.get("company.tax_id") == "222222222" or any(
        person.given.get("id_number") == "222222222" or _dob(person) == (1902, 1, 1)
        for person in account.people
    )


def is_endless(account: Account) -> bool:
    """Say whether a value is given whose review never ends."""
    return account.is_company and account.given.get("company.tax_id") == "222221005"


def is_sanctioned(account: Account) -> bool:
    """Say whether somebody's date of birth raises the sanctions alert."""
    return any(_dob(person) == (1900, 1, 1) for person in account.people)


def _dob(person: Person) -> tuple[Value | None, ...]:
    return tuple(person.given.get(f"dob.{part}") for part in ("year", "month", "day"))


def judge(account: Account) -> tuple[Finding, ...]:
    """Return what a review will find wrong."""
    return (*_judge_business(account), *_judge_people(account), *_judge_banks(account))


def _judge_business(account: Account) -> Iterator[Finding]:
    for path, by_value in COMPANY_RULES.items():
        if path.startswith("company.") and not account.is_company:
            continue
        rule = by_value.get(account.given.get(path, ""))
        if rule is not None:
            yield Finding(rule.due or path, rule.code, rule.reason, rule.stops)


def _judge_people(account: Account) -> Iterator[Finding]:
    for person in account.people:
        is_proven = person.given.get(f"{_DOCUMENT}.front") == "file_identity_document_success"
        prefix = _prefix(account, person)
        for path, by_value in PERSON_RULES.items():
            rule = by_value.get(person.given.get(path, ""))
            if rule is None or (is_proven and path in _IDENTITY):
                continue
            if rule.due != "company":
                alternative = None if rule.alternative is None else f"{prefix}.{rule.alternative}"
                key = f"{prefix}.{rule.due or path}"
                yield Finding(key, rule.code, rule.reason, rule.stops, alternative)
            elif account.is_company:
                is_owner = str(person.given[path]).endswith("owner")
                yield Finding(_OWNERS if is_owner else _DIRECTORS, rule.code, rule.reason)


def failed_banks(account: Account) -> dict[str, str]:
    """Return why Stripe cannot pay out to a bank account, by its id."""
    return {
        bank.id: failure
        for bank in account.banks
        if (failure := BANK_FAILURES.get(bank.country, {}).get(bank.number)) is not None
    }


def _judge_banks(account: Account) -> Iterator[Finding]:
    if any(bank.number == OWNERSHIP_UNPROVEN for bank in account.banks):
        yield Finding(
            "documents.bank_account_ownership_verification.files",
            "verification_document_not_uploaded",
            "Prove that the bank account is yours with a document.",
            PAYOUTS,
        )
