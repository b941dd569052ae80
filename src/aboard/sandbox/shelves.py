"""Which kinds of things does a world keep, beside its accounts? One table of them all.

A thing belongs to the platform or to one connected account, whose shelf it stands on: the same
kind on two shelves never meets, and a page of one costs nothing of the other.
"""

from typing import Any, TypeVar

from aboard.sandbox.ledger import Ledger

T = TypeVar("T")


class Shelves:
    """Ledgers by kind and owner; each comes into being when it is first asked for."""

    __slots__ = ("_ledgers",)

    def __init__(self) -> None:
        """Begin with none."""
        self._ledgers: dict[tuple[type, str | None], Ledger[Any]] = {}

    def of(self, kind: type[T], owner: str | None = None) -> Ledger[T]:
        """Return the shelf of a kind; `owner` is a connected account's id, `None` the platform."""
        ledger = self._ledgers.get((kind, owner))
        if ledger is None:
            ledger = self._ledgers[kind, owner] = Ledger()
        return ledger

    def every(self) -> list[tuple[type, str | None, Ledger[Any]]]:
        """Return all shelves that were ever used, in the order they were first asked for."""
        return [(kind, owner, ledger) for (kind, owner), ledger in self._ledgers.items()]
