"""What does Stripe still want, from whom, and how urgently?

Turns a snapshot's requirement keys into a checklist: grouped by timing, most urgent first, each
key once, with its subject, its errors and words that a seller understands. `merge_lines` brings
together what a page says once: day, month and year are one date of birth.

Source: Stripe's `requirements` and `future_requirements`, API version 2026-10-28; ADR-0015.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from aboard.core.account import RequirementError, Requirements, Snapshot
from aboard.core.requirement_keys import Subject, readable, split_key, subject_of
from aboard.core.wording import word_error, word_requirement, word_subject

__all__ = [
    "Group",
    "Line",
    "Subject",
    "Timing",
    "WordedError",
    "WordedItem",
    "merge_lines",
    "readable",
    "subject_of",
    "word_items",
]

T = TypeVar("T")


class Timing(StrEnum):
    """When a requirement bites, most urgent first."""

    PAST_DUE = "past_due"
    CURRENTLY_DUE = "currently_due"
    PENDING_VERIFICATION = "pending_verification"
    EVENTUALLY_DUE = "eventually_due"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class WordedError:
    """Why something that was given did not satisfy Stripe; `stripe_reason` in Stripe's English."""

    code: str
    reason: str
    what_to_do: str
    stripe_reason: str
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class WordedItem:
    """One key, in words. `deadline` is aware UTC.

    Each of `alternatives` is a set of keys that settles this one in its place. `person_id` is
    there once Stripe knows the person. `is_known` is false where only a readable form of the key
    could be given.
    """

    key: str
    title: str
    why: str
    help: str
    subject: Subject
    subject_title: str
    person_id: str | None
    timing: Timing
    deadline: datetime | None
    errors: tuple[WordedError, ...]
    alternatives: tuple[tuple[str, ...], ...]
    is_known: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Everything wanted at one time; what went wrong before stands first."""

    timing: Timing
    items: tuple[WordedItem, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What a page shows once: the keys of one person or thing that have the same title.

    `deadline` is the earliest of them, aware UTC.
    """

    title: str
    why: str
    help: str
    subject: Subject
    subject_title: str
    person_id: str | None
    timing: Timing
    keys: tuple[str, ...]
    deadline: datetime | None
    errors: tuple[WordedError, ...]
    alternatives: tuple[tuple[str, ...], ...]
    is_known: bool


_WITH_DEADLINE = frozenset({Timing.CURRENTLY_DUE, Timing.FUTURE})


def word_items(snapshot: Snapshot | None, language: str) -> tuple[Group, ...]:
    """Say what Stripe wants of this account, in groups that are not empty, most urgent first.

    Each key stands once, where it is most urgent: past due rather than due, due rather than being
    verified (one check failed while another runs), and now rather than announced. Only what is
    currently due, and what is announced, has a deadline: past due means that it is over.
    """
    if snapshot is None:
        return ()
    groups = []
    for timing, rows in _by_timing(snapshot).items():
        if rows:
            items = (_worded(key, timing, wanted, language) for key, wanted in rows.items())
            ordered = sorted(items, key=lambda item: (not item.errors, item.key))
            groups.append(Group(timing, tuple(ordered)))
    return tuple(groups)


def merge_lines(group: Group) -> tuple[Line, ...]:
    """Bring together the items that say the same of the same person or thing, in their order."""
    found: dict[tuple[str, Subject, str | None], list[WordedItem]] = {}
    for item in group.items:
        found.setdefault((item.title, item.subject, item.person_id), []).append(item)
    return tuple(_line(items) for items in found.values())


def _by_timing(snapshot: Snapshot) -> dict[Timing, dict[str, Requirements]]:
    """Return each key once, at its most urgent time, with the requirements it comes from."""
    now, later = snapshot.requirements, snapshot.future_requirements
    lists: Sequence[tuple[Timing, Requirements, Iterable[str]]] = (
        (Timing.PAST_DUE, now, now.past_due),
        (Timing.CURRENTLY_DUE, now, now.currently_due),
        (Timing.PENDING_VERIFICATION, now, now.pending_verification),
        (Timing.EVENTUALLY_DUE, now, now.eventually_due),
        (Timing.FUTURE, later, (*later.past_due, *later.currently_due)),
        # What was given for a future requirement is being checked: nobody has to give it again.
        (Timing.PENDING_VERIFICATION, later, later.pending_verification),
        (Timing.FUTURE, later, later.eventually_due),
    )
    found: dict[Timing, dict[str, Requirements]] = {timing: {} for timing in Timing}
    seen: set[str] = set()
    for timing, wanted, keys in lists:
        for key in keys:
            if key not in seen:
                seen.add(key)
                found[timing][key] = wanted
    return found


def _worded(key: str, timing: Timing, wanted: Requirements, language: str) -> WordedItem:
    parts = split_key(key)
    words = word_requirement(key, language)
    return WordedItem(
        key=key,
        title=words.title,
        why=words.why,
        help=words.help,
        subject=parts.subject,
        subject_title=word_subject(parts.subject, language),
        person_id=parts.person_id,
        timing=timing,
        deadline=wanted.current_deadline if timing in _WITH_DEADLINE else None,
        errors=tuple(
            _worded_error(error, language) for error in wanted.errors if error.requirement == key
        ),
        alternatives=_unique(
            row.alternative_fields_due
            for row in wanted.alternatives
            if key in row.original_fields_due
        ),
        is_known=words.is_known,
    )


def _worded_error(error: RequirementError, language: str) -> WordedError:
    words = word_error(error.code, language)
    return WordedError(error.code, words.reason, words.what_to_do, error.reason, words.is_known)


def _line(items: Sequence[WordedItem]) -> Line:
    first = items[0]
    return Line(
        title=first.title,
        why=first.why,
        help=first.help,
        subject=first.subject,
        subject_title=first.subject_title,
        person_id=first.person_id,
        timing=first.timing,
        keys=tuple(item.key for item in items),
        deadline=min((item.deadline for item in items if item.deadline), default=None),
        errors=_unique(error for item in items for error in item.errors),
        alternatives=_unique(way for item in items for way in item.alternatives),
        is_known=all(item.is_known for item in items),
    )


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
