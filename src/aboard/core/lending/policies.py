"""What may callers of a named policy do? Read from a TOML file, with every mistake named at once.

    [policies.reader]
    test = ["*:read"]
    live = ["accounts:read"]

    [policies.shop]
    extends = "reader"
    test = ["account_links:create"]
    per_second = 20
    per_day = 5000

Source: docs/gateway/policies.md; ADR-0029, the gateway.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aboard.core.lending.callers import CallLimits, GatewayCaller
from aboard.core.lending.grants import DEFAULT, AllowList, Grant, GrantRefused
from aboard.core.owner import Mode

UNLIMITED: Final = "unlimited"
MOST_PER_SECOND: Final = 100_000
MOST_PER_DAY: Final = 1_000_000_000
MOST_BYTES: Final = 1_000_000
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}\Z")
_WORDS = frozenset({"extends", "test", "live", "per_second", "per_day"})
_LINE = re.compile(r"at line (\d+)")
_DEFAULT = CallLimits()
_NOTHING = AllowList({})


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a policy file: where it stands, what was written, and what is wrong with it.

    `place` is dotted, such as `policies.shop.test`; the line is None where it cannot be told. A
    `mild` one changes nothing, such as a word that another one covers.
    """

    line: int | None
    place: str
    word: str
    told: str
    mild: bool = False

    def __str__(self) -> str:
        """Return it as one sentence, with the line first."""
        where = "" if self.line is None else f"line {self.line}: "
        word = f" {self.word!r}" if self.word else ""
        return f"{where}{self.place}{word}: {self.told}"


@dataclass(frozen=True, slots=True)
class Policy:
    """What callers of one policy may call, and how often, with what it extends taken in."""

    name: str
    allow_list: AllowList
    limits: CallLimits


@dataclass(frozen=True, slots=True)
class Written:
    """One policy as it was written, before what it extends is taken in."""

    name: str
    extends: str | None
    grants: Mapping[Mode, tuple[Grant, ...]]
    limits: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """All policies of a file by name, as they were written, and what is wrong with them."""

    policies: Mapping[str, Policy] = field(default_factory=dict)
    written: Mapping[str, Written] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    text: str = field(default="", repr=False)

    def find_line(self, place: str, word: str) -> int | None:
        """Return the line of a word at a dotted place, as well as that can be told."""
        return _find_line(self.text, place, word)


def rules_of(caller: GatewayCaller, policies: Mapping[str, Policy]) -> tuple[AllowList, CallLimits]:
    """Return what a caller may call, and how often.

    A policy that is named and not there allows nothing. Limits of the caller's own come before
    those of the policy; without either there are ten calls in a second.
    """
    if caller.policy is None:
        return caller.allow_list or DEFAULT, caller.limits or _DEFAULT
    policy = policies.get(caller.policy)
    if policy is None:
        return _NOTHING, caller.limits or _DEFAULT
    return policy.allow_list, caller.limits or policy.limits


def read_policies(text: str) -> PolicyFile:
    """Read a policy file. It never fails: what makes no sense is among the problems.

    A policy with a problem is not in the file, nor is one that extends it.
    """
    if len(text) > MOST_BYTES:
        return PolicyFile(problems=(Problem(None, "the file", "", "is longer than 1 MB"),))
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _LINE.search(str(error))
        line = int(found.group(1)) if found else len(text.splitlines())
        return PolicyFile(problems=(Problem(line, "the file", "", "is no TOML from here on"),))
    reader = _Reader(text)
    written = reader.read(content)
    policies = reader.join(written)
    return PolicyFile(policies, written, tuple(reader.problems), text)


