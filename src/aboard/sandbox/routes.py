"""Which operations are there? The one table of the sandbox's API, and how a path finds its place.

`ROUTES` is what `/_sandbox/coverage` shows and what the coverage contract walks.
"""

from aboard.sandbox.call import Route, Thing
from aboard.sandbox.v1 import (
    account_links,
    account_sessions,
    accounts,
    application_fees,
    balance,
    capabilities,
    charges,
    country_specs,
    events,
    external_accounts,
    files,
    login_links,
    oauth,
    payouts,
    persons,
    refunds,
    tokens,
    topups,
    transfers,
    webhook_endpoints,
)

_ROOMS = (
    accounts,
    account_links,
    account_sessions,
    capabilities,
    external_accounts,
    login_links,
    persons,
    tokens,
    files,
    charges,
    refunds,
    application_fees,
    transfers,
    payouts,
    topups,
    balance,
    country_specs,
    events,
    webhook_endpoints,
    oauth,
)
ROUTES: tuple[Route, ...] = tuple(route for room in _ROOMS for route in room.ROUTES)
THINGS: dict[str, Thing] = {thing.name: thing for room in _ROOMS for thing in room.THINGS}

_Place = tuple[tuple[str | None, ...], Route]


def _pattern(template: str) -> tuple[str | None, ...]:
    return tuple(None if part.startswith("{") else part for part in template.split("/"))


_BY_LENGTH: dict[tuple[str, int], list[_Place]] = {}
for _route in ROUTES:
    _parts = _pattern(_route.template)
    _BY_LENGTH.setdefault((_route.method, len(_parts)), []).append((_parts, _route))


def find(method: str, path: str) -> tuple[Route | None, tuple[str, ...]]:
    """Return the operation at a path, with the ids that the path holds."""
    parts = path.split("/")
    for pattern, route in _BY_LENGTH.get((method, len(parts)), ()):
        ids = []
        for wanted, part in zip(pattern, parts, strict=True):
            if wanted is None and part:
                ids.append(part)
            elif wanted != part:
                break
        else:
            return route, tuple(ids)
    return None, ()
