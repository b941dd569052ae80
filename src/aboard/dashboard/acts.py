"""The buttons that an owner presses: go on, start again, another country, Stripe's dashboard.

Each is a form of our own pages, asks for the role that acts, and ends in a redirect. The links
that they lead to go straight into that redirect: no page and no log ever holds one.

Source: docs/owner-pages.md; Stripe's account links and login links.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from litestar import post
from litestar.handlers import HTTPRouteHandler

from aboard.core.errors import StripeRefused
from aboard.dashboard.ground import Ground
from aboard.dashboard.looks import OWNERS, show_country, show_start_over
from aboard.dashboard.standing import standing_of
from aboard.dashboard.visitor import Call, read_form
from aboard.dashboard.words import countries_in
from aboard.flows.login_link import create_login_link
from aboard.flows.proceed import proceed, start_over
from aboard.flows.sync import read_account
from aboard.web.answer import PageAnswer, see_other
from aboard.web.collaborator import Collaborator
from aboard.web.exchange import exchange_of

_YES: Final = "yes"
_UNPROCESSABLE: Final = 422
_CONFLICT: Final = 409


@dataclass(frozen=True, slots=True)
class Acts(Collaborator):
    """The buttons over one platform."""

    ground: Ground

    async def resume(self, request: Call) -> PageAnswer:
        """Send the owner to Stripe with a fresh link, if Stripe has a question for them."""
        visitor = await self.ground.acting(request, "pages.resume")
        request_id = exchange_of(request.scope).request_id
        url = await proceed(
            self.ground.platform, visitor.owner, visitor.caller, request_id=request_id
        )
        return see_other(url.reveal())

    async def open_dashboard(self, request: Call) -> PageAnswer:
        """Send the owner to their Express dashboard."""
        visitor = await self.ground.acting(request, "pages.dashboard")
        url = await create_login_link(self.ground.platform, visitor.owner)
        return see_other(url.reveal())

    async def start_over(self, request: Call) -> PageAnswer:
        """Begin again with a new account, after a yes, where the old one is gone."""
        visitor = await self.ground.acting(request, "pages.start-over")
        form = await read_form(request)
        reading = await read_account(self.ground.platform, visitor.owner, fresh=False)
        standing = standing_of(visitor, reading)
        if not standing.may_start_over:
            return see_other(self.ground.place(visitor.owner))
        if form.get("confirmed") != _YES:
            return show_start_over(
                self.ground, request, visitor, standing, problem="missing", status=_UNPROCESSABLE
            )
        url = await start_over(
            self.ground.platform,
            visitor.owner,
            visitor.caller,
            request_id=exchange_of(request.scope).request_id,
        )
        return see_other(url.reveal())

    async def change_country(self, request: Call) -> PageAnswer:
        """Begin again in another country, as long as nothing was handed in; asks Stripe first."""
        visitor = await self.ground.acting(request, "pages.country")
        form = await read_form(request)
        language = visitor.reader.language
        reading = await read_account(self.ground.platform, visitor.owner, fresh=True)
        standing = standing_of(visitor, reading)
        country = form.get("country", "")
        if not standing.may_change_country:
            return show_country(
                self.ground, request, visitor, standing, problem="too_late", status=_CONFLICT
            )
        if country not in dict(countries_in(language)):
            return show_country(
                self.ground, request, visitor, standing, problem="missing", status=_UNPROCESSABLE
            )
        try:
            url = await start_over(
                self.ground.platform,
                visitor.owner,
                visitor.caller,
                country=country,
                request_id=exchange_of(request.scope).request_id,
            )
        except StripeRefused as refusal:
            if refusal.param != "country":
                raise
            return show_country(
                self.ground, request, visitor, standing, problem="refused", status=_CONFLICT
            )
        return see_other(url.reveal())


def build_acts(acts: Acts) -> Sequence[HTTPRouteHandler]:
    """Return the routes of the buttons, for creators and organizations alike."""
    return [
        post([f"{owner}/{name}" for owner in OWNERS], status_code=303)(handler)
        for name, handler in (
            ("resume", acts.resume),
            ("dashboard", acts.open_dashboard),
            ("start-over", acts.start_over),
            ("country", acts.change_country),
        )
    ]
