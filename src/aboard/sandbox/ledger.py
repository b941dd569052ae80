"""Things in the order they came, found by id, read newest first in pages.

A page costs what it shows, however many things there are.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Ledger(Generic[T]):
    """An append-only order with holes where things were removed."""

    __slots__ = ("_order", "_places")

    def __init__(self) -> None:
        """Begin empty."""
        self._order: list[T | None] = []
        self._places: dict[str, int] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._places)

    def __contains__(self, key: str) -> bool:
        """Say whether there is one called so."""
        return key in self._places

    def __iter__(self) -> Iterator[T]:
        """Go through all, oldest first."""
        return (item for item in self._order if item is not None)

    def add(self, key: str, item: T) -> None:
        """Append one."""
        self._places[key] = len(self._order)
        self._order.append(item)

    def get(self, key: str) -> T | None:
        """Return the one called so."""
        place = self._places.get(key)
        return None if place is None else self._order[place]

    def remove(self, key: str) -> None:
        """Forget one; cursors of the others keep their places."""
        self._order[self._places.pop(key)] = None

    def page(
        self,
        *,
        limit: int,
        after: str | None = None,
        before: str | None = None,
        keep: Callable[[T], bool] | None = None,
    ) -> tuple[list[T], bool]:
        """Return up to `limit` items, newest first, and whether there are more that way.

        `after` and `before` are ids that must be known: older than, or newer than, that one.
        """
        newest = len(self._order)
        if before is not None:
            places = range(self._places[before] + 1, newest)
        else:
            places = range((newest if after is None else self._places[after]) - 1, -1, -1)
        found: list[T] = []
        for place in places:
            item = self._order[place]
            if item is None or not (keep is None or keep(item)):
                continue
            if len(found) == limit:
                return self._turned(found, before), True
            found.append(item)
        return self._turned(found, before), False

    @staticmethod
    def _turned(found: list[T], before: str | None) -> list[T]:
        return found if before is None else found[::-1]
