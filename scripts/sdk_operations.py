"""What does the installed Stripe SDK say of an operation? Its path, its parameters and their types.

Stripe generates these annotations from its own description of the API. Nothing is called: service
files are read as text, parameter classes by their type hints. Prose is not read at all.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import (
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import stripe
from stripe import StripeContext, StripeObject
from stripe._request_options import RequestOptions
from typing_extensions import is_typeddict

VERSION: str = stripe.api_version
_OPTIONS = frozenset(RequestOptions.__annotations__)
_OPTION_NAMES = {"Mapping": Mapping, "StripeContext": StripeContext}  # its hints need them
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", Any: "file"}
_TIMES = frozenset({"arrival_date", "created", "date", "expires_at"})
_SPANS = frozenset({"arrival_date", "created"})

Tree = dict[str, Any]
"""A shape as it is written down: `kind`, and `enum`, `members`, `items`, `clearable`, `others`."""


@dataclass(frozen=True, slots=True)
class Described:
    """One method of a service."""

    name: str
    method: str
    path: str
    base: str
    answers: str
    parameters: Mapping[str, Tree]


def read_service(dotted: str) -> Iterator[Described]:
    """Yield what each method of a service asks for, in the order of the SDK."""
    module, _, name = dotted.rpartition(".")
    tree = ast.parse(_source(module))
    homes = _homes(tree)
    (service,) = (
        node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name
    )
    for node in service.body:
        if isinstance(node, ast.FunctionDef) and (call := _request_of(node)):
            yield _described(node, call, homes)


def _source(module: str) -> str:
    root = Path(stripe.__file__).parent
    return root.joinpath(*module.split(".")[1:]).with_suffix(".py").read_text(encoding="utf-8")


def _homes(tree: ast.Module) -> dict[str, str]:
    """Return where each imported name lives, those for type checkers among them."""
    return {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _request_of(node: ast.FunctionDef) -> ast.Call | None:
    for each in ast.walk(node):
        if (
            isinstance(each, ast.Call)
            and isinstance(each.func, ast.Attribute)
            and each.func.attr == "_request"
        ):
            return each
    return None


def _described(node: ast.FunctionDef, call: ast.Call, homes: Mapping[str, str]) -> Described:
    method, path = call.args
    if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute):  # "...".format(...)
        path = path.func.value
    (base,) = (word.value for word in call.keywords if word.arg == "base_address")
    wanted = {each.arg: each.annotation for each in node.args.args}.get("params")
    parameters: Mapping[str, Tree] = {}
    if wanted is not None:
        name = next(
            each.value
            for each in ast.walk(wanted)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )
        parameters = _members(getattr(import_module(homes[name]), name), ())
    return Described(
        name=node.name,
        method=str(ast.literal_eval(method)).upper(),
        path=str(ast.literal_eval(path)),
        base=str(ast.literal_eval(base)),
        answers=_answers(str(ast.literal_eval(node.returns)) if node.returns else "", homes),
        parameters=parameters,
    )


def _answers(returned: str, homes: Mapping[str, str]) -> str:
    """Return the name of what comes back, as Stripe writes it in `object`."""
    if returned.startswith("ListObject["):
        return f"list of {_answers(returned[len('ListObject[') : -1], homes)}"
    if returned.startswith("Union["):
        parts = returned[len("Union[") : -1].split(", ")
        return " or ".join(_answers(part, homes) for part in parts)
    found = getattr(import_module(homes[returned]), returned)
    return str(getattr(found, "OBJECT_NAME", "deleted object"))


@cache
def _hints(described: type) -> dict[str, Any]:
    names = {**_OPTION_NAMES, **vars(sys.modules[described.__module__])}
    return {
        name: hint
        for name, hint in get_type_hints(described, names, include_extras=True).items()
        if name not in _OPTIONS
    }


def _members(described: type, way: tuple[str, ...]) -> dict[str, Tree]:
    found = {}
    for name, hint in _hints(described).items():
        is_required = get_origin(hint) is not NotRequired
        inner = get_args(hint)[0] if get_origin(hint) in {NotRequired, Required} else hint
        found[name] = _shape(inner, (*way, name))
        if is_required:
            found[name]["required"] = True
    return found


def _shape(hint: object, way: tuple[str, ...]) -> Tree:
    if get_origin(hint) is Union or hint.__class__.__name__ == "UnionType":
        return _any_of(get_args(hint), way)
    if get_origin(hint) is Literal:
        return {"kind": "string", "enum": list(get_args(hint))}
    if get_origin(hint) in {list, dict}:
        kind = "array" if get_origin(hint) is list else "map"
        return {"kind": kind, "items": _shape(get_args(hint)[-1], way)}
    if isinstance(hint, type) and is_typeddict(hint):
        return {"kind": "object", "members": _members(hint, way)}
    if hint is Decimal:  # travels as text, lest a digit be lost
        return {"kind": "string"}
    kind = next(word for plain, word in _PLAIN.items() if hint is plain)
    is_time = way[-1] in _TIMES or (len(way) > 1 and way[-2] in _SPANS)
    return {"kind": "timestamp" if is_time and kind in {"integer", "string"} else kind}


def _any_of(hints: tuple[Any, ...], way: tuple[str, ...]) -> Tree:
    shapes: list[Tree] = []
    is_clearable = False
    for hint in hints:
        if hint is type(None) or (get_origin(hint) is Literal and get_args(hint) == ("",)):
            is_clearable = True
        elif not _is_loose(hint):
            shapes.append(_shape(hint, way))
    if {"kind": "string"} in shapes and any("enum" in each for each in shapes):
        shapes.remove({"kind": "string"})  # the SDK leaves room for values of later versions
    first, *others = shapes
    if others:
        first = {**first, "others": others}
    return {**first, "clearable": True} if is_clearable or first.get("clearable") else first


def _is_loose(hint: object) -> bool:
    """Say whether this stands for an object that the SDK itself answered with."""
    origin = get_origin(hint) or hint
    return isinstance(origin, type) and issubclass(origin, StripeObject)