class _Reader:
    """One reading of one file, with the mistakes found so far."""

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._broken: set[str] = set()

    def read(self, content: Mapping[str, Any]) -> dict[str, Written]:
        """Read each policy as it stands."""
        for key in content.keys() - {"policies"}:
            self._note(key, key, "is no word of this file; there is `policies` alone")
        tables = content.get("policies", {})
        if not isinstance(tables, dict):
            self._note("policies", "policies", "must be tables, such as [policies.reader]")
            return {}
        found: dict[str, Written] = {}
        for name, table in tables.items():
            before = len(self.problems)
            place = f"policies.{name}"
            if not _NAME.match(name):
                self._note(place, name, "is no name: small letters, digits, _ and -, at most 64")
            elif not isinstance(table, dict):
                self._note(place, name, "must be a table, such as [policies.reader]")
            else:
                found[name] = self._read_one(name, place, table)
            if len(self.problems) > before:
                self._broken.add(name)
        return found

    def _read_one(self, name: str, place: str, table: Mapping[str, Any]) -> Written:
        for word in table.keys() - _WORDS:
            known = ", ".join(sorted(_WORDS))
            self._note(f"{place}.{word}", word, f"is no word of a policy; there are {known}")
        extends = table.get("extends")
        if extends is not None and not isinstance(extends, str):
            self._note(f"{place}.extends", "extends", "must be the name of one other policy")
            extends = None
        return Written(
            name,
            extends,
            {mode: self._grants(f"{place}.{mode}", table.get(mode, [])) for mode in Mode},
            {
                word: self._limit(f"{place}.{word}", table[word], most)
                for word, most in (("per_second", MOST_PER_SECOND), ("per_day", MOST_PER_DAY))
                if word in table
            },
        )

    def _grants(self, place: str, given: object) -> tuple[Grant, ...]:
        if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
            self._note(place, "", 'must be a list of words, such as ["accounts:read"]')
            return ()
        found: list[Grant] = []
        for word in given:
            try:
                found.append(Grant.parse(word))
            except GrantRefused as refused:
                told = str(refused).removeprefix(repr(word[:80])).lstrip(": ")
                self._note(place, word, told)
        return tuple(found)

    def _limit(self, place: str, given: object, most: int) -> int | None:
        if given == UNLIMITED:
            return None
        if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= most:
            return given
        told = f'must be a whole number from 1 to {most}, or "{UNLIMITED}"'
        self._note(place, place.rpartition(".")[2], told)
        return None

    def join(self, written: Mapping[str, Written]) -> dict[str, Policy]:
        """Take what each policy extends into it."""
        joined: dict[str, Policy] = {}
        for name in written:
            chain = self._chain(name, written)
            if chain is None or self._broken & {each.name for each in chain}:
                continue
            limits: dict[str, int | None] = {}
            for each in reversed(chain):
                limits |= each.limits
            joined[name] = Policy(
                name,
                AllowList({mode: _united(chain, mode) for mode in Mode}),
                CallLimits(
                    limits.get("per_second", _DEFAULT.per_second),
                    limits.get("per_day", _DEFAULT.per_day),
                ),
            )
        return joined

    def _chain(self, name: str, written: Mapping[str, Written]) -> list[Written] | None:
        chain = [written[name]]
        while (wanted := chain[-1].extends) is not None:
            place = f"policies.{chain[-1].name}.extends"
            if wanted in {each.name for each in chain}:
                if wanted == name:
                    own = f"policies.{name}.extends"
                    self._note(own, chain[0].extends or "", "ends where it began")
                return None
            if wanted not in written:
                if len(chain) == 1 and wanted not in self._broken:
                    self._note(place, wanted, "is no policy of this file")
                return None
            chain.append(written[wanted])
        return chain

    def _note(self, place: str, word: str, told: str) -> None:
        self.problems.append(Problem(_find_line(self._text, place, word), place, word, told))


def _united(chain: Iterable[Written], mode: Mode) -> frozenset[Grant]:
    return frozenset(grant for each in chain for grant in each.grants[mode])


def _find_line(text: str, place: str, word: str) -> int | None:
    """Look for a word behind the header of its table: TOML's reader keeps no lines itself."""
    parts = place.split(".")
    header = re.compile(rf"\s*\[\s*{re.escape('.'.join(parts[:2]))}\s*\]") if parts[1:] else None
    lines = text.splitlines()
    first = 0
    if header is not None:
        first = next((number for number, line in enumerate(lines) if header.match(line)), -1)
        if first < 0:
            return None
    key = re.compile(rf"\s*{re.escape(parts[2])}\s*=") if parts[2:] else None
    for number, line in enumerate(lines[first:], first + 1):
        if number > first + 1 and line.lstrip().startswith("[") and header and "=" not in line:
            return first + 1
        if key is not None:
            if not key.match(line):
                continue
            key = None
        if not word or parts[-1] == word or f'"{word}"' in line or f"'{word}'" in line:
            return number
    return first + 1 if header is not None else None
