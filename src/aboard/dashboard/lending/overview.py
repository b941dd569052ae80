"""How does the gateway stand? Its address and switches, who borrows, what is lent, what was called.

Source: docs/gateway/explorer.md, the pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from litestar import get as get_route
from litestar.handlers import HTTPRouteHandler

from aboard.core.lending.calls import CallFilter
from aboard.core.lending.credentials import StripeKey
from aboard.core.owner import Mode
from aboard.dashboard.lending.ground import LendingGround
from aboard.dashboard.visitor import Call
from aboard.flows.lending.callers import list_callers
from aboard.flows.lending.calls import list_calls
from aboard.flows.lending.credentials import list_credentials
from aboard.flows.lending.explorer import lent_modes
from aboard.web.answer import PageAnswer
from aboard.web.collaborator import Collaborator

_RECENT: Final = 10


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A key of the settings, as far as it may be shown."""

    mode: Mode
    is_restricted: bool
    hint: str


@dataclass(frozen=True, slots=True)
class Overview(Collaborator):
    """The first page, and what is lent, over one platform."""

    ground: LendingGround

    async def first(self, request: Call) -> PageAnswer:
        """Show how the gateway stands."""
        operator = await self.ground.reading(request)
        platform = self.ground.platform
        credentials = await list_credentials(platform)
        return self.ground.show(
            "overview.html",
            request,
            operator,
            room="overview",
            callers=await list_callers(platform),
            calls=await list_calls(platform, CallFilter(), limit=_RECENT),
            credentials=credentials,
            own_keys=self._own_keys(),
            may_write=platform.lending.writes,
            is_live=platform.switches.live and Mode.LIVE in await lent_modes(platform),
        )

    async def credentials(self, request: Call) -> PageAnswer:
        """Show which keys are held, and never one of them."""
        operator = await self.ground.reading(request)
        credentials = await list_credentials(self.ground.platform)
        return self.ground.show(
            "credentials.html",
            request,
            operator,
            room="credentials",
            credentials=credentials,
            own_keys=self._own_keys(),
        )

    def _own_keys(self) -> Sequence[OwnKey]:
        """Return the keys of the settings, which are lent where the database has none."""
        return [
            OwnKey(mode, key.is_restricted, key.hint)
            for mode, secret in self.ground.platform.lending.own_keys.items()
            for key in [StripeKey(secret.reveal())]
        ]


def build_overview(overview: Overview) -> Sequence[HTTPRouteHandler]:
    """Return the routes of the first page and of what is lent."""
    return [
        get_route("/gateway")(overview.first),
        get_route("/gateway/credentials")(overview.credentials),
    ]
