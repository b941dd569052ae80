"""In and out: a ticket that opens once, where to sign in, and leaving.

Source: docs/owner-pages.md, entering.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from litestar import get as get_route
from litestar import post
from litestar.handlers import HTTPRouteHandler

from aboard.dashboard.ground import Ground
from aboard.dashboard.pages import Reader, Way
from aboard.dashboard.visitor import (
    Call,
    language_headers,
    query_word,
    read_form,
    read_reader,
    require_opened,
    require_own_form,
)
from aboard.flows.entry import PAGES_PATH, enter, find_other_owner, leave
from aboard.web.answer import Header, PageAnswer
from aboard.web.collaborator import Collaborator
from aboard.web.door import find_cookie, page_cookie
from aboard.web.exchange import exchange_of

_SEE_OTHER: Final = 303


@dataclass(frozen=True, slots=True)
class Doors(Collaborator):
    """The doors over one platform."""

    ground: Ground

    async def enter(self, request: Call) -> PageAnswer:
        """Use a ticket up, give the browser its session, and send it on.

        Where somebody else is signed in, or for another owner, it asks first: whoever sends a
        link of their own must not swap a seller's session unseen.
        """
        require_opened(request)
        ticket = query_word(request, "ticket")
        other = await find_other_owner(self.ground.platform, ticket, self._session(request))
        if other is not None:
            return self.ground.pages.page(
                "other_sign_in.html",
                # Another address would not bring the ticket along.
                replace(self._reader(request), may_choose_language=False),
                ticket=ticket,
                base=self.ground.place(other),
            )
        return await self._enter(request, ticket)

    async def enter_instead(self, request: Call) -> PageAnswer:
        """Use a ticket up after a yes, and end the session that was there."""
        require_own_form(request, self.ground.platform.public_url)
        form = await read_form(request)
        answer = await self._enter(request, form.get("ticket", ""))
        await self._end(request)
        return answer

    async def _enter(self, request: Call, ticket: str) -> PageAnswer:
        entered = await enter(
            self.ground.platform, ticket, request_id=exchange_of(request.scope).request_id
        )
        seconds = int(entered.lifetime.total_seconds())
        cookie = self._cookie(entered.session_token.reveal(), seconds)
        return _go(entered.location, cookie)

    async def sign_in(self, request: Call) -> PageAnswer:
        """Say where to sign in."""
        headers = language_headers(request)
        return sign_in_page(self.ground, self._reader(request), headers=headers)

    async def leave(self, request: Call) -> PageAnswer:
        """End the page session of this browser, and every copy of its cookie.

        Where that cannot be written down, the cookie stays: nobody is told that they are out.
        """
        require_own_form(request, self.ground.platform.public_url)
        await self._end(request)
        left = f"{self.ground.platform.public_url}{PAGES_PATH}/left"
        return _go(left, self._cookie("", 0))

    async def left(self, request: Call) -> PageAnswer:
        """Say that the session has ended."""
        headers = language_headers(request)
        return self.ground.pages.message("left", self._reader(request), headers=headers)

    async def _end(self, request: Call) -> None:
        await leave(
            self.ground.platform,
            self._session(request),
            request_id=exchange_of(request.scope).request_id,
        )

    def _session(self, request: Call) -> str:
        return find_cookie(request.scope, page_cookie(self.ground.platform.public_url)) or ""

    def _reader(self, request: Call) -> Reader:
        return read_reader(request, self.ground.platform.public_url)

    def _cookie(self, value: str, seconds: int) -> Header:
        public_url = self.ground.platform.public_url
        name = page_cookie(public_url)
        words = f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
        # Outside loopback our address is https: the settings see to it.
        is_https = public_url.startswith("https:")
        return (b"set-cookie", f"{words}{'; Secure' if is_https else ''}".encode())


def sign_in_page(
    ground: Ground, reader: Reader, *, status: int = 200, headers: Sequence[Header] = ()
) -> PageAnswer:
    """Return the page that says where to sign in, with a button if the platform told us."""
    address = ground.pages.brand.sign_in_url
    way = Way("sign_in", address) if address else None
    return ground.pages.message("sign_in", reader, status=status, headers=headers, way=way)


def build_doors(doors: Doors) -> Sequence[HTTPRouteHandler]:
    """Return the routes that need no session."""
    return [
        get_route("/enter")(doors.enter),
        post("/enter", status_code=_SEE_OTHER)(doors.enter_instead),
        get_route(["/", "/sign-in"])(doors.sign_in),
        get_route("/left")(doors.left),
        post("/leave", status_code=_SEE_OTHER)(doors.leave),
    ]


def _go(location: str, cookie: Header) -> PageAnswer:
    headers = ((b"location", location.encode()), (b"referrer-policy", b"no-referrer"), cookie)
    return PageAnswer("", status=_SEE_OTHER, headers=headers)
