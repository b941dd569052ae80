"""What do Stripe's machine-readable descriptions say? Read where they lie, if they are there.

They are an oracle for these tests alone: nothing of them is kept in this repository, and the
tests that ask them are skipped without them. The same is proved without them against the official
SDK's type annotations.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3].parent / "shared" / "oracle"
OBJECTS = FOLDER / "connect-objects-2026-10-28.json"
OPERATIONS = FOLDER / "connect-operations-2026-10-28.json"
FIXTURES = FOLDER / "fixtures3-2026-08-21.json"
needs_oracle = pytest.mark.skipif(
    not OBJECTS.exists(), reason="Stripe's descriptions do not lie beside this checkout"
)
Json = dict[str, Any]
NAMES = {
    "account": "Account",
    "account_link": "AccountLink",
    "account_session": "AccountSession",
    "application": "Application",
    "application_fee": "ApplicationFee",
    "balance": "Balance",
    "balance_settings": "BalanceSettings",
    "bank_account": "BankAccount",
    "capability": "Capability",
    "card": "Card",
    "country_spec": "CountrySpec",
    "event": "Event",
    "fee_refund": "ApplicationFeeRefund",
    "file": "File",
    "login_link": "LoginLink",
    "payout": "Payout",
    "person": "Person",
    "token": "Token",
    "transfer": "Transfer",
    "transfer_reversal": "TransferReversal",
    "v2.core.event": "v2.core.Event",
    "v2.core.event_destination": "v2.core.EventDestination",
    "webhook_endpoint": "WebhookEndpoint",
}
EXAMPLES = {*NAMES, "balance_transaction", "charge", "refund", "topup"}
"""Objects of which there is an example; of the last four there is no description."""
_SIMPLE: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "True": bool,
}


@cache
def described() -> Json:
    """Return the objects by their SDK name."""
    found: Json = json.loads(OBJECTS.read_text(encoding="utf-8"))
    return found


@cache
def operations() -> list[Json]:
    """Return the operations with their parameters."""
    found: list[Json] = json.loads(OPERATIONS.read_text(encoding="utf-8"))
    return found


@cache
def fixtures() -> Json:
    """Return an example of each object, by its `object`."""
    found: Json = json.loads(FIXTURES.read_text(encoding="utf-8"))["resources"]
    return found


def objects_in(value: object) -> Iterator[Json]:
    """Return every object inside an answer, itself and those within lists first."""
    if isinstance(value, dict):
        name = value.get("object")
        is_gone = value.get("deleted") or value.keys() == {"id", "object"}  # as v1 and v2 say it
        if isinstance(name, str) and name in EXAMPLES and not is_gone:
            yield value
        for each in value.values():
            yield from objects_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from objects_in(each)


def differences(thing: Json) -> Iterator[str]:
    """Say where an object differs from its description: `account.login_links: not described`."""
    name = str(thing["object"])
    if name in NAMES:
        full = NAMES[name] if name.startswith("v2.") else f"v1.{NAMES[name]}"
        yield from _fields(described()[full], thing, name)


def _fields(fields: Json, value: Json, path: str) -> Iterator[str]:
    for key, each in value.items():
        if key not in fields:
            yield f"{path}.{key}: not described"
        else:
            yield from _typed(fields[key], each, f"{path}.{key}")
    for key, field in fields.items():
        if key not in value and not field["type"].endswith("?"):
            yield f"{path}.{key}: missing"


def _typed(field: Json, value: object, path: str) -> Iterator[str]:
    kind = str(field["type"])
    if value is None:
        if not kind.endswith("?"):
            yield f"{path}: null"
        return
    kind = kind.removesuffix("?")
    if kind in _SIMPLE:
        if not isinstance(value, _SIMPLE[kind]) or (kind != "bool" and isinstance(value, bool)):
            yield f"{path}: no {kind}"
    elif match := re.fullmatch(r"(\w+)\[(.*)\]", kind):
        yield from _composed(match[1], match[2], field, value, path)
    elif "fields" in field:
        if isinstance(value, dict):
            yield from _fields(field["fields"], value, path)
        else:
            yield f"{path}: no {kind}"
    elif kind[0].islower() and value not in kind.split("|"):
        yield f"{path}: {value!r} is not one of its words"


def _composed(outer: str, inner: str, field: Json, value: object, path: str) -> Iterator[str]:
    if outer == "List":
        if not isinstance(value, list):
            yield f"{path}: no list"
            return
        for each in value:
            yield from _typed({**field, "type": inner}, each, path)
    elif outer == "UntypedStripeObject":
        if not isinstance(value, dict):
            yield f"{path}: no hash"
    elif outer == "ListObject":
        if not isinstance(value, dict) or value.get("object") != "list":
            yield f"{path}: no list object"
    elif outer == "ExpandableField" and not isinstance(value, str | dict):
        yield f"{path}: neither an id nor an object"


def missing_of_example(thing: Json) -> Iterator[str]:
    """Name what Stripe's own example of an object has, and this one has not."""
    name = str(thing["object"])
    example = fixtures().get(name)
    if example is not None:
        yield from _absent(example, thing, name)


def _absent(example: Json, value: Json, path: str) -> Iterator[str]:
    for key, each in example.items():
        if key not in value:
            yield f"{path}.{key}"
        elif isinstance(each, dict) and isinstance(value[key], dict) and "object" not in each:
            yield from _absent(each, value[key], f"{path}.{key}")


def parameter_paths(params: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Return each leaf of an operation's parameters as it is sent, with its kind."""
    for name, param in params.items():
        if name != "expand":
            yield from _leaves(param, name)


def _leaves(param: Json, path: str) -> Iterator[tuple[str, str]]:
    kind = param["type"]
    if kind == "object":
        fields: Json = param["fields"]
        for name, inner in fields.items():
            yield from _leaves(inner, f"{path}[{name}]")
        if not fields:
            yield path, "hash"
    elif kind == "array":
        yield from _leaves(param["items"], f"{path}[0]")
    elif kind == "oneOf":
        for each in param["of"]:
            yield from _leaves(each, path)
    elif kind == "map":
        yield from _leaves(param["values"], f"{path}[word]")
    elif kind == "enum":
        yield path, f"enum {'|'.join(param['values'])}"
    elif not kind.startswith("UntypedStripeObject"):
        yield path, kind
