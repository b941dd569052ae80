"""In and out of the operator's pages: a link that opens once, and leaving.

Source: docs/gateway/explorer.md, entering.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from litestar import get as get_route
from litestar import post
from litestar.handlers import HTTPRouteHandler

from aboard.dashboard.lending.ground import LendingGround, operator_cookie
from aboard.dashboard.visitor import Call, query_word, require_opened, require_own_form
from aboard.flows.operator_entry import enter_as_operator, leave_as_operator
from aboard.web.answer import Header, PageAnswer
from aboard.web.collaborator import Collaborator
from aboard.web.door import find_cookie
from aboard.web.exchange import exchange_of

_SEE_OTHER: Final = 303


@dataclass(frozen=True, slots=True)
class OperatorDoors(Collaborator):
    """The doors over one platform."""

    ground: LendingGround

    async def enter(self, request: Call) -> PageAnswer:
        """Use a ticket up, give the browser its session, and send it on."""
        require_opened(request)
        entered = await enter_as_operator(
            self.ground.platform,
            query_word(request, "ticket"),
            request_id=exchange_of(request.scope).request_id,
        )
        seconds = int(entered.lifetime.total_seconds())
        return self._go("", self._cookie(entered.session_token.reveal(), seconds))

    async def leave(self, request: Call) -> PageAnswer:
        """End the session of this browser, and every copy of its cookie."""
        platform = self.ground.platform
        require_own_form(request, platform.public_url)
        token = find_cookie(request.scope, operator_cookie(platform.public_url)) or ""
        await leave_as_operator(platform, token, request_id=exchange_of(request.scope).request_id)
        return self._go("/left", self._cookie("", 0))

    async def left(self, request: Call) -> PageAnswer:
        """Say that the session has ended."""
        return self.ground.pages.message("operator_left", self.ground.reader(request))

    def _go(self, path: str, cookie: Header) -> PageAnswer:
        location = f"{self.ground.base}{path}".encode()
        headers = ((b"location", location), (b"referrer-policy", b"no-referrer"), cookie)
        return PageAnswer("", status=_SEE_OTHER, headers=headers)

    def _cookie(self, value: str, seconds: int) -> Header:
        public_url = self.ground.platform.public_url
        words = f"{operator_cookie(public_url)}={value}; Path=/; Max-Age={seconds}"
        secure = "; Secure" if public_url.startswith("https:") else ""
        return (b"set-cookie", f"{words}; HttpOnly; SameSite=Lax{secure}".encode())


def build_operator_doors(doors: OperatorDoors) -> Sequence[HTTPRouteHandler]:
    """Return the routes that need no session."""
    return [
        get_route("/gateway/enter")(doors.enter),
        post("/gateway/leave", status_code=_SEE_OTHER)(doors.leave),
        get_route("/gateway/left")(doors.left),
    ]
