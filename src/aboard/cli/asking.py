"""What does every act over the platform share? It opens the platform, asks, and words refusals."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from aboard.app import open_platform
from aboard.cli.exits import Refusal
from aboard.cli.servers import run
from aboard.cli.terminal import Terminal
from aboard.core.caller import Caller
from aboard.flows.platform import Platform
from aboard.settings import load_settings

OPERATOR = Caller("command line", is_operator=True)
_T = TypeVar("_T")


class Asking(ABC):
    """The ground of the acts of one call, over the database that the settings name."""

    def __init__(self, environ: Mapping[str, str], *, is_json: bool, name_width: int) -> None:
        """Take the settings' source, whether to answer in JSON, and how wide names are."""
        self._environ = environ
        self._terminal = Terminal(is_json=is_json, name_width=name_width)

    @abstractmethod
    def _told(self, refusal: Exception) -> Refusal | None:
        """Return what a person is told of a failure, with the next step; None for any other."""

    def _ask(self, act: Callable[[Platform], Awaitable[_T]]) -> _T:
        settings = load_settings(self._environ)

        async def ask() -> _T:
            async with open_platform(settings) as platform:
                return await act(platform)

        try:
            return run(ask())
        except Exception as failure:
            told = self._told(failure)
            if told is None:
                raise
            raise told from None
