"""What does a seller meet on the way back from Stripe, when it is a page and not a redirect?

The callbacks ask this object, and know nothing of who made it.

Source: ADR-0012, the ground of faces; docs/api/organizations.md, the two visits.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from aboard.core.owner import Owner
from aboard.core.requirements import Group
from aboard.dashboard.lines import urgencies_of
from aboard.dashboard.pages import Pages, Reader, Way
from aboard.flows.entry import PAGES_PATH, owner_path
from aboard.web.answer import Header, PageAnswer
from aboard.web.collaborator import Collaborator

CONTINUE_PATH: Final = "/v1/connect/accounts/refresh/continue"
_KNOWN: Final = frozenset({"lost", "foreign", "away", "stuck"})
_OTHERWISE: Final = "stuck"


class DashboardPages(Collaborator):
    """The pages of the two visits, in the look of the owner's pages."""

    def __init__(self, pages: Pages) -> None:
        """Make them in this brand."""
        self._pages = pages

    def refusal(
        self,
        page: Enum,
        *,
        status: int,
        language: str,
        request_id: str,
        headers: Sequence[Header],
        owner: Owner | None,
        has_session: bool,  # noqa: ARG002 - the protocol's word; the way is the same
    ) -> PageAnswer:
        """Return the page that says what happened and what to do next, never why.

        `owner` is there if the session may see that owner's pages; else there is a way to sign in.
        """
        name = page.value if page.value in _KNOWN else _OTHERWISE
        prefix = self._pages.prefix
        way = Way("sign_in", f"{prefix}{PAGES_PATH}/sign-in")
        if owner is not None:
            way = Way("overview", f"{prefix}{owner_path(owner)}")
        return self._pages.message(
            name,
            Reader(language),
            status=status,
            headers=headers,
            request_id=request_id,
            way=way,
        )

    def loop(
        self, groups: Sequence[Group], *, state: str, language: str, owner: Owner
    ) -> PageAnswer:
        """Return the page that lists what Stripe wants, with one button that goes on.

        The button posts the state that came in: it is spent there, and not before.
        """
        return self._pages.page(
            "loop.html",
            Reader(language),
            groups=urgencies_of(groups, language, is_submitted=False),
            state=state,
            action=f"{self._pages.prefix}{CONTINUE_PATH}",
            base=f"{self._pages.prefix}{owner_path(owner)}",
        )
