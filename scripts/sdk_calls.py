"""Which call of the official SDKs sends which request? Read from their own code, both languages.

A request is written as `POST /v1/accounts/{}/persons`.
"""

import ast
import inspect
import json
import re
import subprocess
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import stripe
from stripe._stripe_service import StripeService

from aboard.core.lending.operations import Operation

_LISTER = Path(__file__).with_name("list_sdk_calls.mjs")
_SENDS = frozenset({"_request", "_search"})


def python_calls() -> dict[str, str]:
    """Return every call of the installed SDK for Python with the request that it sends."""
    client = stripe.StripeClient("sk_test_words")
    return {
        f"{generation}.{call}": request
        for generation in ("v1", "v2")
        for call, request in _calls_below(getattr(client, generation))
    }


def node_calls(package: Path) -> dict[str, str]:
    """Return every call of the SDK for Node in a folder with the request that it sends."""
    done = subprocess.run(  # noqa: S603 - our own script
        ["node", _LISTER, package],  # noqa: S607 - Node by its name
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    calls: dict[str, str] = json.loads(done.stdout)
    # `account` is an older name of `accounts`.
    return {call: request for call, request in calls.items() if not call.startswith("account.")}


def call_of(operation: Operation, calls: Mapping[str, str]) -> str:
    """Return the call that sends this operation, the shortest where there are several.

    Raises:
        ValueError: the SDK has none.
    """
    wanted = f"{operation.method} {re.sub(r'{[^}]+}', '{}', operation.path)}"
    found = [call for call, request in calls.items() if request == wanted]
    if not found:
        raise ValueError(f"no call of the SDK sends {wanted}")
    return min(found, key=lambda call: (call.count("."), call))


def sdk_calls(
    operations: Sequence[Operation], python: Mapping[str, str], node: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return the two calls of each operation, by its id."""
    return {
        operation.id: {
            "python": call_of(operation, python),
            "typescript": call_of(operation, node),
        }
        for operation in sorted(operations, key=lambda each: each.id)
    }


def _calls_below(service: StripeService) -> Iterator[tuple[str, str]]:
    for name, method in inspect.getmembers(type(service), inspect.isfunction):
        request = _request_of(method) if not name.startswith("_") else None
        if request is not None and not name.endswith("_async"):
            yield name, request
    for name in _names_below(service):
        for call, request in _calls_below(getattr(service, name)):
            yield f"{name}.{call}", request


def _names_below(service: StripeService) -> Sequence[str]:
    module = inspect.getmodule(type(service))
    return sorted(getattr(module, "_subservices", {}))


def _request_of(method: object) -> str | None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(method)))  # type: ignore[arg-type] # a function
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _SENDS:
            verb, path = node.args[:2]
            template = path.func.value if isinstance(path, ast.Call) else path  # type: ignore[attr-defined] # a `format`
            if isinstance(verb, ast.Constant) and isinstance(template, ast.Constant):
                text = re.sub(r"{[^}]+}", "{}", str(template.value))
                return f"{str(verb.value).upper()} {text}"
    return None
