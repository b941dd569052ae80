"""What does a world keep? Everything that there is, on shelves by kind and owner.

A thing belongs to the platform or to one connected account, whose shelf it stands on: the same
kind on two shelves never meets, and a page of one costs nothing of the other. Whatever stands on
a shelf is saved, exported and imported without further ado (`saving`).
"""

from typing import Any, TypeVar

from msgspec import Struct

from aboard.sandbox.ledger import Keeper, Ledger

T = TypeVar("T")

EVERY = "*"
"""The owner of shelves that hold all of a kind in a world, whoever they belong to."""


class Shelves:
    """Ledgers by kind and owner; each comes into being when it is first asked for."""

    __slots__ = ("_keeper", "_ledgers")

    def __init__(self, keeper: Keeper | None = None) -> None:
        """Begin with none, or with what `keeper` has."""
        self._keeper = keeper
        self._ledgers: dict[tuple[type, str | None], Ledger[Any]] = {}

    def of(self, kind: type[T], owner: str | None = None) -> Ledger[T]:
        """Return the shelf of a kind; `owner` is a connected account's id, `None` the platform.

        Raises:
            TypeError: things of this kind could not be saved.
        """
        ledger = self._ledgers.get((kind, owner))
        if ledger is None:
            if not (issubclass(kind, Struct) and kind.__module__.startswith("aboard.sandbox.")):
                raise TypeError(
                    f"{kind.__name__} cannot stand on a shelf: make it a msgspec Struct at the top"
                    " level of a module in aboard.sandbox, so that it can be saved and exported."
                )
            ledger = self._ledgers[kind, owner] = Ledger(kind, owner, self._keeper)
        return ledger

    def find(self, kind: type[T], owner: str | None = None) -> Ledger[T] | tuple[()]:
        """Return the shelf of a kind, or nothing to go through where there is none yet."""
        if self._keeper is not None:
            return self.of(kind, owner)
        return self._ledgers.get((kind, owner), ())

    def every(self) -> list[tuple[type, str | None, Ledger[Any]]]:
        """Return all shelves that were used in this process, in the order they were asked for."""
        return [(kind, owner, ledger) for (kind, owner), ledger in self._ledgers.items()]

    def wake_all(self) -> None:
        """Ask for every shelf that the keeper has."""
        if self._keeper is not None:
            for kind, owner in self._keeper.shelves():
                self.of(kind, owner)
