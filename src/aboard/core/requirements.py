"""What does Stripe still want, from whom, and how urgently?

Turns a snapshot's requirement keys into a checklist: grouped by timing, sorted by urgency, each
key with its subject, its errors and a readable title.

Source: Stripe's `requirements` and `future_requirements`, API version 2026-10-28.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aboard.core.account import Alternative, RequirementError, Requirements, Snapshot


class Timing(StrEnum):
    """When a requirement bites, most urgent first."""

    PAST_DUE = "past_due"
    CURRENTLY_DUE = "currently_due"
    PENDING_VERIFICATION = "pending_verification"
    EVENTUALLY_DUE = "eventually_due"
    FUTURE = "future"


class Subject(StrEnum):
    """Whom or what a requirement is about."""

    BUSINESS = "business"
    REPRESENTATIVE = "representative"
    OWNER = "owner"
    DIRECTOR = "director"
    EXECUTIVE = "executive"
    PERSON = "person"
    BANK_ACCOUNT = "bank_account"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing Stripe wants. `deadline` is aware UTC."""

    key: str
    title: str
    subject: Subject
    timing: Timing
    deadline: datetime | None = None
    errors: tuple[RequirementError, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


_SUBJECTS = {
    "individual": Subject.REPRESENTATIVE,
    "representative": Subject.REPRESENTATIVE,
    "owners": Subject.OWNER,
    "directors": Subject.DIRECTOR,
    "executives": Subject.EXECUTIVE,
    "external_account": Subject.BANK_ACCOUNT,
    "tos_acceptance": Subject.AGREEMENT,
}
_PERSON_KEY = re.compile(r"person_\w+\Z")
_ABBREVIATIONS = {
    "dob": "date of birth",
    "id": "ID",
    "mcc": "industry",
    "ssn": "SSN",
    "tos": "terms of service",
    "url": "website",
    "ip": "IP address",
}


def subject_of(key: str) -> Subject:
    """Say whom a requirement key is about.

    >>> subject_of("owners.dob.day").value, subject_of("company.tax_id").value
    ('owner', 'business')
    """
    head = key.partition(".")[0]
    if _PERSON_KEY.match(head):
        return Subject.PERSON
    return _SUBJECTS.get(head, Subject.BUSINESS)


def readable(key: str) -> str:
    """Return a readable form of any requirement key, also of one that did not exist yesterday.

    >>> readable("individual.ssn_last_4"), readable("company.owners_provided")
    ('SSN last 4', 'Owners provided')
    """
    tail = key.partition(".")[2] or key
    words = [_ABBREVIATIONS.get(word, word) for word in re.split(r"[._]+", tail) if word]
    text = " ".join(words) or key
    return text[0].upper() + text[1:]


def checklist(snapshot: Snapshot) -> tuple[Item, ...]:
    """List everything Stripe wants of this account, most urgent first, each key once."""
    wanted = snapshot.requirements
    groups = (
        (Timing.PAST_DUE, wanted.past_due),
        (Timing.CURRENTLY_DUE, wanted.currently_due),
        (Timing.PENDING_VERIFICATION, wanted.pending_verification),
        (Timing.EVENTUALLY_DUE, wanted.eventually_due),
    )
    seen: set[str] = set()
    items: list[Item] = []
    for timing, keys in groups:
        for key in sorted(set(keys) - seen):
            items.append(_item(key, timing, wanted))
            seen.add(key)
    future = snapshot.future_requirements
    later = {*future.past_due, *future.currently_due, *future.eventually_due} - seen
    items.extend(_item(key, Timing.FUTURE, future) for key in sorted(later))
    return tuple(items)


def _item(key: str, timing: Timing, wanted: Requirements) -> Item:
    return Item(
        key=key,
        title=readable(key),
        subject=subject_of(key),
        timing=timing,
        deadline=None if timing is Timing.EVENTUALLY_DUE else wanted.current_deadline,
        errors=tuple(error for error in wanted.errors if error.requirement == key),
        alternatives=tuple(row for row in wanted.alternatives if key in row.original_fields_due),
    )
