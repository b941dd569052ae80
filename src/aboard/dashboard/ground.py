"""What do all routes of the owner's pages stand on? The platform, the visitor and the pages.

Source: docs/owner-pages.md.
"""

from dataclasses import dataclass
from typing import Final

from aboard.core.owner import Owner
from aboard.dashboard.pages import Pages
from aboard.dashboard.visitor import (
    Call,
    FindSession,
    Visitor,
    get_visitor,
    language_headers,
    require_own_form,
)
from aboard.flows.entry import owner_path
from aboard.flows.platform import Platform
from aboard.web.answer import PageAnswer
from aboard.web.collaborator import Collaborator

ACTS_LIMIT: Final = 30
LOOKS_LIMIT: Final = 60
WINDOW_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Ground(Collaborator):
    """The collaborators of every route."""

    platform: Platform
    find_session: FindSession
    pages: Pages

    async def reading(self, request: Call) -> Visitor:
        """Return who wants to see a page of theirs.

        Raises:
            Unauthenticated: nobody is signed in.
            NotYours: not a member; audited.
            OwnerUnknown: no such pages.
        """
        return await get_visitor(self.platform, self.find_session, request)

    async def acting(self, request: Call, operation: str) -> Visitor:
        """Return who presses a button of ours and may, and count it.

        Raises:
            StrangeForm: the button was not on our pages.
            Unauthenticated: nobody is signed in.
            NotYours: not a member, or the role is too weak; audited.
            OwnerUnknown: no such pages.
            TooManyRequests: pressed too often.
        """
        require_own_form(request, self.platform.public_url)
        visitor = await get_visitor(self.platform, self.find_session, request, acting=True)
        await self.count(visitor, operation, ACTS_LIMIT)
        return visitor

    async def count(self, visitor: Visitor, operation: str, limit: int) -> None:
        """Use up one call of the visitor's window at this owner's pages.

        By owner too: whoever comes by links of one backend comes under one name.

        Raises:
            TooManyRequests: the window is used up.
        """
        await self.platform.limits.take(
            f"{visitor.caller.user_id} {visitor.owner}",
            operation,
            limit=limit,
            window_seconds=WINDOW_SECONDS,
        )

    def place(self, owner: Owner) -> str:
        """Return the path of the owner's first page, as browsers see it."""
        return f"{self.pages.prefix}{owner_path(owner)}"

    def show(
        self,
        template: str,
        request: Call,
        visitor: Visitor,
        *,
        status: int = 200,
        **values: object,
    ) -> PageAnswer:
        """Return a page of this visitor's owner."""
        return self.pages.page(
            template,
            visitor.reader,
            status=status,
            headers=language_headers(request),
            visitor=visitor,
            base=self.place(visitor.owner),
            **values,
        )
