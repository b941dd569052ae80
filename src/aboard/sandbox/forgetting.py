"""What is old enough to be forgotten? Keeps the ledgers of short-lived things short."""

from typing import Protocol, TypeVar

from aboard.sandbox.ledger import Ledger


class _Made(Protocol):
    @property
    def created(self) -> int:
        """Say when it was made (unix seconds)."""


T = TypeVar("T", bound=_Made)


def forget(ledger: Ledger[T], horizon: int) -> None:
    """Remove from a ledger's beginning what was made before `horizon` (unix seconds)."""
    while (key := ledger.oldest()) is not None:
        old = ledger.peek(key)
        if old is not None and old.created >= horizon:
            return
        ledger.remove(key)
