"""What do the operator's pages stand on, and who is let in? Operators alone, by one of two ways.

By a session of these pages, or by any session of the platform's that has the operator's claim.

Source: docs/gateway/explorer.md, entering; ADR-0013, membership and operators.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from litestar.types import Scope

from aboard.core.caller import Caller
from aboard.core.errors import NotYours, Unauthenticated
from aboard.dashboard.pages import Pages, Reader
from aboard.dashboard.visitor import (
    Call,
    FindSession,
    language_headers,
    read_reader,
    require_own_form,
)
from aboard.dashboard.words import words_in
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.operator_entry import OPERATOR_PATH, find_operator
from aboard.flows.platform import Platform
from aboard.web.answer import Header, PageAnswer
from aboard.web.collaborator import Collaborator
from aboard.web.door import find_cookie
from aboard.web.exchange import exchange_of

ACTS_LIMIT: Final = 300
WINDOW_SECONDS: Final = 3600
ROOMS: Final = (
    ("overview", ""),
    ("callers", "/callers"),
    ("calls", "/calls"),
    ("credentials", "/credentials"),
    ("explorer", "/explore"),
)
_COOKIE: Final = "aboard_operator"


@dataclass(frozen=True, slots=True)
class LendingGround(Collaborator):
    """The collaborators of every route. `gateway` is the address that callers are told."""

    platform: Platform
    find_session: FindSession
    pages: Pages
    gateway: str

    @property
    def base(self) -> str:
        """Return the path of the first page, as browsers see it."""
        return f"{self.pages.prefix}{OPERATOR_PATH}"

    async def find_caller(self, scope: Scope) -> Caller | None:
        """Return who visits: an operator by our own session, else whoever another session names.

        Raises:
            Unauthenticated: an `Authorization` header that cannot be trusted.
        """
        token = find_cookie(scope, operator_cookie(self.platform.public_url))
        operator = None if token is None else await find_operator(self.platform, token)
        return operator or await self.find_session(scope)

    async def reading(self, request: Call) -> Caller:
        """Return the operator who wants to see a page.

        Raises:
            Unauthenticated: nobody is signed in.
            NotYours: somebody is who is no operator; audited.
        """
        caller = await self.find_caller(request.scope)
        if caller is None:
            raise Unauthenticated("missing")
        if not caller.is_operator:
            await write_audit(
                self.platform,
                AuditAction.OPERATOR_ENTRY,
                outcome="refused:not_operator",
                caller=caller,
                request_id=exchange_of(request.scope).request_id,
            )
            raise NotYours
        return caller

    async def acting(self, request: Call) -> Caller:
        """Return the operator who pressed a button of ours, and count it.

        Raises:
            StrangeForm: the button was not on our pages.
            Unauthenticated: nobody is signed in.
            NotYours: somebody is who is no operator; audited.
            TooManyRequests: pressed too often.
        """
        require_own_form(request, self.platform.public_url)
        operator = await self.reading(request)
        await self.platform.limits.take(
            operator.user_id, "pages.lending", limit=ACTS_LIMIT, window_seconds=WINDOW_SECONDS
        )
        return operator

    def show(
        self,
        template: str,
        request: Call,
        operator: Caller | None,
        *,
        room: str = "",
        status: int = 200,
        headers: Sequence[Header] = (),
        **values: Any,  # noqa: ANN401 - whatever the template asks for
    ) -> PageAnswer:
        """Return one of the pages."""
        return self.pages.page(
            f"lending/{template}",
            self.reader(request),
            status=status,
            headers=[*language_headers(request), *headers],
            operator=operator,
            base=self.base,
            rooms=ROOMS,
            room=room,
            gateway=self.gateway,
            **values,
        )

    def words(self, request: Call) -> Mapping[str, Any]:
        """Return the words of the reader's language, by section and name."""
        return words_in(self.reader(request).language)

    def reader(self, request: Call) -> Reader:
        """Return the reader; they may sign out where it is our session that lets them in."""
        public_url = self.platform.public_url
        has_ours = find_cookie(request.scope, operator_cookie(public_url)) is not None
        return replace(read_reader(request, public_url), may_leave=has_ours)


def operator_cookie(public_url: str) -> str:
    """Return the name of the session's cookie at our address.

    >>> operator_cookie("https://connect.example"), operator_cookie("http://localhost:4242")
    ('__Host-aboard_operator', 'aboard_operator')
    """
    return f"__Host-{_COOKIE}" if public_url.startswith("https:") else _COOKIE
