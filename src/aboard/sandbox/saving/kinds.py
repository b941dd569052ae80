"""How does one thing become JSON, and come back the same? Every kind that stands on a shelf.

A kind is called by where it is defined, `account.Account`, so that there is no list to forget.
A thing names others by their ids and holds none of them. Sets are written sorted: the same facts
give the same bytes.
"""

import importlib
import re
import types
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

_PACKAGE = "aboard.sandbox."
_NAME = re.compile(r"([a-z_0-9]+(?:\.[a-z_0-9]+){0,2})\.([A-Z][A-Za-z0-9]*)")
Path = tuple[str, ...]
EACH = "*"


class Unreadable(ValueError):
    """What was given is no state of a sandbox; the text says why and holds nothing of it."""


def name_of(kind: type) -> str:
    """Return what a kind is called in a file: `account.Account`."""
    return f"{kind.__module__.removeprefix(_PACKAGE)}.{kind.__name__}"


@cache
def kind_of(name: str) -> type[Struct]:
    """Return the kind that is called so.

    Raises:
        Unreadable: there is no such kind.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise Unreadable("it names a kind of thing that does not exist")
    try:
        kind = getattr(importlib.import_module(_PACKAGE + match[1]), match[2])
    except (ImportError, AttributeError) as problem:
        raise Unreadable("it names a kind of thing that this version does not know") from problem
    if not (isinstance(kind, type) and issubclass(kind, Struct) and name_of(kind) == name):
        raise Unreadable("it names a kind of thing that cannot be read")
    return kind


class Codec:
    """Turns things of one kind into JSON and back."""

    __slots__ = ("_decoder", "_sets", "kind")

    def __init__(self, kind: type[Struct]) -> None:
        """Look at the kind's fields once."""
        self.kind = kind
        self._sets = tuple(_set_paths(kind, ()))
        self._decoder = msgspec.json.Decoder(kind)

    def encode(self, thing: Struct) -> bytes:
        """Write a thing down."""
        if not self._sets:
            return msgspec.json.encode(thing)
        plain = msgspec.to_builtins(thing)
        for path in self._sets:
            _sort(plain, path)
        return msgspec.json.encode(plain)

    def decode(self, data: bytes | msgspec.Raw) -> Struct:
        """Read a thing.

        Raises:
            Unreadable: it is not of this kind.
        """
        try:
            return self._decoder.decode(data)
        except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise Unreadable(f"a thing of kind {name_of(self.kind)} is not whole") from problem


_CODECS: dict[type, Codec] = {}


def codec(kind: type[Struct]) -> Codec:
    """Return what writes and reads a kind."""
    found = _CODECS.get(kind)
    if found is None:
        found = _CODECS[kind] = Codec(kind)
    return found


def _set_paths(hint: Any, path: Path) -> list[Path]:  # noqa: ANN401 - any annotation
    """Return the paths within a type at which sets stand."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        return [
            found
            for name, inner in get_type_hints(hint).items()
            if name in hint.__struct_fields__
            for found in _set_paths(inner, (*path, name))
        ]
    origin = get_origin(hint)
    if origin in {set, frozenset}:
        return [path]
    if origin in {Union, types.UnionType}:
        return [found for inner in get_args(hint) for found in _set_paths(inner, path)]
    if origin in {list, tuple, dict}:
        inners = [inner for inner in get_args(hint) if inner is not Ellipsis]
        return list(
            dict.fromkeys(found for inner in inners for found in _set_paths(inner, (*path, EACH)))
        )
    return []


def _sort(plain: Any, path: Path) -> None:  # noqa: ANN401 - JSON
    """Sort the list at a path, wherever the path leads in what is there."""
    first, *rest = path
    if first == EACH:
        values = plain.values() if isinstance(plain, dict) else plain
        for value in values or ():
            _sort(value, tuple(rest))
    elif isinstance(plain, dict) and plain.get(first):
        if rest:
            _sort(plain[first], tuple(rest))
        else:
            plain[first].sort()
