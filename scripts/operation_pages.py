"""What stands on the page of one operation of the creators API? The parts that the code knows.

Each is drawn from the description, which is drawn from the operation's row in
`aboard.api.creators.examples`: a new operation needs its row, and a page.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from http import HTTPStatus
from typing import Any, Final, cast

from aboard.api.creators.examples import SHOWCASE
from aboard.api.creators.routes import CreatorsApi, build_creators_router
from aboard.api.description import describe
from aboard.api.showing import Shown, limit_in_words
from aboard.flows.platform import Platform
from aboard.web.auth import Tokens
from aboard.web.door import Door

_MANY: Final = 7
_SERVICE: Final = "http://localhost:4242"
_ALWAYS_SENT: Final = (
    ("Authorization", "`Bearer` and the caller's token. Required."),
    ("Accept-Language", "The language of messages: `en`, `pt`, `es`, `de` or `fr`."),
    ("X-Request-Id", "Your own id for this call, up to 128 letters, digits, `.`, `_` and `-`."),
)


@cache
def _description() -> dict[str, Any]:
    platform = cast("Platform", None)  # nothing is asked: only the routes are read
    door = Door(platform, cast("Tokens", None), SHOWCASE.calls, SHOWCASE.window_seconds)
    router = build_creators_router(CreatorsApi(platform), door)
    description: dict[str, Any] = json.loads(describe([router], [SHOWCASE]))
    return description


@cache
def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of each operation, by its id."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in _description()["paths"].items()
        for method, operation in methods.items()
    }


def head(name: str) -> Iterator[str]:
    """Yield one line: method, path, who may, what it takes, how often."""
    method, path, operation = operations()[name]
    limit = operation["x-aboard-limit"]
    often = limit_in_words(limit["calls"], limit["windowSeconds"])
    body = "JSON body" if "requestBody" in operation else "no body"
    place = f"{_SERVICE}/reference#tag/creators/{method}{path}"
    yield f"`{method} {path}` · bearer token · {body} · {often} for each caller"
    yield ""
    yield f"Try it against a service on your machine: <{place}>"


def request(name: str) -> Iterator[str]:
    """Yield what a call takes: headers, query, body."""
    _, _, operation = operations()[name]
    yield "| in | name | meaning |"
    yield "|---|---|---|"
    for parameter in operation.get("parameters", ()):
        needed = " Required." if parameter.get("required") else ""
        yield f"| {parameter['in']} | `{parameter['name']}` | {_told(parameter)}{needed} |"
    for header, meaning in _ALWAYS_SENT:
        yield f"| header | `{header}` | {meaning} |"
    if (body := operation.get("requestBody")) is None:
        return
    yield ""
    yield "The body is one JSON object" + ("." if body.get("required") else ", or left out.")
    yield ""
    yield from _json(_first_example(body))


def answer(name: str) -> Iterator[str]:
    """Yield what comes back when it goes well: status, body, headers."""
    _, _, operation = operations()[name]
    ((status, well),) = (row for row in operation["responses"].items() if row[0] < "300")
    yield f"`{status} {HTTPStatus(int(status)).phrase}`"
    yield ""
    yield from _json(_first_example(well))
    yield ""
    yield "| header | meaning |"
    yield "|---|---|"
    shared = _description()["components"]["headers"]
    for header, told in well["headers"].items():
        yield f"| `{header}` | {shared.get(header, told)['description']} |"


def refusals(name: str) -> Iterator[str]:
    """Yield one row for each way in which it says no, by status."""
    yield "| status | `i18nKey` | `code` | when | what to do |"
    yield "|---|---|---|---|---|"
    for row in sorted(SHOWCASE.operations[name].refusals, key=lambda row: row.status):
        code = "the key" if row.code == row.key else f"`{row.code}`"
        yield f"| {row.status} | `{row.key}` | {code} | {row.when} | {row.remedy} |"


def effects(name: str) -> Iterator[str]:
    """Yield what happens, in order."""
    for number, effect in enumerate(SHOWCASE.operations[name].effects, 1):
        yield f"{number}. {effect}"


def siblings(name: str) -> Iterator[str]:
    """Yield the other operations, each with its page."""
    for other, shown in SHOWCASE.operations.items():
        if other != name:
            yield f"- {_link(other, shown)}"


def overview(_: str) -> Iterator[str]:
    """Yield one row for each operation."""
    yield "| operation | what for | answer |"
    yield "|---|---|---|"
    for name, shown in SHOWCASE.operations.items():
        method, path, operation = operations()[name]
        ((status, well),) = (row for row in operation["responses"].items() if row[0] < "300")
        names = list(_first_example(well)["data"])
        fields = ", ".join(names if len(names) < _MANY else [*names[:3], "..."])
        page = f"[{operation['summary']}](creators/{shown.page}.md)"
        yield f"| `{method} {path}` | {page} | {status} `{{{fields}}}` |"


PARTS: Final[dict[str, Callable[[str], Iterator[str]]]] = {
    "creators_head": head,
    "creators_request": request,
    "creators_answer": answer,
    "creators_refusals": refusals,
    "creators_effects": effects,
    "creators_siblings": siblings,
    "creators_overview": overview,
}


def find_part(name: str) -> Iterator[str] | None:
    """Return the lines of a generated part such as `creators_head_refreshCreatorLink`, if any."""
    part, _, operation = name.rpartition("_")
    if part in PARTS and operation in SHOWCASE.operations:
        return PARTS[part](operation)
    return PARTS[name]("") if name == "creators_overview" else None


def _link(name: str, shown: Shown) -> str:
    method, path, operation = operations()[name]
    return f"[{operation['summary']}]({shown.page}.md): `{method} {path}`"


def _told(parameter: dict[str, Any]) -> str:
    return re.sub(r"\s+", " ", parameter.get("description", "")).replace("|", "\\|")


def _first_example(part: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    (content,) = part["content"].values()
    return next(iter(content["examples"].values()))["value"]


def _json(value: object) -> Iterator[str]:
    yield "```json"
    yield json.dumps(value, indent=2, ensure_ascii=False)
    yield "```"
