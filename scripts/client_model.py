"""What does the description say that a Python client needs? Words, shapes and methods.

What is decided by hand stands in the tables: good names, and which operations are none of a
client's. Whatever the tables do not know gets a name from the description.

Source: OpenAPI 3.1; ADR-0021, the Python client.
"""

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Json = Mapping[str, Any]

# Group and part of a tag's operations; nothing for what a browser visits. A part is a file.
TAGS: Final[Mapping[str, tuple[str, str] | None]] = {
    "Directory": ("organizations", "directory"),
    "Organizations": ("organizations", "connections"),
    "Sign-in": ("auth", "auth"),
    "Visits": None,
}
PARTS: Final = {
    r"/(account-shape|go-live-policy)$": "plans",
    r"/members(/|$)": "members",
    r"/kyc/": "kyc",
}
NAMES: Final[Mapping[str, str]] = {
    "POST /api/v1/creators/upgrade": "upgrade",
    "POST /api/v1/creators/stripe-connect/initiate": "initiate",
    "POST /api/v1/creators/stripe-connect/refresh-link": "refresh_link",
    "GET /api/v1/creators/stripe-connect/status": "status",
    "POST /api/v1/creators/stripe-connect/dashboard-link": "dashboard_link",
    "GET /api/v1/creators/profile": "profile",
    "PATCH /api/v1/creators/profile": "change_profile",
    "GET /api/v1/creators/payout-settings": "payout_settings",
    "POST /api/v1/creators/kyc/start": "start_kyc",
    "GET /api/v1/creators/kyc/status": "kyc_status",
    "POST /api/v1/auth/register": "register",
    "POST /api/v1/auth/confirm": "confirm",
    "POST /api/v1/auth/login": "login",
    "POST /api/v1/auth/refresh": "refresh",
    "POST /api/v1/auth/logout": "logout",
    "GET /api/v1/auth/sessions": "sessions",
    "DELETE /api/v1/auth/sessions/{}": "revoke_session",
    "POST /api/v1/auth/sessions/revoke-others": "revoke_other_sessions",
    "GET /v1/health": "read",
    "POST /v1/connect/accounts/onboarding-links": "onboarding_link",
    "POST /v1/connect/accounts/{}/login-links": "login_link",
    "POST /v1/connect/accounts/{}/account-sessions": "account_session",
    "POST /v1/connect/accounts/{}/page-links": "page_link",
    "GET /v1/connect/accounts/{}": "connection",
    "GET /v1/connect/accounts/{}/requirements": "requirements",
    "GET /v1/connect/accounts/{}/setup-state": "setup_state",
    "GET /v1/organizations": "list_organizations",
    "POST /v1/organizations": "create",
    "GET /v1/organizations/{}": "get",
    "PATCH /v1/organizations/{}": "change",
}
_PLACE: Final = re.compile(r"\{(\w+)\}")
_SESSION_PREFIX: Final = "/api/v1/auth/"
_PLAIN_ADDRESSES: Final = frozenset({"bioPageUrl", "returnUrl", "refreshUrl"})
_SECRETS: Final = frozenset({"accessToken", "clientSecret", "password", "refreshToken", "token"})
_SIMPLE: Final = {"boolean": "bool", "integer": "int", "number": "float", "null": "None"}


@dataclass(frozen=True)
class Field:
    """A field of a shape, or an argument of a method."""

    name: str
    wire: str
    kind: str
    is_required: bool
    doc: str = ""


@dataclass(frozen=True)
class Words:
    """A list of words that may grow."""

    name: str
    doc: str
    words: tuple[str, ...]


@dataclass
class Shape:
    """An object in an answer, or a nested one in a request."""

    name: str
    doc: str
    fields: list[Field]
    used_by: set[str] = field(default_factory=set)
    is_whole: bool = False
    has_source_header: bool = False


@dataclass
class Method:
    """One operation as a method."""

    name: str
    group: str
    part: str
    http: str
    path: str
    shape: str
    doc: str
    positional: list[Field]
    arguments: list[Field]
    query: dict[str, str]
    body: dict[str, str] | None
    flags: list[str]


