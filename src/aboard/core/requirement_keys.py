"""Whose is a requirement key, and which field does it name?

A key begins with whom it is about (`owners`, `person_1x`, `company`), then names the field. People
stand under many names for the same fields; here they are told apart and brought together.

Source: Stripe's `requirements`, API version 2026-10-28; ADR-0015, wording is data.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Subject(StrEnum):
    """Whom or what a requirement is about."""

    BUSINESS = "business"
    INDIVIDUAL = "individual"
    REPRESENTATIVE = "representative"
    OWNER = "owner"
    DIRECTOR = "director"
    EXECUTIVE = "executive"
    AUTHORIZER = "authorizer"
    LEGAL_GUARDIAN = "legal_guardian"
    PERSON = "person"
    BANK_ACCOUNT = "bank_account"
    AGREEMENT = "agreement"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class RequirementKey:
    """A key taken apart.

    `path` is the key without anybody's id: `person.` before the field of whoever it is about,
    `interv.` before a question of a review, anything else as it came.
    """

    subject: Subject
    path: str
    person_id: str | None = None


_PEOPLE: Final = {
    "individual": Subject.INDIVIDUAL,
    "representative": Subject.REPRESENTATIVE,
    "owners": Subject.OWNER,
    "directors": Subject.DIRECTOR,
    "executives": Subject.EXECUTIVE,
    "authorizer": Subject.AUTHORIZER,
    "authorizers": Subject.AUTHORIZER,
    "legal_guardian": Subject.LEGAL_GUARDIAN,
    "legal_guardians": Subject.LEGAL_GUARDIAN,
}
_THINGS: Final = {
    "documents": Subject.DOCUMENT,
    "external_account": Subject.BANK_ACCOUNT,
    "tos_acceptance": Subject.AGREEMENT,
}
_PERSON_ID = re.compile(r"person_\w+\Z")
_REVIEW_ID = re.compile(r"interv_\w+\Z")
_PLAIN_PATH = re.compile(r"[a-z][a-z0-9_]{0,60}(?:\.[a-z0-9_]{1,60}){0,6}\Z")
_ABBREVIATIONS: Final = {
    "dob": "date of birth",
    "id": "ID",
    "ip": "IP address",
    "mcc": "industry",
    "ssn": "SSN",
    "tos": "terms of service",
    "url": "website",
    "vat": "VAT",
}


def split_key(key: str) -> RequirementKey:
    """Take a requirement key apart; one that nobody has heard of is about the business.

    >>> split_key("owners.dob.day").path, split_key("person_1x.dob.day").person_id
    ('person.dob.day', 'person_1x')
    """
    head, dot, field = key.partition(".")
    if _PERSON_ID.match(head):
        return RequirementKey(Subject.PERSON, f"person{dot}{field}", head)
    if head in _PEOPLE and field:
        return RequirementKey(_PEOPLE[head], f"person.{field}")
    if _REVIEW_ID.match(head):
        return RequirementKey(Subject.BUSINESS, f"interv{dot}{field}")
    if head == "settings" and "tos_acceptance" in field.split("."):
        return RequirementKey(Subject.AGREEMENT, key)
    return RequirementKey(_THINGS.get(head, Subject.BUSINESS), key)


def subject_of(key: str) -> Subject:
    """Say whom a requirement key is about.

    >>> subject_of("owners.dob.day").value, subject_of("company.tax_id").value
    ('owner', 'business')
    """
    return split_key(key).subject


def readable(key: str) -> str:
    """Return a readable form of any requirement key, also of one that did not exist yesterday.

    >>> readable("individual.ssn_last_4"), readable("company.owners_provided")
    ('SSN last 4', 'Owners provided')
    """
    tail = key.partition(".")[2] or key
    words = [_ABBREVIATIONS.get(word, word) for word in re.split(r"[._]+", tail) if word]
    text = " ".join(words) or key
    return text[:1].upper() + text[1:]


def plain_path(key: str) -> str | None:
    """Return a key without anybody's id, if it looks like a key at all; else nothing.

    What this returns may stand in a log: words of an API, never what somebody typed.

    >>> plain_path("person_1x.blood_group"), plain_path("Jenny Rosen")
    ('person.blood_group', None)
    """
    path = split_key(key).path
    return path if _PLAIN_PATH.match(path) else None
