"""How does a platform's own code call Aboard? Typed, for both APIs, with an event loop or without.

    >>> from aboard import Client
    >>> with Client("http://localhost:4242", token="words") as client:
    ...     client
    Client('http://localhost:4242')

Source: docs/clients.md; ADR-0021, the Python client.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from aboard.client.answers import Answer, Done, Meta, RateLimit, Word
from aboard.client.errors import (
    AnswerUnreadable,
    ApiError,
    CallFailed,
    Conflict,
    ConnectionFailed,
    Forbidden,
    Invalid,
    NotFound,
    TooManyRequests,
    Trouble,
    Unauthorized,
    Unavailable,
)
from aboard.core.links import BearerUrl
from aboard.core.secret import Secret

if TYPE_CHECKING:
    from aboard.client.asynchronous import AsyncClient
    from aboard.client.blocking import Client

__all__ = [
    "Answer",
    "AnswerUnreadable",
    "ApiError",
    "AsyncClient",
    "BearerUrl",
    "CallFailed",
    "Client",
    "Conflict",
    "ConnectionFailed",
    "Done",
    "Forbidden",
    "Invalid",
    "Meta",
    "NotFound",
    "RateLimit",
    "Secret",
    "TooManyRequests",
    "Trouble",
    "Unauthorized",
    "Unavailable",
    "Word",
]

_HOMES = {"AsyncClient": "aboard.client.asynchronous", "Client": "aboard.client.blocking"}


def __getattr__(name: str) -> object:
    """Load a client when it is first asked for: who needs one needs not the other's libraries.

    Raises:
        AttributeError: there is no such name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
