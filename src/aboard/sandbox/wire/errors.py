"""How does Stripe say no? Its error envelope, and its words for what is wrong with a request.

Absent attributes are left out, never null. Source: Stripe's API reference, "Errors".
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

DOCS = "https://stripe.com/docs/error-codes/"
HELP = "Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
_SHOWN_LENGTH = 200


class StripeError(Exception):
    """A refusal in Stripe's own words. `is_early`: refused before anything was executed.

    `missing` is the id that nobody has, if that is why.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = HTTPStatus.BAD_REQUEST,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        is_early: bool = False,
        missing: str | None = None,
    ) -> None:
        """Refuse with this message, type (`kind`), code and parameter."""
        super().__init__(message)
        self.message = message
        self.status = int(status)
        self.kind = kind
        self.code = code
        self.param = param
        self.is_early = is_early
        self.missing = missing

    def envelope(self) -> dict[str, Any]:
        """Return the body that says so."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = DOCS + self.code.replace("_", "-")
        if self.param is not None:
            error["param"] = self.param
        return {"error": error}


def shown(text: object) -> str:
    """Return what somebody sent, short enough to be repeated in a message."""
    whole = str(text).encode("utf-8", "replace").decode()
    return whole if len(whole) <= _SHOWN_LENGTH else f"{whole[:_SHOWN_LENGTH]}..."


def bad(message: str, param: str | None = None, code: str | None = None) -> StripeError:
    """Return the refusal of a parameter, made before anything is executed."""
    return StripeError(message, param=param, code=code, is_early=True)


def missing(param: str) -> StripeError:
    """Return the refusal for a required parameter that is not there."""
    return bad(f"Missing required param: {param}.", param, "parameter_missing")


def empty(param: str) -> StripeError:
    """Return the refusal for an empty value where one is needed."""
    return bad(
        f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset "
        f"a parameter; however '{param}' cannot be unset. You should remove '{param}' from your "
        "request or supply a non-empty value.",
        param,
        "parameter_invalid_empty",
    )


def unknown(names: list[str], known: Iterable[str]) -> StripeError:
    """Return the refusal for parameters that do not exist; a near miss gets a suggestion."""
    if len(names) > 1:
        listed = ", ".join(shown(name) for name in names[:10])
        return bad(f"Received unknown parameters: {listed}", shown(names[0]), "parameter_unknown")
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it

    name = shown(names[0])
    near = get_close_matches(name.rpartition("[")[2].rstrip("]"), list(known), 1)
    hint = f". Did you mean {near[0]}?" if near else ""
    return bad(f"Received unknown parameter: {name}{hint}", name, "parameter_unknown")


def no_such(thing: str, key: str, param: str, *, is_in_path: bool) -> StripeError:
    """Return the refusal for an id nobody has: 404 in a path, 400 in a parameter."""
    status = HTTPStatus.NOT_FOUND if is_in_path else HTTPStatus.BAD_REQUEST
    return StripeError(
        f"No such {thing}: '{shown(key)}'",
        status=status,
        code="resource_missing",
        param=param,
        missing=key,
    )


def unrecognized(method: str, path: str) -> StripeError:
    """Return the answer to a URL that does not exist."""
    message = f"Unrecognized request URL ({method}: {shown(path)}). {HELP}"
    if path.endswith("/") and len(path) > 1:
        message += " (Hint: Have you tried removing the trailing slash from the URL?)"
    return StripeError(message, status=HTTPStatus.NOT_FOUND, is_early=True)
