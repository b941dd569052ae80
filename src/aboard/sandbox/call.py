"""One request on its way: who asks, in which world, with what; and the table of operations."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from aboard.sandbox.account import Account
from aboard.sandbox.wire.params import Items, Kind, Params, Text
from aboard.sandbox.world import World

EXPAND: Kind = Items(Text(is_required=True))


class Call(Struct):
    """A request whose key, version and parameters hold.

    `actor` is the connected account it acts as (`Stripe-Account`), if any. `origin` is where the
    request came to: `http://localhost:12111`.
    """

    world: World
    origin: str
    path: str
    ids: tuple[str, ...] = ()
    params: dict[str, Any] = {}
    actor: Account | None = None


Handler = Callable[[Call], dict[str, Any]]


class Route(Struct, frozen=True):
    """One operation: its place on the wire, its parameters, and what answers it.

    `template` holds ids in braces: `/v1/accounts/{account}`. `expandable` are the paths that
    `expand[]` may name.
    """

    method: str
    template: str
    handler: Handler
    params: Params = field(default_factory=Params)
    expandable: frozenset[str] = frozenset()
    is_list: bool = False


def with_expand(kinds: Mapping[str, Kind]) -> Params:
    """Return an operation's parameters with `expand` beside them."""
    return Params({**kinds, "expand": EXPAND})
