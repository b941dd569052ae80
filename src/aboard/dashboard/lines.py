"""Which lines does a checklist show? One for each thing to give, however many keys it has.

Stripe calls what an unfinished form lacks "past due" from its first minute. To somebody who has
just begun, nothing is overdue: it is needed now, and so it says here.

Source: ADR-0015, wording is data; Stripe's `requirements`, API version 2026-10-28.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aboard.core.requirements import Group, Line, Timing, merge_lines
from aboard.core.wording import word_requirement

URGENT: Final = frozenset({Timing.PAST_DUE, Timing.CURRENTLY_DUE})


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One thing to give, with the other ways to settle it in words."""

    line: Line
    instead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Urgency:
    """What is wanted at one time."""

    timing: Timing
    lines: tuple[ShownLine, ...]


def urgencies_of(
    groups: Sequence[Group], language: str, *, is_submitted: bool
) -> tuple[Urgency, ...]:
    """Return the lines of every group, most urgent first.

    `is_submitted` says whether the form was finished once, so that something can be overdue.
    """
    return tuple(
        Urgency(group.timing, tuple(_shown(line, language) for line in merge_lines(group)))
        for group in (groups if is_submitted else _with_nothing_overdue(groups))
    )


def urgent_titles(urgencies: Sequence[Urgency]) -> tuple[str, ...]:
    """Return what has to be given now, each name once."""
    return tuple(
        dict.fromkeys(
            shown.line.title
            for urgency in urgencies
            if urgency.timing in URGENT
            for shown in urgency.lines
        )
    )


def _with_nothing_overdue(groups: Sequence[Group]) -> Sequence[Group]:
    needed = tuple(item for group in groups if group.timing in URGENT for item in group.items)
    others = [group for group in groups if group.timing not in URGENT]
    return [Group(Timing.CURRENTLY_DUE, needed), *others] if needed else others


def _shown(line: Line, language: str) -> ShownLine:
    ways = (
        dict.fromkeys(word_requirement(key, language).title for key in way)
        for way in line.alternatives
    )
    return ShownLine(line, tuple(", ".join(way) for way in ways if line.title not in way))
