"""What does the explorer's form ask for? One operation as plain data, for the script of the page.

Source: docs/gateway/explorer.md; the shapes are those of `core.lending.operations`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from aboard.core.lending.catalogue import api_version
from aboard.core.lending.operations import Generation, Kind, Operation, Parameter, Place, Shape

_CALLS: Final = Path(__file__).with_name("sdk_calls.json")
_TEXT: Final = Shape(Kind.STRING)
_CHANGING: Final = "POST"


def _header(name: str, description: str) -> Parameter:
    return Parameter(name, Place.HEADER, _TEXT, description)


_ACCOUNT: Final = _header(
    "stripe_account", "The connected account to act as: Stripe-Account, such as acct_1234."
)
_CONTEXT: Final = _header("stripe_context", "The account to act as in v2: Stripe-Context.")
_KEY: Final = _header(
    "idempotency_key",
    "Sent again with the same one, the call happens once and is answered alike: Idempotency-Key.",
)
_VERSION: Final = _header(
    "stripe_version",
    "The API version to be answered in: Stripe-Version, such as 2026-10-28.endive.",
)


def form_of(operation: Operation) -> dict[str, Any]:
    """Return everything that the page's script needs of an operation."""
    return {
        "id": operation.id,
        "method": operation.method,
        "path": operation.path,
        "body": operation.body.value,
        "generation": operation.generation.value,
        # v2 has no version of its own where a call names none.
        "version": api_version(),
        "isWrite": operation.is_write,
        "grant": operation.grant,
        "sdk": sdk_calls()[operation.id],
        "fields": [
            _field_of(parameter)
            for parameter in (*_needed_first(operation.parameters), *headers_of(operation))
        ],
    }


def headers_of(operation: Operation) -> tuple[Parameter, ...]:
    """Return the headers that a caller may set, beside what the operation itself names."""
    named = {each.name for each in operation.parameters if each.place is Place.HEADER}
    offered = [_KEY] if operation.method == _CHANGING else []
    offered += [_ACCOUNT]
    offered += [_CONTEXT] if operation.generation is Generation.V2 else []
    offered += [_VERSION]
    return tuple(each for each in offered if each.name not in named)


@cache
def sdk_calls() -> Mapping[str, Mapping[str, str]]:
    """Return the calls of the official SDKs that send an operation, by its id and the language."""
    calls: Mapping[str, Mapping[str, str]] = json.loads(_CALLS.read_text("utf-8"))
    return calls


def _needed_first(parameters: Sequence[Parameter]) -> list[Parameter]:
    return sorted(parameters, key=lambda each: not each.is_required)


def _field_of(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "place": parameter.place.value,
        "required": parameter.is_required,
        "about": parameter.description,
        "shape": _shape_of(parameter.shape),
    }


def _shape_of(shape: Shape) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": shape.kind.value}
    if shape.enum:
        found["enum"] = list(shape.enum)
    if shape.members or shape.kind is Kind.OBJECT:
        found["members"] = [_field_of(member) for member in _needed_first(shape.members)]
    if shape.kind in {Kind.ARRAY, Kind.MAP}:
        found["items"] = _shape_of(shape.items or _TEXT)
    if shape.is_clearable:
        found["clearable"] = True
    if shape.others:
        found["others"] = [_shape_of(other) for other in shape.others]
    return found
