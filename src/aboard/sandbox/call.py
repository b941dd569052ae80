"""One request on its way: who asks, in which world, with what; and the table of operations."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from aboard.sandbox.account import Account
from aboard.sandbox.events import API_VERSION
from aboard.sandbox.wire.params import Items, Kind, Params, Text
from aboard.sandbox.world import World

EXPAND: Kind = Items(Text(is_required=True))


class Upload(Struct, frozen=True):
    """A file that came with a request."""

    name: str
    media_type: str
    data: bytes


class Call(Struct):
    """A request whose key, version and parameters hold.

    `actor` is the connected account it acts as (`Stripe-Account`), if any. `origin` is where the
    request came to: `http://localhost:12111`. `version` is the API version it speaks.
    """

    world: World
    origin: str
    path: str
    ids: tuple[str, ...] = ()
    params: dict[str, Any] = {}
    actor: Account | None = None
    version: str = API_VERSION
    upload: Upload | None = None

    @property
    def owner(self) -> str | None:
        """Return whose shelves are meant: the acting account's id, or `None` for the platform."""
        return None if self.actor is None else self.actor.id


Handler = Callable[[Call], dict[str, Any]]


class Route(Struct, frozen=True):
    """One operation: its place on the wire, its parameters, and what answers it.

    `template` holds ids in braces: `/v1/accounts/{account}`. `answers` is the name of the `Thing`
    that it returns, or returns a list of: its expandable paths are what `expand[]` may name.
    `older` holds the parameters of API versions before a date, oldest first:
    `(("2026-10-28", params),)`. `takes_file`: the body is multipart. `is_oauth`: the key may come
    as the parameter `client_secret`, and no answer is given twice.
    """

    method: str
    template: str
    handler: Handler
    params: Params = field(default_factory=Params)
    answers: str = ""
    is_list: bool = False
    older: tuple[tuple[str, Params], ...] = ()
    takes_file: bool = False
    is_oauth: bool = False

    def params_of(self, version: str) -> Params:
        """Return the parameters that the operation has in an API version."""
        for before, params in self.older:
            if version < before:
                return params
        return self.params


def _unnamed(_call: Call, _id: str) -> None:
    """Show nothing: no other object names this one by its id."""


class Thing(Struct, frozen=True):
    """A kind of object in answers, for `expand[]`.

    `name` is its `object`: `transfer`. `show` renders the one with an id as this caller sees it,
    or returns `None` when there is none for this caller. `expands` maps paths within the object
    that hold an id, an embedded object or a list of either to the name of what stands there:
    `{"destination": "account", "reversals.data": "transfer_reversal"}`.
    """

    name: str
    show: Callable[[Call, str], dict[str, Any] | None] = _unnamed
    expands: Mapping[str, str] = {}


def with_expand(kinds: Mapping[str, Kind]) -> Params:
    """Return an operation's parameters with `expand` beside them."""
    return Params({**kinds, "expand": EXPAND})
