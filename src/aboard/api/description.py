"""What does the API look like to a machine? OpenAPI 3.1, drawn from the types of the routes.

Types, ids and statuses come from the routes; examples and headers from each dialect's showcase.
Litestar's own pages would load their scripts from a network; this description needs none.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib.metadata import version
from typing import Any, Final

import msgspec
from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.routes import HTTPRoute
from litestar.serialization import encode_json

from aboard.api.showing import Refusal, Showcase, Shown, limit_in_words
from aboard.web.answer import PageAnswer
from aboard.web.door import LIMIT_FACTOR, calls_of

_JSON: Final = "application/json"
_HTML: Final = "text/html; charset=utf-8"
_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_OWN_WORDS: Final = {
    "organization_id": "organizationId",
    "user_id": "userId",
    "session_id": "sessionId",
    "creator_id": "creatorId",
}
_NAME_IN_A_PATH: Final = "^[!-.0-~]{1,255}$"
_SIGN_IN: Final = "Sign-in"
_NO_CONTENT: Final = "204"
_WENT_WELL: Final = {"200", "201", "204"}
_HEADERS: Final = {
    "X-Request-Id": "The request's id; one that came in is kept.",
    "RateLimit-Limit": "How many calls a window takes.",
    "RateLimit-Remaining": "How many are left in this window.",
    "RateLimit-Reset": "Seconds until the window is new.",
    "Retry-After": "Seconds after which the same request makes sense again.",
    "WWW-Authenticate": "`Bearer`.",
}
_LIMITED: Final = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_RETRIED: Final = {"429", "503"}


def describe(
    routes: Sequence[Router | HTTPRouteHandler], showcases: Sequence[Showcase] = ()
) -> bytes:
    """Return the OpenAPI description of these routes as JSON, with the examples of the showcases.

    They are registered in an application of their own, which answers nothing: so the one that
    answers carries none of Litestar's pages.
    """
    bearer = SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")
    config = OpenAPIConfig(
        title="Aboard",
        version=version("aboard"),
        description="Stripe Connect onboarding for creators and organizations, and signing in.",
        components=Components(security_schemes={"bearer": bearer}),
        use_handler_docstrings=True,
    )
    shown = Litestar(list(routes), openapi_config=config, logging_config=None)
    description = msgspec.json.decode(encode_json(shown.openapi_schema.to_schema()))
    _name_paths(description)
    _say_what_routes_cannot(description)
    shares = _shares(shown)
    told = {
        name: (one, showcase) for showcase in showcases for name, one in showcase.operations.items()
    }
    for operation in _operations(description):
        if (found := told.get(operation["operationId"])) is not None:
            _show_refusals(operation, found[0])
    _add_headers(description)
    for operation in _operations(description):
        if (found := told.get(name := operation["operationId"])) is not None:
            if _is_limited(operation):
                _show_limit(operation, *found, shares.get(name, 1))
            _show(operation, *found)
    return msgspec.json.encode(description)


def description_answer(description: bytes) -> PageAnswer:
    """Return the description as an answer."""
    return PageAnswer(
        description.decode(), kind=(b"content-type", b"application/vnd.oai.openapi+json")
    )


def _operations(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in description["paths"].values():
        yield from methods.values()


def _name_paths(description: dict[str, Any]) -> None:
    """Give what stands in a path the name that it has in bodies."""
    description["paths"] = {
        re.sub(r"\{(\w+)\}", lambda found: f"{{{_OWN_WORDS[found[1]]}}}", path): methods
        for path, methods in description["paths"].items()
    }
    for operation in _operations(description):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path":
                parameter["name"] = _OWN_WORDS[parameter["name"]]
                parameter["schema"] = {"type": "string", "pattern": _NAME_IN_A_PATH}


def _say_what_routes_cannot(description: dict[str, Any]) -> None:
    """Close request bodies to unknown fields, and leave a 204 without any body."""
    schemas = description["components"]["schemas"]
    for operation in _operations(description):
        if (body := operation.get("requestBody")) is not None:
            reference: str = body["content"][_JSON]["schema"]["$ref"]
            schemas[reference.rpartition("/")[2]]["additionalProperties"] = False
        operation["responses"].get(_NO_CONTENT, {}).pop("content", None)
        for status in _WENT_WELL & operation["responses"].keys():
            # The framework's words are those of HTTP's list of statuses.
            operation["responses"][status]["description"] = "It went well."


def _add_headers(description: dict[str, Any]) -> None:
    description["components"]["headers"] = {
        name: {"description": meaning, "schema": {"type": "string"}}
        for name, meaning in _HEADERS.items()
    }
    for operation in _operations(description):
        is_limited = _is_limited(operation)
        for status, answer in operation["responses"].items():
            names = ["X-Request-Id"]
            names += _LIMITED if is_limited and status != "401" else ()
            names += ["WWW-Authenticate"] if status == "401" else ()
            names += ["Retry-After"] if status in _RETRIED else ()
            given = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
            answer["headers"] = {**answer.get("headers", {}), **given}


def _show(operation: dict[str, Any], one: Shown, showcase: Showcase) -> None:
    if one.effects:
        _show_effects(operation, one)
    operation.setdefault("parameters", []).extend(
        {"name": name, "in": "header", "description": meaning, "schema": {"type": "string"}}
        for name, meaning in one.takes.items()
    )
    if one.body is not None:
        operation["requestBody"]["content"][_JSON]["examples"] = _example(one.body)
        operation["requestBody"]["required"] = not one.is_body_optional
    for status, answer in operation["responses"].items():
        is_refusal = int(status) >= 400  # noqa: PLR2004 - by definition
        if not is_refusal:
            answer["headers"].update(
                (name, {"description": meaning, "schema": {"type": "string"}})
                for name, meaning in one.gives.items()
            )
        refusals = {**showcase.refusals, **one.fails}
        example = refusals.get(int(status)) if is_refusal else one.answer
        is_told = is_refusal and bool(one.refusals)
        if example is not None and "content" in answer and not is_told:
            answer["content"][_JSON]["examples"] = _example(example)
        if one.is_page:
            page = {_HTML: {"schema": {"type": "string"}}}
            answer["content"] = {**answer["content"], **page} if is_refusal else page


def _shares(app: Litestar) -> dict[str, Fraction | int]:
    """Return by how much each operation's limit differs from the dialect's, by its id."""
    handlers = (
        handler
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
    )
    return {str(handler.operation_id): handler.opt.get(LIMIT_FACTOR, 1) for handler in handlers}


def _is_limited(operation: dict[str, Any]) -> bool:
    return _is_for_callers(operation) or _SIGN_IN in operation.get("tags", ())


def _is_for_callers(operation: dict[str, Any]) -> bool:
    return operation.get("security") == [{"bearer": []}]


def _show_limit(
    operation: dict[str, Any], one: Shown, showcase: Showcase, share: Fraction | int
) -> None:
    calls = calls_of(showcase.calls, share) if one.calls is None else one.calls
    window = showcase.window_seconds
    per = "caller" if _is_for_callers(operation) else "address"
    operation["x-aboard-limit"] = {"calls": calls, "windowSeconds": window, "per": per}
    operation["description"] += f"\n\n**Limit**: {limit_in_words(calls, window)} for each {per}."


def _show_effects(operation: dict[str, Any], one: Shown) -> None:
    operation["x-aboard-effects"] = list(one.effects)
    steps = "\n".join(f"{number}. {effect}" for number, effect in enumerate(one.effects, 1))
    operation["description"] += f"\n\n**What happens, in order**\n\n{steps}"


def _show_refusals(operation: dict[str, Any], one: Shown) -> None:
    """Tell every refusal under its status, also where the routes have no word of that status."""
    responses = operation["responses"]
    rows: dict[str, list[Refusal]] = {}
    for row in one.refusals:
        rows.setdefault(str(row.status), []).append(row)
    schema = next((responses[status]["content"][_JSON]["schema"] for status in rows), None)
    for status, told in sorted(rows.items()):
        answer = responses.setdefault(status, {"content": {_JSON: {}}})
        answer["description"] = "\n".join(f"- `{row.key}`: {_plain(row.when)}" for row in told)
        answer["content"][_JSON] = {
            "schema": schema,
            "examples": {
                row.key: {
                    "summary": _plain(row.when),
                    "description": _plain(row.remedy),
                    "value": msgspec.to_builtins(row.answer),
                }
                for row in told
            },
        }
    operation["responses"] = dict(sorted(responses.items()))


def _plain(words: str) -> str:
    """Return words of a page where its links lead nowhere."""
    return _LINK.sub(r"\1", words)


def _example(value: object) -> dict[str, Any]:
    return {"example": {"value": msgspec.to_builtins(value)}}
