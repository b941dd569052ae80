"""Aboard: self-hosted Stripe Connect onboarding for platforms.

    >>> from aboard import Client

A client is loaded when it is first asked for, so that importing the package stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aboard.client.asynchronous import AsyncClient
    from aboard.client.blocking import Client

__all__ = ["AsyncClient", "Client"]

_HOMES = {"AsyncClient": "aboard.client.asynchronous", "Client": "aboard.client.blocking"}


def __getattr__(name: str) -> object:
    """Load a client when it is first asked for.

    Raises:
        AttributeError: there is no such name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
