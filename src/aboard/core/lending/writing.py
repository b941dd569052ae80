"""How are checked arguments sent? As Stripe's two generations take them: a form, or JSON.

In v1, and in every query, what lies within is named by brackets: `address[city]`, `expand[0]`.

Source: ADR-0029, the gateway; Stripe's API reference, API version 2026-10-28.endive.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus

from aboard.core.lending.arguments import HEADERS
from aboard.core.lending.operations import BodyKind, Operation, Place

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class WrittenRequest:
    """A request as it goes through the gateway's chain: a raw path and query, headers, a body."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def write_request(
    operation: Operation, arguments: Mapping[str, object], version: str
) -> WrittenRequest:
    """Return the request that these arguments mean; `check_arguments` has to have let them pass.

    `version` is Stripe's API version to speak where the arguments name none.
    """
    at: dict[Place, dict[str, object]] = {place: {} for place in Place}
    for each in operation.parameters:
        if each.name in arguments:
            at[each.place][each.name] = arguments[each.name]
    headers = [
        (header, str(arguments[name]))
        for name, (header, _, _) in HEADERS.items()
        if name in arguments
    ]
    if "stripe_version" not in arguments:
        headers.append(("Stripe-Version", version))
    body = b""
    if operation.body is BodyKind.FORM:
        headers.append(("Content-Type", _FORM))
        body = write_form(at[Place.BODY]).encode()
    elif operation.body is BodyKind.JSON:
        headers.append(("Content-Type", _JSON))
        body = json.dumps(at[Place.BODY], ensure_ascii=False, separators=(",", ":")).encode()
    path = operation.path.format_map({name: str(value) for name, value in at[Place.PATH].items()})
    return WrittenRequest(operation.method, path, write_form(at[Place.QUERY]), tuple(headers), body)


def write_form(values: Mapping[str, object]) -> str:
    """Return values as a form.

    >>> write_form({"expand": ["owner"], "address": {"city": "São Paulo"}, "requested": True})
    'expand[0]=owner&address[city]=S%C3%A3o+Paulo&requested=true'
    """
    pairs = (pair for name, value in values.items() for pair in _pairs(quote_plus(name), value))
    return "&".join(f"{name}={quote_plus(value)}" for name, value in pairs)


def _pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for inner, each in value.items():
            yield from _pairs(f"{name}[{quote_plus(inner)}]", each)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _pairs(f"{name}[{index}]", each)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    else:
        yield name, str(value)
