"""Do the arguments of a tool fit the operation? Names, required marks, types and enums.

Arguments come flat, as JSON has them: those of the path, the query and the body beside each other,
and four that travel in headers. What is wrong is named by its dotted way, `company.address.city`
or `expand.0`; its value is never told.

Source: ADR-0029, the gateway; docs/gateway/tools.md.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import cast

from aboard.core.lending.operations import (
    BodyKind,
    Generation,
    Kind,
    Operation,
    Parameter,
    Place,
    Shape,
)
from aboard.core.lending.refusals import CallRefused, RefusalCode

_ID = re.compile(r"[A-Za-z0-9_.-]{1,255}\Z")
_MOST_ITEMS = 1000

HEADERS: Mapping[str, tuple[str, re.Pattern[str], str]] = {
    "stripe_account": (
        "Stripe-Account",
        _ID,
        "The connected account on whose behalf the call is made, `acct_...`.",
    ),
    "stripe_context": (
        "Stripe-Context",
        re.compile(r"[A-Za-z0-9_./-]{1,255}\Z"),
        "The account, or the way to it, on whose behalf the call is made.",
    ),
    "idempotency_key": (
        "Idempotency-Key",
        re.compile(r"[!-~]{1,255}\Z"),
        "A word of your own: Stripe does the same thing only once for it.",
    ),
    "stripe_version": (
        "Stripe-Version",
        re.compile(r"\d{4}-\d\d-\d\d(\.[a-z]+)?\Z"),
        "The version of the API to speak; left out, the one that the tools were made for.",
    ),
}
"""The arguments that travel in headers: the header, what it may be, and what it is for."""


def header_arguments(operation: Operation) -> tuple[str, ...]:
    """Return which arguments of the operation travel in headers."""
    return tuple(name for name in HEADERS if name != "idempotency_key" or operation.method != "GET")


def check_arguments(operation: Operation, arguments: object) -> Mapping[str, object]:
    """Return the arguments if they fit the operation.

    Raises:
        CallRefused: `argument_unknown`, `argument_missing` or `argument_invalid`, with the field's
            dotted way; `media_type_refused` for what is uploaded as a file.
    """
    if operation.body is BodyKind.MULTIPART:
        raise CallRefused(
            RefusalCode.MEDIA_TYPE_REFUSED,
            detail=f"Files are uploaded through the proxy, by {operation.method} {operation.path}.",
        )
    if not isinstance(arguments, dict):
        raise _invalid("args", "It takes an object.")
    headers = header_arguments(operation)
    named = {name: value for name, value in arguments.items() if name not in headers}
    for name in headers:
        if name in arguments:
            _check_header(name, arguments[name])
    _Check(operation.generation).members(operation.parameters, named, "")
    return arguments


def _check_header(name: str, value: object) -> None:
    if not isinstance(value, str) or not HEADERS[name][1].match(value):
        raise _invalid(name)


def _invalid(way: str, detail: str | None = None) -> CallRefused:
    return CallRefused(RefusalCode.ARGUMENT_INVALID, parameter=way, detail=detail)


class _Check:
    """The walk through arguments and shapes side by side."""

    def __init__(self, generation: Generation) -> None:
        self._is_v1 = generation is Generation.V1
        self._plain: Mapping[Kind, tuple[Callable[[object], bool], str]] = {
            Kind.STRING: (_is_text, "a string"),
            Kind.INTEGER: (_is_integer, "a whole number"),
            Kind.NUMBER: (_is_number, "a number"),
            Kind.BOOLEAN: (_is_boolean, "true or false"),
            Kind.TIMESTAMP: (_is_integer, "a time in whole Unix seconds")
            if self._is_v1
            else (_is_time, "a time such as 2026-10-28T12:00:00Z"),
            Kind.FILE: (lambda _: False, "a file, which no tool can carry"),
        }

    def members(
        self, parameters: tuple[Parameter, ...], given: Mapping[object, object], way: str
    ) -> None:
        """Check an object's members, or all arguments at once."""
        known = {each.name: each for each in parameters}
        for name in given:
            if name not in known:
                raise CallRefused(RefusalCode.ARGUMENT_UNKNOWN, parameter=_way(way, name))
        for each in parameters:
            if each.name in given:
                self._argument(each, given[each.name], _way(way, each.name))
            elif each.is_required:
                raise CallRefused(RefusalCode.ARGUMENT_MISSING, parameter=_way(way, each.name))

    def _argument(self, parameter: Parameter, value: object, way: str) -> None:
        if parameter.place is Place.PATH:
            if not isinstance(value, str) or not _ID.match(value) or not value.strip("."):
                raise _invalid(way, "It takes an id.")
        else:
            self._value(parameter.shape, value, way)

    def _value(self, shape: Shape, value: object, way: str) -> None:
        shapes = (shape, *shape.others)
        if (value == "" if self._is_v1 else value is None) and any(
            each.is_clearable for each in shapes
        ):
            return
        choices = [each for each in shapes if _is_alike(each.kind, value)]
        refusal = _invalid(way, f"It takes {self._wanted(shape)}.")
        for index, each in enumerate(choices):
            try:
                self._one(each, value, way)
            except CallRefused as refused:
                refusal = refusal if index else refused
            else:
                return
        raise refusal

    def _one(self, shape: Shape, value: object, way: str) -> None:
        if shape.kind is Kind.OBJECT:
            self.members(shape.members, cast("dict[object, object]", value), way)
        elif shape.kind is Kind.MAP:
            self._map(cast("Shape", shape.items), cast("dict[object, object]", value), way)
        elif shape.kind is Kind.ARRAY:
            self._array(cast("Shape", shape.items), cast("list[object]", value), way)
        elif not self._plain[shape.kind][0](value):
            raise _invalid(way, f"It takes {self._wanted(shape)}.")
        elif shape.enum and value not in shape.enum:
            raise _invalid(way, _choices(shape.enum))

    def _map(self, shape: Shape, value: Mapping[object, object], way: str) -> None:
        for name, inner in value.items():
            if not _is_text(name) or name == "" or {*cast("str", name)} & {*"[]"}:
                raise _invalid(way, "The names in it are plain words.")
            self._value(shape, inner, _way(way, name))

    def _array(self, shape: Shape, value: list[object], way: str) -> None:
        if len(value) > _MOST_ITEMS:
            raise _invalid(way, f"It takes at most {_MOST_ITEMS} values.")
        for index, inner in enumerate(value):
            self._value(shape, inner, _way(way, str(index)))

    def _wanted(self, shape: Shape) -> str:
        kinds = [self._word(each.kind) for each in (shape, *shape.others)]
        return " or ".join(dict.fromkeys(kinds))

    def _word(self, kind: Kind) -> str:
        if kind in self._plain:
            return self._plain[kind][1]
        return "a list" if kind is Kind.ARRAY else "an object"


def _way(way: str, name: object) -> str:
    """Return the way to a member. A name that is no plain word is not repeated in an answer."""
    shown = name if isinstance(name, str) and re.match(r"\w{1,64}\Z", name, re.ASCII) else "?"
    return f"{way}.{shown}" if way else shown


_MOST_SHOWN = 20


def _choices(enum: tuple[str, ...]) -> str:
    shown = ", ".join(enum[:_MOST_SHOWN])
    return f"It is one of {shown}{', and more' if len(enum) > _MOST_SHOWN else ''}."


def _is_alike(kind: Kind, value: object) -> bool:
    """Say whether a value of JSON could be meant for a kind, whatever stands in it."""
    if isinstance(value, dict):
        return kind in {Kind.OBJECT, Kind.MAP}
    if isinstance(value, list):
        return kind is Kind.ARRAY
    return kind not in {Kind.OBJECT, Kind.MAP, Kind.ARRAY}


def _is_text(value: object) -> bool:
    """Say whether it is text that UTF-8 can hold: half a surrogate pair is none."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _is_number(value: object) -> bool:
    return _is_integer(value) or (isinstance(value, float) and math.isfinite(value))


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def _is_time(value: object) -> bool:
    if not isinstance(value, str) or "T" not in value:
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
