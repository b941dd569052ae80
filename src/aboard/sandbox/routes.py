"""Which operations are there? The one table of the sandbox's API, and how a path finds its place.

`ROUTES` is what `/_sandbox/coverage` shows and what the coverage contract walks.
"""

from aboard.sandbox.call import Route
from aboard.sandbox.v1 import account_links, accounts, events, login_links, webhook_endpoints

ROUTES: tuple[Route, ...] = (
    *accounts.ROUTES,
    *account_links.ROUTES,
    *login_links.ROUTES,
    *events.ROUTES,
    *webhook_endpoints.ROUTES,
)

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
