"""Who comes in where people sign in? Strangers by their address, users by their token.

Where nobody signs in here, there is nothing at these addresses.

Source: docs/api/auth.md, limits.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from litestar import Request
from litestar.enums import HttpMethod
from litestar.exceptions import NotFoundException

from aboard.api.auth.cookie import refresh_cookie
from aboard.core.errors import StateForged
from aboard.core.session_tokens import read_refresh_token
from aboard.flows.platform import Platform
from aboard.web.answer import EmptyAnswer
from aboard.web.auth import Tokens
from aboard.web.collaborator import Collaborator
from aboard.web.door import OPERATION, Door, Window, find_cookie, methods_of
from aboard.web.visitor import visitor_of

FOR_ANYBODY: Final = "for anybody"
"""The key of a handler's `opt` that lets strangers in."""

AN_HOUR: Final[Mapping[str, int]] = MappingProxyType(
    {
        "auth.register": 10,
        "auth.confirm": 20,
        "auth.login": 20,
        "auth.refresh": 60,
        "auth.logout": 60,
        "auth.sessions": 30,
        "auth.revoke": 20,
        "auth.revoke-others": 20,
    }
)
"""How many calls a window takes, by operation."""

_OF_A_SESSION: Final = frozenset({"auth.refresh", "auth.logout"})


@dataclass(frozen=True, slots=True)
class AuthDoor(Collaborator):
    """The guard of signing in. `is_open` says whether anybody signs in here at all."""

    platform: Platform
    tokens: Tokens
    is_open: bool
    window_seconds: int
    limits: Mapping[str, int] = field(default_factory=lambda: AN_HOUR)

    async def admit(self, request: Request[Any, Any, Any]) -> EmptyAnswer | None:
        """Use up one call of an address, or of a verified caller, who is put into the request.

        OPTIONS is answered here, with the methods of the path.

        Raises:
            NotFoundException: nobody signs in here.
            Unauthenticated: no trustworthy bearer token, where one is needed.
            TooManyRequests: the window is used up.
            InputRefused: the query says one thing twice.
        """
        if not self.is_open:
            raise NotFoundException
        if request.scope["method"] == HttpMethod.OPTIONS:
            return methods_of(request)
        window = self._window(request)
        if request.route_handler.opt.get(FOR_ANYBODY):
            await window.use_up(request, self._who(request))
            return None
        return await Door(self.platform, self.tokens, window.limit, window.seconds).admit(request)

    def _who(self, request: Request[Any, Any, Any]) -> str:
        """Return whose window a stranger's call is counted in.

        Who goes on with a session has a window of that session's: a neighbour behind the same
        address cannot use it up, and nobody makes up a session.
        """
        cookie = find_cookie(request.scope, refresh_cookie(self.platform.public_url))
        if request.route_handler.opt.get(OPERATION) in _OF_A_SESSION and cookie is not None:
            with suppress(StateForged):
                token = read_refresh_token(cookie, self.platform.state_keys)
                return f"session {token.session_id}"
        return f"address {visitor_of(request.scope).address}"

    def _window(self, request: Request[Any, Any, Any]) -> Window:
        operation: str = request.route_handler.opt[OPERATION]
        return Window(self.platform, self.limits[operation], self.window_seconds)
