"""What is one of Stripe's operations, told so that a form, a tool and an allow-list can use it?

The words are ours; names, types, required marks and enums are Stripe's, API version
2026-10-28.endive. The data lies beside `catalogue`.

Source: ADR-0029, the gateway; docs/gateway/operations.md.
"""

from dataclasses import dataclass
from enum import StrEnum

LINK_RESOURCES = frozenset({"account_links", "login_links", "v2.core.account_links"})
"""What answers with a bearer URL: shown to the caller once, never written down."""


class Generation(StrEnum):
    """Stripe's two generations of API; they differ in how parameters travel."""

    V1 = "v1"
    V2 = "v2"


class Verb(StrEnum):
    """What an operation does to its resource. Only `read` leaves everything as it was."""

    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Place(StrEnum):
    """Where a parameter travels."""

    PATH = "path"
    QUERY = "query"
    BODY = "body"
    HEADER = "header"


class BodyKind(StrEnum):
    """How the body is written; `multipart` is for files alone."""

    NONE = "none"
    FORM = "form"
    JSON = "json"
    MULTIPART = "multipart"


class Kind(StrEnum):
    """The type of one value. `timestamp` is in Unix seconds in v1 and RFC 3339 in v2."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    FILE = "file"
    OBJECT = "object"
    MAP = "map"
    ARRAY = "array"


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of one value. `members` belong to objects, `items` to arrays and to maps.

    `is_clearable`: the empty string (v1) or null (v2) takes the value away. `others` are further
    shapes that may stand in this one's place, such as a card where a bank account is described.
    """

    kind: Kind
    enum: tuple[str, ...] = ()
    members: tuple["Parameter", ...] = ()
    items: "Shape | None" = None
    is_clearable: bool = False
    others: tuple["Shape", ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of an operation, or one member of an object in it."""

    name: str
    place: Place
    shape: Shape
    description: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class AccountPlace:
    """Where a call can name a connected account: a parameter or a header, by its name."""

    place: Place
    name: str


UNKNOWN_PERMISSION = "unknown"
"""What stands in `permission` where Stripe's permissions reference is silent."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `namespace` and `name` address it as a tool, `resource` and `verb` allow it.

    `path` is a template such as `/v1/accounts/{account}`. `permission` is what a restricted key
    needs for it, by Stripe's own name, such as `account_link_write`; a question mark behind it
    says that the reference has no row for this resource, only for the one above it. `accounts`
    are all the places where this call can name a connected account, the two headers among them.
    """

    namespace: str
    name: str
    resource: str
    verb: Verb
    generation: Generation
    method: str
    path: str
    body: BodyKind
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    permission: str
    answers: str
    accounts: tuple[AccountPlace, ...]

    @property
    def id(self) -> str:
        """Return the name that is unique, such as `account_links.create`."""
        return f"{self.namespace}.{self.name}"

    @property
    def grant(self) -> str:
        """Return the word of the allow-list that lets this pass, such as `account_links:create`."""
        return f"{self.resource}:{self.verb}"

    @property
    def is_write(self) -> bool:
        """Say whether it changes anything at Stripe."""
        return self.verb is not Verb.READ

    @property
    def makes_link(self) -> bool:
        """Say whether its answer holds a bearer URL."""
        return self.resource in LINK_RESOURCES
