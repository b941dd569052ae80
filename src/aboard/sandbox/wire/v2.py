"""How does the second generation speak? JSON both ways, a version in every request, fewer words.

Source: Stripe's API reference, "API v2 overview"; what its errors look like is listed in LIMITS.md.
"""

from http import HTTPStatus
from typing import Any

import msgspec

from aboard.sandbox.wire.errors import StripeError, bad, shown
from aboard.sandbox.wire.form import DEEPEST, Form, Raw, decode
from aboard.sandbox.wire.http import Headers
from aboard.sandbox.wire.request import check_encoding, version_of

PREFIX = "/v2/"
KEPT_SECONDS = 30 * 24 * 3600
"""How long the answer to an idempotency key is remembered."""
_JSON = "application/json"
_OF_THE_SDK = "usage"
"""What the official library for Python, version 16, adds by mistake where it fetches an event."""


def is_of_v2(path: str) -> bool:
    """Say whether a path is one of the second generation's."""
    return path.startswith(PREFIX)


def required_version(headers: Headers) -> str:
    """Return the API version that a request speaks.

    Raises:
        StripeError: it names none, or what it names is none.
    """
    if "stripe-version" not in headers:
        raise bad("Requests to API v2 must name an API version: send the header Stripe-Version.")
    return version_of(headers, "")


def form_of(method: str, query: bytes, headers: Headers, body: bytes) -> Form:
    """Return the parameters: of a POST its JSON, else the query. `null` unsets, as "" does in v1.

    Raises:
        StripeError: the body is no JSON object, or the query no form.
    """
    if method != "POST":
        form = decode(query)
        form.pop(_OF_THE_SDK, None)
        return form
    check_encoding(headers)
    if not body:
        return {}
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON:
        raise bad(f"Invalid request: the body of a POST to API v2 is {_JSON}.")
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise bad("Invalid request: the body is no JSON.") from None
    if not isinstance(found, dict):
        raise bad("Invalid request: the body is no JSON object.")
    return {name: _plain(value, name, DEEPEST) for name, value in found.items()}


def _plain(value: Any, name: str, levels: int) -> Raw:  # noqa: ANN401 - any JSON
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if levels and isinstance(value, dict):
        return {key: _plain(inner, f"{name}.{key}", levels - 1) for key, inner in value.items()}
    if levels and isinstance(value, list):
        return [_plain(inner, f"{name}[{at}]", levels - 1) for at, inner in enumerate(value)]
    # What is here takes texts alone, in hashes and lists.
    raise bad("Invalid value: a text was expected", shown(name))


def refusal_of(said: StripeError) -> StripeError:
    """Return a refusal as the second generation says it."""
    status, code = said.status, said.code
    if said.kind == "idempotency_error":
        status, code = int(HTTPStatus.CONFLICT), code or "idempotency_error"
    elif code == "resource_missing" and status == HTTPStatus.NOT_FOUND:
        code = "not_found"
    message = said.message
    if said.param is not None and said.param not in message:
        message = f"{said.param}: {message}"
    return StripeError(message, status=status, kind=said.kind, code=code, is_early=said.is_early)


def envelope(refusal: StripeError) -> dict[str, Any]:
    """Return the body that says so."""
    error = {"type": refusal.kind, "code": refusal.code, "message": refusal.message}
    return {"error": {name: value for name, value in error.items() if value is not None}}
