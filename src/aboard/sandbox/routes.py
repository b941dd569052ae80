"""Which operations are there? The one table of the sandbox's API, and how a path finds its place.

A room of `v1/` or `v2/` is loaded when a request first comes to one of its paths, so that a start
pays for what is asked and not for all of Stripe Connect. `all_routes` is what `/_sandbox/coverage`
shows and what the coverage contract walks; it loads every room.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from aboard.sandbox.call import Route, Thing

# Which rooms answer under which second part of a path, the likeliest first.
_ROOMS_UNDER: Mapping[str, tuple[str, ...]] = {
    "account": ("accounts",),
    "accounts": ("accounts", "capabilities", "external_accounts", "login_links", "persons"),
    "account_links": ("account_links",),
    "account_sessions": ("account_sessions",),
    "tokens": ("tokens",),
    "files": ("files",),
    "charges": ("charges",),
    "refunds": ("refunds",),
    "application_fees": ("application_fees",),
    "transfers": ("transfers",),
    "payouts": ("payouts",),
    "topups": ("topups",),
    "balance": ("balance",),
    "balance_settings": ("balance",),
    "balance_transactions": ("balance",),
    "country_specs": ("country_specs",),
    "events": ("events",),
    "webhook_endpoints": ("webhook_endpoints",),
    "token": ("oauth",),
    "deauthorize": ("oauth",),
    "core": ("v2.event_destinations", "v2.events"),
}
_Pattern = tuple[str | None, ...]
_SECOND = 2


@cache
def all_routes() -> tuple[Route, ...]:
    """Return every operation, in the order in which they are looked up."""
    return tuple(route for name in _all_rooms() for route in import_module(name).ROUTES)


@cache
def all_things() -> Mapping[str, Thing]:
    """Return every kind of object that answers hold, by its name."""
    return MappingProxyType(
        {thing.name: thing for name in _all_rooms() for thing in import_module(name).THINGS}
    )


def find(method: str, path: str) -> tuple[Route | None, tuple[str, ...]]:
    """Return the operation at a path, with the ids that the path holds."""
    parts = path.split("/")
    head = parts[_SECOND] if len(parts) > _SECOND else ""
    for room in _ROOMS_UNDER.get(head, ()):
        for pattern, route in _places(room).get((method, len(parts)), ()):
            ids = []
            for wanted, part in zip(pattern, parts, strict=True):
                if wanted is None and part:
                    ids.append(part)
                elif wanted != part:
                    break
            else:
                return route, tuple(ids)
    return None, ()


@cache
def _places(room: str) -> Mapping[tuple[str, int], list[tuple[_Pattern, Route]]]:
    """Load a room; return its operations by method and number of parts."""
    found: dict[tuple[str, int], list[tuple[_Pattern, Route]]] = {}
    for route in import_module(_module(room)).ROUTES:
        pattern = _pattern(route.template)
        found.setdefault((route.method, len(pattern)), []).append((pattern, route))
    return found


def _pattern(template: str) -> _Pattern:
    return tuple(None if part.startswith("{") else part for part in template.split("/"))


def _module(room: str) -> str:
    return f"aboard.sandbox.{room}" if "." in room else f"aboard.sandbox.v1.{room}"


def _all_rooms() -> tuple[str, ...]:
    return tuple(dict.fromkeys(_module(room) for rooms in _ROOMS_UNDER.values() for room in rooms))
