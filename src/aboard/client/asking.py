"""Who carries a call out? What the written methods stand on, in both clients."""

from typing import Protocol, TypeVar

from aboard.client.answers import Answer
from aboard.client.operation import Operation

T = TypeVar("T", bound=Answer)


class Ask(Protocol):
    """Carry a call out, and return what it returns."""

    def __call__(self, operation: Operation[T], /, **given: object) -> T:
        """Ask with these arguments, by their names in Python."""
        ...


class AskAsync(Protocol):
    """Carry a call out, and return what it returns, in a running loop."""

    async def __call__(self, operation: Operation[T], /, **given: object) -> T:
        """Ask with these arguments, by their names in Python."""
        ...


class Calls:
    """A group of methods, each of which is one operation."""

    def __init__(self, ask: Ask) -> None:
        """Keep who asks."""
        self._ask = ask


class AsyncCalls:
    """A group of coroutine methods, each of which is one operation."""

    def __init__(self, ask: AskAsync) -> None:
        """Keep who asks."""
        self._ask = ask
