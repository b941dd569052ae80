"""Things in the order they came, found by id, read newest first in pages.

A page costs what it shows, however many things there are. With a keeper (`saving.file`) the
things may still lie in a file: their names are read at the first touch of the ledger, and each
thing when it is first asked for.
"""

from collections.abc import Callable, Iterator
from typing import Any, Generic, Protocol, TypeVar, cast

T = TypeVar("T")

_ASLEEP = object()
"""Stands where a thing still lies in the keeper's file."""
_MOST_LEADING_HOLES = 1024


class Keeper(Protocol):
    """Who keeps things beyond this process: is told what was touched, and gives back the rest."""

    def shelves(self) -> list[tuple[type, str | None]]:
        """Return the kind and owner of every ledger that is kept."""

    def names(self, ledger: "Ledger[Any]") -> list[tuple[int, str]]:
        """Return the place and key of everything kept for a ledger, in order."""

    def fetch(self, ledger: "Ledger[Any]", place: int) -> object:
        """Return what is kept at a place."""

    def mark(self, ledger: "Ledger[Any]", place: int, key: str) -> None:
        """Take note that the thing at a place may change, or is gone."""


class Ledger(Generic[T]):
    """An append-only order with holes where things were removed.

    `kind` and `owner` say which shelf it is. What `get` and `page` return may be changed by the
    caller at once, before anything else runs; who changes a thing that was found in another way,
    or later, calls `touch`.
    """

    __slots__ = ("_first", "_head", "_is_asleep", "_keeper", "_order", "_places", "kind", "owner")

    def __init__(
        self, kind: type[T], owner: str | None = None, keeper: Keeper | None = None
    ) -> None:
        """Begin empty, or with what `keeper` has."""
        self.kind = kind
        self.owner = owner
        self._keeper = keeper
        self._is_asleep = keeper is not None
        self._order: list[Any] = []
        self._places: dict[str, int] = {}
        self._first = 0
        """The place of `_order[0]`: leading holes are cut off now and then."""
        self._head = 0
        """No thing lies before `_order[_head]`."""

    def __len__(self) -> int:
        """Return how many there are."""
        self._wake()
        return len(self._places)

    def __contains__(self, key: str) -> bool:
        """Say whether there is one called so."""
        self._wake()
        return key in self._places

    def __iter__(self) -> Iterator[T]:
        """Go through all, oldest first."""
        return (item for _, item in self.items())

    def items(self) -> Iterator[tuple[str, T]]:
        """Go through all with their keys, oldest first."""
        self._wake()
        for key, place in list(self._places.items()):
            item = self._at(place)
            if item is not None:
                yield key, item

    def add(self, key: str, item: T) -> None:
        """Append one; one that was called so before gives way."""
        self._wake()
        if key in self._places:
            self.remove(key)
        place = self._first + len(self._order)
        self._places[key] = place
        self._order.append(item)
        self._mark(place, key)

    def get(self, key: str) -> T | None:
        """Return the one called so."""
        self._wake()
        place = self._places.get(key)
        if place is None:
            return None
        self._mark(place, key)
        return self._at(place)

    def peek(self, key: str) -> T | None:
        """Return the one called so, for somebody who does not change it."""
        self._wake()
        place = self._places.get(key)
        return None if place is None else self._at(place)

    def place_of(self, key: str) -> int:
        """Return a number that is greater for what came later."""
        self._wake()
        return self._places[key]

    def touch(self, key: str) -> None:
        """Say that one is changed that was found earlier, or elsewhere."""
        place = self._places.get(key)
        if place is not None:
            self._mark(place, key)

    def oldest(self) -> str | None:
        """Return the key of the oldest one."""
        self._wake()
        return next(iter(self._places), None)

    def remove(self, key: str) -> None:
        """Forget one; cursors of the others keep their places."""
        self._wake()
        place = self._places.pop(key)
        self._order[place - self._first] = None
        self._mark(place, key)
        while self._head < len(self._order) and self._order[self._head] is None:
            self._head += 1
        if self._head > _MOST_LEADING_HOLES and self._head * 2 > len(self._order):
            del self._order[: self._head]
            self._first += self._head
            self._head = 0

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
        self._wake()
        newest = self._first + len(self._order)
        if before is not None:
            places = range(self._places[before] + 1, newest)
        else:
            places = range((newest if after is None else self._places[after]) - 1, -1, -1)
            places = places[: max(0, len(places) - self._first)]
        found: list[T] = []
        for place in places:
            item = self._at(place)
            if item is None or not (keep is None or keep(item)):
                continue
            if len(found) == limit:
                return self._turned(found, before), True
            if self._keeper is not None:
                self._mark(place, self._key_of(place, item))
            found.append(item)
        return self._turned(found, before), False

    def placed(self, place: int) -> T | None:
        """Return what is at a place, or nothing where a hole is; for the keeper."""
        return None if place < self._first else self._at(place)

    def _key_of(self, place: int, item: T) -> str:
        key = getattr(item, "id", None) or getattr(item, "code", None)
        if isinstance(key, str) and self._places.get(key) == place:
            return key
        return next(key for key, found in self._places.items() if found == place)

    def _at(self, place: int) -> T | None:
        index = place - self._first
        item = self._order[index]
        if item is _ASLEEP and self._keeper is not None:
            item = self._order[index] = self._keeper.fetch(self, place)
        return cast("T | None", item)

    def _mark(self, place: int, key: str) -> None:
        if self._keeper is not None:
            self._keeper.mark(self, place, key)

    def _wake(self) -> None:
        if not self._is_asleep or self._keeper is None:
            return
        self._is_asleep = False
        names = self._keeper.names(self)
        if names:
            self._first = names[0][0]
            self._order = [None] * (names[-1][0] - self._first + 1)
            for place, key in names:
                self._order[place - self._first] = _ASLEEP
                self._places[key] = place

    @staticmethod
    def _turned(found: list[T], before: str | None) -> list[T]:
        return found if before is None else found[::-1]
