"""In and out: a ticket that opens once, where to sign in, and leaving.

Source: docs/owner-pages.md, entering.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
    read_reader,
    require_opened,
    require_own_form,
)
from aboard.flows.entry import PAGES_PATH, enter, leave
from aboard.web.answer import Header, PageAnswer
from aboard.web.collaborator import Collaborator
from aboard.web.door import PAGE_COOKIE, find_cookie
from aboard.web.exchange import exchange_of

_SEE_OTHER: Final = 303


@dataclass(frozen=True, slots=True)
class Doors(Collaborator):
    """The doors over one platform."""

    ground: Ground

    async def enter(self, request: Call) -> PageAnswer:
        """Use a ticket up, give the browser its session, and send it on. Shows nothing."""
        require_opened(request)
        entered = await enter(
            self.ground.platform,
            query_word(request, "ticket"),
            request_id=exchange_of(request.scope).request_id,
        )
        seconds = int(entered.lifetime.total_seconds())
        cookie = self._cookie(entered.session_token.reveal(), seconds)
        return _go(entered.location, cookie)

    async def sign_in(self, request: Call) -> PageAnswer:
        """Say where to sign in."""
        headers = language_headers(request, f"{self.ground.pages.prefix}{PAGES_PATH}")
        return sign_in_page(self.ground, read_reader(request), headers=headers)

    async def leave(self, request: Call) -> PageAnswer:
        """End the page session of this browser, and every copy of its cookie.

        Where that cannot be written down, the cookie stays: nobody is told that they are out.
        """
        require_own_form(request, self.ground.platform.public_url)
        await leave(
            self.ground.platform,
            find_cookie(request.scope, PAGE_COOKIE) or "",
            request_id=exchange_of(request.scope).request_id,
        )
        left = f"{self.ground.platform.public_url}{PAGES_PATH}/left"
        return _go(left, self._cookie("", 0))

    async def left(self, request: Call) -> PageAnswer:
        """Say that the session has ended."""
        headers = language_headers(request, f"{self.ground.pages.prefix}{PAGES_PATH}")
        return self.ground.pages.message("left", read_reader(request), headers=headers)

    def _cookie(self, value: str, seconds: int) -> Header:
        words = f"{PAGE_COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
        # Outside loopback our address is https: the settings see to it.
        is_https = self.ground.platform.public_url.startswith("https:")
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
        get_route("/enter", status_code=_SEE_OTHER)(doors.enter),
        get_route(["/", "/sign-in"])(doors.sign_in),
        get_route("/left")(doors.left),
        post("/leave", status_code=_SEE_OTHER)(doors.leave),
    ]


def _go(location: str, cookie: Header) -> PageAnswer:
    headers = ((b"location", location.encode()), (b"referrer-policy", b"no-referrer"), cookie)
    return PageAnswer("", status=_SEE_OTHER, headers=headers)
