"""Does an allow-list mean what it says? Each word is held against the operations that there are.

Source: docs/gateway/policies.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from aboard.core.lending.grants import ANY, Grant
from aboard.core.lending.operations import Operation
from aboard.core.lending.policies import PolicyFile, Problem
from aboard.core.owner import Mode

_BY_NAME = "lets {} pass: in live mode only words that name resource and verb let write"


class Doubt(NamedTuple):
    """What is wrong with one word. A `mild` one changes nothing, but was hardly meant so."""

    grant: Grant
    told: str
    mild: bool


def doubt_words(
    grants: Sequence[Grant], mode: Mode, operations: Sequence[Operation]
) -> Iterator[Doubt]:
    """Yield what is wrong with the words of one mode, taken together.

    A resource or a verb that no operation has is an error. A word that lets nothing pass in the
    mode, that lets only a part of it pass, or that others make superfluous, is a mild one.
    """
    lets = {grant: _let_by(grant, mode, operations) for grant in grants}
    seen: set[Grant] = set()
    for grant in grants:
        if grant in seen:
            yield Doubt(grant, "stands here twice", mild=True)
            continue
        seen.add(grant)
        wrong = _wrong_with(grant, operations)
        if wrong is not None:
            yield Doubt(grant, wrong, mild=False)
            continue
        if not lets[grant]:
            yield Doubt(grant, _BY_NAME.format("nothing"), mild=True)
            continue
        if mode.is_live and grant.verb == ANY and _writes(grant, operations):
            told = _BY_NAME.format("reading alone")
            yield Doubt(grant, told, mild=True)
        cover = _cover_of(grant, lets)
        if cover is not None:
            yield Doubt(grant, f"changes nothing: {cover} lets all of it pass", mild=True)


def check_policies(file: PolicyFile, operations: Sequence[Operation]) -> tuple[Problem, ...]:
    """Return everything that is wrong with a policy file, in the order of its lines.

    Words are held against those of the policy itself; that one which is extended has them too is
    told as well, as a mild problem.
    """
    found = list(file.problems)
    for name, written in file.written.items():
        for mode in Mode:
            place = f"policies.{name}.{mode}"
            grants = written.grants[mode]
            for doubt in doubt_words(grants, mode, operations):
                word = str(doubt.grant)
                line = file.find_line(place, word)
                found.append(Problem(line, place, word, doubt.told, mild=doubt.mild))
            for grant in sorted(set(grants) & _taken_in(file, name, mode)):
                line = file.find_line(place, str(grant))
                told = f"changes nothing: {written.extends} has it"
                found.append(Problem(line, place, str(grant), told, mild=True))
        if not any(written.grants.values()) and written.extends is None:
            place = f"policies.{name}"
            line = file.find_line(place, name)
            found.append(Problem(line, place, name, "lets nothing pass: it has no word", mild=True))
    return tuple(sorted(found, key=lambda each: (each.line or 0, each.place, each.word)))


def _taken_in(file: PolicyFile, name: str, mode: Mode) -> frozenset[Grant]:
    above = file.policies.get(file.written[name].extends or "")
    return frozenset() if above is None else above.allow_list.grants[mode]


def _let_by(grant: Grant, mode: Mode, operations: Sequence[Operation]) -> frozenset[str]:
    return frozenset(each.id for each in operations if grant.lets(each, mode))


def _wrong_with(grant: Grant, operations: Sequence[Operation]) -> str | None:
    if grant.resource == ANY:
        return None
    verbs = {each.verb.value for each in operations if each.resource == grant.resource}
    if not verbs:
        near = get_close_matches(grant.resource, {each.resource for each in operations}, n=1)
        maybe = f"; did you mean {near[0]}?" if near else ""
        return f"there is no resource {grant.resource}{maybe}"
    if grant.verb != ANY and grant.verb not in verbs:
        return f"{grant.resource} has no operation that {grant.verb}s; it has {_listed(verbs)}"
    return None


def _listed(words: set[str]) -> str:
    return ", ".join(sorted(words))


def _writes(grant: Grant, operations: Sequence[Operation]) -> bool:
    return any(each.is_write for each in operations if grant.resource in {ANY, each.resource})


def _cover_of(grant: Grant, lets: Mapping[Grant, frozenset[str]]) -> Grant | None:
    """Return another word that lets all of this one pass, and more; or the first of two alike."""
    return next(
        (other for other, passed in lets.items() if other != grant and lets[grant] < passed),
        None,
    )
