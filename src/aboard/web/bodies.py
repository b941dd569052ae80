"""Is this body one that we read? Size, type, form and fields, before anything is done with it.

Refused are: more than 64 KiB, counted while it streams; another content type; what is not one
JSON object in UTF-8; a field twice; fields that we do not know, all of them named; wrong types.

Source: docs/api/organizations.md, requests; RFC 8259.
"""

import json
from collections.abc import Sequence
from typing import Any, Final, Never, TypeVar

import msgspec
from litestar import Request
from litestar.datastructures import URL
from litestar.types import Receive, Scope
from litestar.types.empty import Empty
from msgspec import inspect

from aboard.core.caller import Caller
from aboard.core.errors import InputRefused
from aboard.web.exchange import find_header

MAX_BODY_BYTES: Final = 64 * 1024
_TOO_LARGE: Final = 413
_WRONG_TYPE: Final = 415
_NAMED_FIELDS: Final = 20
T = TypeVar("T", bound=msgspec.Struct)


class StrictRequest(Request[Caller, Any, Any]):
    """A request whose JSON body is checked by our rules before a handler sees it."""

    @property
    def url(self) -> URL:
        """Return the path alone: a `Host` header may hold what is no address at all."""
        return URL.from_components(path=self.scope["path"])

    async def body(self) -> bytes:
        """Return the whole body, within the limit and of the right type.

        Raises:
            InputRefused: too large, of another type, or broken off.
        """
        if self._body is Empty:
            require_type(self.scope, "application/json")
            self._body = await read_body(self.scope, self.receive)
            if not self._body:
                raise InputRefused([("body", "is missing: send one JSON object")])
        return self._body

    async def json(self) -> Any:  # noqa: ANN401 - Litestar's signature
        """Return the body as the struct that the handler asks for.

        Raises:
            InputRefused: with every problem of the body at once.
        """
        wanted = self.route_handler.parsed_fn_signature.parameters["data"].annotation
        return read_struct(await self.body(), wanted)


async def read_body(scope: Scope, receive: Receive, limit: int = MAX_BODY_BYTES) -> bytes:
    """Return the whole body; stop reading as soon as it is over the limit.

    Raises:
        InputRefused: over the limit (413), or the caller went away.
    """
    announced = find_header(scope, b"content-length")
    if announced is not None and announced.isdigit() and int(announced[:20]) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise InputRefused([("body", "broke off")])
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def require_no_body(scope: Scope, receive: Receive) -> None:
    """Let a request without a body pass.

    Raises:
        InputRefused: it has one (400), or a very long one (413).
    """
    if await read_body(scope, receive):
        raise InputRefused([("body", "must be empty: this operation takes no body")])


def require_type(scope: Scope, wanted: str) -> None:
    """Let a body of this media type pass; parameters such as a charset of UTF-8 may follow.

    Raises:
        InputRefused: no type or another one (415).
    """
    given = (find_header(scope, b"content-type") or b"").decode("latin-1")
    media_type, _, parameters = given.partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if media_type.strip().lower() != wanted or charset not in {"", "charset=utf-8"}:
        raise InputRefused([("Content-Type", f"must be {wanted}")], status_hint=_WRONG_TYPE)


def read_struct(body: bytes, wanted: type[T]) -> T:
    """Read one JSON object into a struct, or name everything that is wrong with it.

    Raises:
        InputRefused: with every unknown, missing and mistyped field.
    """
    given = _read_object(body)
    is_escaped = b"\\u" in body
    fields = {field.encode_name: field for field in msgspec.structs.fields(wanted)}
    problems = [(name, "is not a known field") for name in given if name not in fields]
    for name, field in fields.items():
        if name in given:
            try:
                msgspec.convert(given[name], field.type)
                if is_escaped:
                    msgspec.json.encode(given[name])
            except msgspec.ValidationError as error:
                problems.append((name, _said(str(error), field.type)))
            except UnicodeError:  # half of a surrogate pair
                problems.append((name, "is not text"))
        elif field.required:
            problems.append((name, "is missing"))
    if problems:
        raise InputRefused(problems[:_NAMED_FIELDS])
    return msgspec.convert(given, wanted)


def _said(problem: str, wanted: object) -> str:
    """Say what would be right, where msgspec only says what is wrong."""
    kind = inspect.type_info(wanted)
    if problem.startswith("Invalid enum value") and (known := _known_words(kind)):
        return f"must be one of: {', '.join(known)}"
    if "matching regex" in problem and (meaning := _meaning(kind)):
        return f"does not have the right form: {meaning}"
    return problem


def _known_words(kind: inspect.Type) -> list[str]:
    match kind:
        case inspect.EnumType(cls=words):
            return [str(word.value) for word in words]
        case inspect.LiteralType(values=values):
            return [str(value) for value in values]
        case inspect.UnionType(types=kinds):
            return [word for each in kinds for word in _known_words(each)]
        case inspect.ListType(item_type=each) | inspect.Metadata(type=each):
            return _known_words(each)
        case _:
            return []


def _meaning(kind: inspect.Type) -> str | None:
    match kind:
        case inspect.Metadata(extra_json_schema={"description": str(meaning)}):
            return meaning
        case inspect.UnionType(types=kinds):
            return next((said for each in kinds if (said := _meaning(each))), None)
        case _:
            return None


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError:
        raise InputRefused([("body", "is not UTF-8")]) from None
    except RecursionError:
        raise InputRefused([("body", "is nested too deeply")]) from None
    except ValueError:
        raise InputRefused([("body", "is not JSON")]) from None
    if not isinstance(given, dict):
        raise InputRefused([("body", "must be one JSON object")])
    return given


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        raise InputRefused(
            [(name, "is given more than once") for name in fields if names.count(name) > 1][
                :_NAMED_FIELDS
            ]
        )
    return fields


def _refuse_constant(_: str) -> Never:
    raise ValueError


def _too_large(limit: int) -> InputRefused:
    return InputRefused(
        [("body", f"must not be larger than {limit} bytes")], status_hint=_TOO_LARGE
    )