@dataclass
class Described:
    """Everything that is written."""

    words: dict[str, Words] = field(default_factory=dict)
    asked_words: set[str] = field(default_factory=set)
    shapes: dict[str, Shape] = field(default_factory=dict)
    methods: list[Method] = field(default_factory=list)


def snake(name: str) -> str:
    """Return a name of the wire as Python has it.

    >>> snake("stripeAccountId"), snake("fees.payer"), snake("class")
    ('stripe_account_id', 'fees_payer', 'class_')
    """
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", re.sub(r"\W+", "_", name)).lower()
    return f"{text}_" if keyword.iskeyword(text) else text


def read_description(description: Json) -> Described:
    """Return what the client is written from."""
    return _Reader(description).read()


class _Reader:
    """One pass over the operations; shapes are read where they are first met."""

    def __init__(self, description: Json) -> None:
        self._paths: Json = description["paths"]
        self._schemas: Json = description["components"]["schemas"]
        self._described = Described()
        self._names = _short_names(self._schemas)

    def read(self) -> Described:
        for path, methods in self._paths.items():
            for http, operation in methods.items():
                tag = (operation.get("tags") or ["Other"])[0]
                place = TAGS.get(tag, (snake(tag), snake(tag)))
                if place is not None:
                    self._read_operation(path, http.upper(), operation, place)
        return self._described

    def _read_operation(
        self, path: str, http: str, operation: Json, place: tuple[str, str]
    ) -> None:
        group, part = place
        for pattern, other in PARTS.items():
            part = other if re.search(pattern, path) else part
        takes = {(each["in"], each["name"]): each for each in operation.get("parameters", ())}
        walked = [self._argument(each) for (where, _), each in takes.items() if where == "path"]
        asked = [self._argument(each) for (where, _), each in takes.items() if where == "query"]
        sent, body = self._body(operation.get("requestBody"), group)
        if sent and sent[0].wire == "organizationId" and sent[0].is_required:
            walked.append(sent.pop(0))
        flags, shape = self._answer(operation, group)
        if ("header", "Idempotency-Key") in takes:
            flags.append("is_keyed")
        flags += ["is_public"] if operation.get("security") in (None, [], [{}]) else []
        if body is not None and not operation["requestBody"].get("required"):
            flags.append("may_be_bodiless")
        flags += ["is_session"] if path.startswith(_SESSION_PREFIX) else []
        self._described.methods.append(
            Method(
                name=NAMES.get(f"{http} {_PLACE.sub('{}', path)}", snake(operation["operationId"])),
                group=group,
                part=part,
                http=http,
                path=_PLACE.sub(lambda slot: f"{{{snake(slot[1])}}}", path),
                shape=shape,
                doc=operation.get("description") or operation.get("summary") or "",
                positional=walked,
                arguments=sorted([*asked, *sent], key=lambda each: not each.is_required),
                query={each.name: each.wire for each in asked},
                body=body,
                flags=flags,
            )
        )

    def _argument(self, parameter: Json) -> Field:
        schema = parameter["schema"]
        return Field(
            snake(parameter["name"]),
            parameter["name"],
            self._kind(schema, parameter["name"], group=None),
            bool(parameter.get("required")),
            schema.get("description", "") if parameter["in"] == "query" else "",
        )

    def _body(self, body: Json | None, group: str) -> tuple[list[Field], dict[str, str] | None]:
        if body is None:
            return [], None
        schema = self._schemas[_name(body["content"]["application/json"]["schema"])]
        fields = list(self._fields(schema, group, is_request=True))
        return fields, {each.name: each.wire for each in fields}

    def _answer(self, operation: Json, group: str) -> tuple[list[str], str]:
        good = [answer for status, answer in operation["responses"].items() if status < "300"]
        content = good[0].get("content", {}) if good else {}
        schema = content.get("application/json", {}).get("schema", {})
        if "$ref" not in schema:
            return [], "Done"
        flags = []
        properties = self._schemas[_name(schema)].get("properties", {})
        if "success" in properties:
            if "$ref" not in properties.get("data", {}):
                return [], "Done"
            flags.append("is_enveloped")
            schema = properties["data"]
        shape = self._shape(_name(schema), group)
        shape.is_whole = True
        headers = good[0].get("headers", {})
        shape.has_source_header |= "X-Status-Source" in headers
        return flags, shape.name

    def _shape(self, ref: str, group: str, *, is_request: bool = False) -> Shape:
        name = self._names[ref]
        shape = self._described.shapes.get(name)
        if shape is None:
            schema = self._schemas[ref]
            shape = Shape(name, schema.get("description", ""), [])
            self._described.shapes[name] = shape
            shape.fields.extend(self._fields(schema, group, is_request=is_request))
        if group not in shape.used_by:
            shape.used_by.add(group)
            for _ in self._fields(self._schemas[ref], group, is_request=is_request):
                pass  # what it holds is used there too
        return shape

    def _fields(self, schema: Json, group: str, *, is_request: bool) -> Iterator[Field]:
        required = set(schema.get("required", ()))
        for wire, inner in schema.get("properties", {}).items():
            kind = self._kind(inner, wire, group, is_request=is_request)
            kind = "Any" if kind == "None" else kind  # nothing today, something another day
            yield Field(snake(wire), wire, kind, wire in required, inner.get("description", ""))

    def _kind(self, schema: Json, wire: str, group: str | None, *, is_request: bool = True) -> str:
        """Return the annotation of a value; `group` is missing for what stands in an address."""
        if "$ref" in schema:
            return self._referred(_name(schema), group, is_request=is_request)
        for several in ("allOf", "oneOf", "anyOf"):
            if several in schema:
                parts = [
                    self._kind(each, wire, group, is_request=is_request) for each in schema[several]
                ]
                return " | ".join(dict.fromkeys(parts))
        kinds = schema.get("type", "any")
        kinds = (
            [kinds] if isinstance(kinds, str) else sorted(kinds, key=lambda each: each == "null")
        )
        found = [self._simple(each, schema, wire, group, is_request) for each in kinds]
        return " | ".join(found)

    def _simple(
        self,
        kind: str,
        schema: Json,
        wire: str,
        group: str | None,
        is_request: bool,  # noqa: FBT001 - told from one call to the next
    ) -> str:
        if kind in _SIMPLE:
            return _SIMPLE[kind]
        if kind == "array":
            inner = self._kind(schema["items"], wire, group, is_request=is_request)
            return (
                f"Sequence[{inner}]" if is_request and group is not None else f"tuple[{inner}, ...]"
            )
        if kind == "object":
            value = "Any"
            if isinstance(values := schema.get("additionalProperties"), dict) and values:
                value = self._kind(values, wire, group, is_request=is_request)
            return f"{'Mapping' if is_request else 'dict'}[str, {value}]"
        return _text_kind(schema, wire, is_request=is_request) if kind == "string" else "Any"

    def _referred(self, ref: str, group: str | None, *, is_request: bool) -> str:
        schema = self._schemas[ref]
        if "enum" not in schema:
            return self._shape(ref, group or "", is_request=is_request).name
        name = self._names[ref]
        words = tuple(word for word in schema["enum"] if word is not None)
        self._described.words[name] = Words(name, schema.get("description", ""), words)
        if is_request:
            self._described.asked_words.add(name)
            return f"{name}Name"
        return name


def _text_kind(schema: Json, wire: str, *, is_request: bool) -> str:
    words = [word for word in schema.get("enum", ()) if word is not None]
    if words:
        return f"Literal[{', '.join(repr(word) for word in words)}]" if is_request else "str"
    if schema.get("format") == "date-time":
        return "datetime"
    if wire in _SECRETS:
        return "str | Secret" if is_request else "Secret"
    is_link = wire == "url" or (wire.endswith("Url") and wire not in _PLAIN_ADDRESSES)
    return "BearerUrl" if is_link and not is_request else "str"


def _name(schema: Json) -> str:
    reference: str = schema["$ref"]
    return reference.rpartition("/")[2]


def _short_names(schemas: Json) -> dict[str, str]:
    """Return a class name for each schema: its last word, or all of it where that is taken."""
    names: dict[str, str] = {}
    for ref in sorted(schemas, key=len):
        words = [word for word in re.split(r"\W+|_", ref) if word not in {"", "schemas"}]
        short = words[-1]
        whole = "".join(word[:1].upper() + word[1:] for word in words)
        names[ref] = whole if short in names.values() else short
    return names
