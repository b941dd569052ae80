"""What does every control need? What was asked, of which world and account, and lists.

Controls have no key. They find a world by `account`, by `platform` (its account's id) or by `key`,
which is never repeated.
"""

from collections.abc import Awaitable, Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from aboard.sandbox.account import Account
from aboard.sandbox.views.v1 import account_view
from aboard.sandbox.wire.errors import bad, no_such
from aboard.sandbox.wire.keys import read_key
from aboard.sandbox.wire.params import Integer, Kind, Params, Text
from aboard.sandbox.world import World
from aboard.sandbox.worlds import Worlds

if TYPE_CHECKING:
    from aboard.sandbox.delivery import Postman

Answer = dict[str, Any]
FARTHEST = 10 * 366 * 24 * 3600
LATEST = 253_402_300_799
DEFAULT_ROWS, MOST_ROWS = 100, 1000
WORLD: dict[str, Kind] = {"key": Text(is_clearable=False), "platform": Text(is_clearable=False)}
WHOSE: dict[str, Kind] = {**WORLD, "account": Text(is_clearable=False)}
LIST = Params({**WHOSE, "limit": Integer(low=1, high=MOST_ROWS)})
NONE = Params()


class Visitor(Struct):
    """One request to the control: what it names, what it says, and where it came to."""

    worlds: Worlds
    postman: "Callable[[], Postman]"
    ids: tuple[str, ...]
    params: dict[str, Any]
    origin: str = ""
    body: bytes = b""


class Control(Struct, frozen=True):
    """One thing that can be looked at or done."""

    method: str
    template: str
    handler: Callable[[Visitor], Answer | bytes | Awaitable[Answer]]
    """Answers JSON, or lines of it as bytes."""
    params: Params = NONE
    takes_lines: bool = False
    """The body is lines of JSON, and parameters stand in the query."""


def chosen_worlds(visitor: Visitor) -> tuple[World, ...]:
    """Return the worlds that a request means: one, or all when it names none.

    Raises:
        StripeError: it names one that is not there.
    """
    params = visitor.params
    if params.get("account") is not None:
        return (find_account(visitor, params["account"], is_in_path=False)[0],)
    if params.get("key") is not None:
        return (visitor.worlds.world(read_key(f"Bearer {params['key']}")),)
    if params.get("platform") is not None:
        for world in visitor.worlds:
            if world.platform.id == params["platform"]:
                return (world,)
        raise no_such("platform", params["platform"], "platform", is_in_path=False)
    return tuple(visitor.worlds)


def the_world(visitor: Visitor) -> World:
    """Return the one world that a request means.

    Raises:
        StripeError: it names none, and there is not exactly one.
    """
    worlds = chosen_worlds(visitor)
    if len(worlds) == 1:
        return worlds[0]
    how_many = "There are several worlds" if worlds else "There is no world yet"
    raise bad(f"{how_many}: say which by the key that opens it, or its platform's account.", "key")


def find_account(
    visitor: Visitor, account_id: str, *, is_in_path: bool = True
) -> tuple[World, Account]:
    """Return an account and its world, also one that was disconnected.

    Raises:
        StripeError: nobody has it.
    """
    world = visitor.worlds.world_of(account_id)
    account = None if world is None else world.accounts.get(account_id)
    if world is None or account is None:
        raise no_such("account", account_id, "account", is_in_path=is_in_path)
    return world, account


def show_account(world: World, account: Account) -> Answer:
    """Return an account as the platform would see it."""
    return account_view.render(account, world.now())


def listed(visitor: Visitor, rows: Iterable[Answer]) -> Answer:
    """Return as many rows as were asked for."""
    limit = visitor.params.get("limit") or DEFAULT_ROWS
    shown = list(islice(rows, limit + 1))
    return {"object": "list", "data": shown[:limit], "has_more": len(shown) > limit}
