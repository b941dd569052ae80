"""Which operation does a method and a path mean? Segment by segment, and nothing but.

A path that no operation has is refused here, before anybody asks who wants it or goes anywhere.

Source: ADR-0029, the gateway; RFC 3986, section 2.4 (escapes are undone once).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from aboard.core.lending.operations import Operation
from aboard.core.lending.refusals import CallRefused, RefusalCode

_ID = re.compile(r"[A-Za-z0-9_.-]{1,255}\Z")
_LONGEST_PATH = 2048


@dataclass(frozen=True, slots=True)
class Match:
    """An operation, and what stands in the braces of its path, with escapes undone."""

    operation: Operation
    arguments: Mapping[str, str]


@dataclass(slots=True)
class _Fork:
    """One place in the tree of paths: where each next segment leads."""

    words: dict[str, "_Fork"] = field(default_factory=dict)
    argument: "_Fork | None" = None
    methods: dict[str, tuple[Operation, tuple[str, ...]]] = field(default_factory=dict)


class Matcher:
    """The tree of all paths. No word ever stands where an argument may, so no path means two."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        """Grow the tree.

        Raises:
            ValueError: two operations could be meant by one path.
        """
        self._root = _Fork()
        for operation in operations:
            self._add(operation)

    def _add(self, operation: Operation) -> None:
        fork = self._root
        names: list[str] = []
        for segment in operation.path.split("/")[1:]:
            above = fork
            if segment.startswith("{"):
                names.append(segment[1:-1])
                fork.argument = fork.argument or _Fork()
                fork = fork.argument
            else:
                fork = fork.words.setdefault(segment, _Fork())
            if above.words and above.argument:
                raise ValueError(f"{operation.id}: {segment} could be a word or an argument")
        if operation.method in fork.methods:
            raise ValueError(f"{operation.id} shares its path with another operation")
        fork.methods[operation.method] = (operation, tuple(names))

    def match(self, method: str, path: str) -> Match:
        """Return what is meant.

        Raises:
            CallRefused: no operation has this path, or none has it with this method.
        """
        if not path.startswith("/") or len(path) > _LONGEST_PATH:
            raise CallRefused(RefusalCode.OPERATION_UNKNOWN)
        fork = self._root
        values: list[str] = []
        for segment in path[1:].split("/"):
            following = fork.words.get(segment)
            if following is None:
                if fork.argument is None or (value := _read_id(segment)) is None:
                    raise CallRefused(RefusalCode.OPERATION_UNKNOWN)
                following = fork.argument
                values.append(value)
            fork = following
        if not fork.methods:
            raise CallRefused(RefusalCode.OPERATION_UNKNOWN)
        if method not in fork.methods:
            allowed = ", ".join(sorted(fork.methods))
            raise CallRefused(RefusalCode.METHOD_NOT_ALLOWED, detail=f"Allowed: {allowed}.")
        operation, names = fork.methods[method]
        return Match(operation, dict(zip(names, values, strict=True)))


def _read_id(segment: str) -> str | None:
    """Return a segment's value if it can be an id: never empty, never dots alone."""
    value = segment
    if "%" in segment:
        value = unquote_to_bytes(segment).decode("ascii", "replace")
    return value if _ID.match(value) and value.strip(".") else None
