"""Who sees that Stripe is asked, and how it answered? Never what was asked, nor of whom.

A watcher is told the method, the route without ids, the status and Stripe's request id.

Source: ADR-0026, operations.
"""

from contextlib import AbstractContextManager
from functools import lru_cache
from types import TracebackType
from typing import Final, Protocol, Self

_WORDS: Final = frozenset(
    {
        "account",
        "account_links",
        "account_sessions",
        "accounts",
        "core",
        "deauthorize",
        "event_destinations",
        "events",
        "login_links",
        "oauth",
        "persons",
        "v1",
        "v2",
    }
)
"""The only words of a path that are told; every other part is an id, or may be one."""


class Asked(Protocol):
    """One request on its way."""

    def answered(self, status: int, request_id: str | None) -> None:
        """Hear what Stripe said, be it a refusal."""
        ...

    def unanswered(self, cause: str) -> None:
        """Hear that nothing usable came, after the last try."""
        ...


class Watch(Protocol):
    """Whoever wants to know of each request."""

    def asking(self, method: str, route: str) -> AbstractContextManager[Asked]:
        """Begin to watch one request, its retries included."""
        ...


class Unwatched:
    """Nobody wants to know."""

    __slots__ = ()

    def asking(self, method: str, route: str) -> Self:  # noqa: ARG002 - as every watch is asked
        """Watch nothing."""
        return self

    def __enter__(self) -> Self:
        """Begin nothing."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End nothing."""

    def answered(self, status: int, request_id: str | None) -> None:
        """Pass over it."""

    def unanswered(self, cause: str) -> None:
        """Pass over it."""


@lru_cache(maxsize=4096)
def route_of(path: str) -> str:
    """Return a path of Stripe's with a mark in the place of every id.

    >>> route_of("/v1/accounts/acct_words/login_links")
    '/v1/accounts/{id}/login_links'
    """
    parts = path.partition("?")[0].split("/")
    return "/".join(part if part in _WORDS or not part else "{id}" for part in parts)
