"""Is what was given true? Stripe's magic test values decide; anything else real-looking is fine.

Source: Stripe's documentation, "Testing account identity verification" (May 2026).
"""

from collections.abc import Iterator

from aboard.sandbox import fields
from aboard.sandbox.account import Account, Finding, Person, Value
from aboard.sandbox.magic import (
    BAD_PAPERS,
    COMPANY_RULES,
    ENDLESS,
    HIGH_RISK,
    IMMEDIATE,
    INACTIVE,
    MATCHED_AT_ONCE,
    OWNERSHIP,
    OWNERSHIP_UNPROVEN,
    PAYOUTS,
    PERSON_RULES,
    RESTRICTIONS,
    SANCTIONED,
    Rule,
)

_OWNERS = "company.owners_provided"
_DIRECTORS = "company.directors_provided"
_LINE1 = "address.line1"
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
_FORMATTED = ("company.tax_id", "company.address.postal_code", "company.address.state")
_FORMATTED_OF_PEOPLE = ("id_number", "address.postal_code", "address.state")
_PROVEN_BY = {
    "id_number": "verification.document",
    "ssn_last_4": "verification.document",
    _LINE1: "verification.additional_document",
}
"""Which good document overrides what was found wrong with a number or an address."""
_PENDING_FOR_PERSON = ("id_number", "ssn_last_4", "verification.document", "dob.day")


def _prefix(account: Account, person: Person) -> str:
    is_it = account.is_individual and person.is_in("representative")
    return "individual" if is_it else person.id


def _is_checked(account: Account, path: str) -> bool:
    return account.is_company or not path.startswith("company.")


def _papers(account: Account) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the documents of the business, each with the files given for it."""
    for path, value in account.given.items():
        if path.startswith("documents.") and path.endswith(".files"):
            yield path, value if isinstance(value, tuple) else (str(value),)


def checked_facts(account: Account) -> dict[str, Value]:
    """Return the facts that a review looks at; when they change, it looks again."""
    facts = {
        path: value
        for path in (*COMPANY_RULES, *_FORMATTED)
        if (value := account.given.get(path)) is not None and _is_checked(account, path)
    }
    facts.update(_papers(account))
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
    return (account.is_company and account.given.get("company.tax_id") == IMMEDIATE) or any(
        person.given.get("id_number") == IMMEDIATE or _dob(person) == MATCHED_AT_ONCE
        for person in account.people
    )


def is_endless(account: Account) -> bool:
    """Say whether a value is given whose review never ends."""
    return account.is_company and account.given.get("company.tax_id") == ENDLESS


def is_sanctioned(account: Account) -> bool:
    """Say whether somebody's date of birth raises the sanctions alert."""
    return any(_dob(person) == SANCTIONED for person in account.people)


def is_inactive(account: Account) -> bool:
    """Say whether the website's address tells that nothing was sold for long."""
    return str(account.given.get("business_profile.url", "")).rstrip("/") == INACTIVE


def risk_document(account: Account) -> str | None:
    """Return the document that a name of higher risk calls for, if there is such a name."""
    if account.is_company and str(account.given.get("company.name", "")).endswith(HIGH_RISK):
        return "company.verification.document"
    for person in account.people:
        names = (str(person.given.get(part, "")) for part in ("first_name", "last_name"))
        if any(name.endswith(HIGH_RISK) for name in names):
            return f"{_prefix(account, person)}.verification.document"
    return None


def _dob(person: Person) -> tuple[Value | None, ...]:
    return tuple(person.given.get(f"dob.{part}") for part in ("year", "month", "day"))


def addresses(account: Account) -> dict[str, str]:
    """Return the test address in force at each path: the least restrictive one seen so far."""
    found = {}
    given = {f"{person.id}.{_LINE1}": person.given.get(_LINE1) for person in account.people}
    if account.is_company:
        given[f"company.{_LINE1}"] = account.given.get(f"company.{_LINE1}")
    for path, value in given.items():
        if not isinstance(value, str) or value not in RESTRICTIONS:
            continue
        before = account.matched.get(path, value)
        found[path] = min(before, value, key=lambda token: RESTRICTIONS[token])
    return found


def judge(account: Account) -> tuple[Finding, ...]:
    """Return what a review will find wrong."""
    return (
        *_judge_business(account),
        *_judge_papers(account),
        *_judge_people(account),
        *_judge_banks(account),
    )


def _judge_business(account: Account) -> Iterator[Finding]:
    matched = addresses(account)
    for path, by_value in COMPANY_RULES.items():
        if not _is_checked(account, path):
            continue
        value = matched.get(path, account.given.get(path, ""))
        rule = by_value.get(value.rstrip("/") if isinstance(value, str) else value)
        if rule is not None:
            yield Finding(rule.due or path, rule.code, rule.reason, rule.stops)
    if account.is_company:
        for path in _FORMATTED:
            yield from _judge_format(account, path, path)


def _judge_format(account: Account, path: str, key: str) -> Iterator[Finding]:
    value = account.fact(path)
    if isinstance(value, str):
        wrong = fields.read_answer(account, path, value)
        if isinstance(wrong, fields.FieldError):
            yield Finding(key, wrong.code, wrong.message)


def _judge_papers(account: Account) -> Iterator[Finding]:
    for path, files in _papers(account):
        rule = next((BAD_PAPERS[name] for name in files if name in BAD_PAPERS), None)
        if rule is not None:
            stops = PAYOUTS if path == OWNERSHIP else rule.stops
            yield Finding(path, rule.code, rule.reason, stops)


def _judge_people(account: Account) -> Iterator[Finding]:
    matched = addresses(account)
    for person in account.people:
        for path, by_value in PERSON_RULES.items():
            value = matched.get(f"{person.id}.{path}", person.given.get(path, ""))
            rule = by_value.get(value)
            if rule is not None and not _is_proven(person, path):
                yield from _finding_of(account, person, path, rule)
        for path in _FORMATTED_OF_PEOPLE:
            if not _is_proven(person, path):
                key = f"{_prefix(account, person)}.{path}"
                yield from _judge_format(account, f"{person.id}.{path}", key)


def _is_proven(person: Person, path: str) -> bool:
    """Say whether a good document overrides what the value alone would mean."""
    paper = _PROVEN_BY.get(path)
    front = None if paper is None else person.given.get(f"{paper}.front")
    return front is not None and front not in BAD_PAPERS


def _finding_of(account: Account, person: Person, path: str, rule: Rule) -> Iterator[Finding]:
    prefix = _prefix(account, person)
    if rule.due != "company":
        alternative = None if rule.alternative is None else f"{prefix}.{rule.alternative}"
        key = f"{prefix}.{rule.due or path}"
        yield Finding(key, rule.code, rule.reason, rule.stops, alternative)
    elif account.is_company:
        is_owner = str(person.given[path]).endswith("owner")
        yield Finding(_OWNERS if is_owner else _DIRECTORS, rule.code, rule.reason)


def _judge_banks(account: Account) -> Iterator[Finding]:
    is_unproven = any(bank.number == OWNERSHIP_UNPROVEN for bank in account.banks)
    if is_unproven and OWNERSHIP not in account.given:
        yield Finding(
            OWNERSHIP,
            "verification_document_not_uploaded",
            "Prove that the bank account is yours with a document.",
            PAYOUTS,
        )
