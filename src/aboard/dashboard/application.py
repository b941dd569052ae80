"""Where do the pages become one application? Here: everything below `/connect/`.

Nothing here knows settings: the brand and the way to find a session are given.
"""

from dataclasses import dataclass
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from aboard.dashboard.acts import Acts, build_acts
from aboard.dashboard.assets import ASSETS_PATH
from aboard.dashboard.doors import Doors, build_doors
from aboard.dashboard.ground import Ground
from aboard.dashboard.lending.callers import Callers, build_callers
from aboard.dashboard.lending.calls import Calls, build_calls
from aboard.dashboard.lending.doors import OperatorDoors, build_operator_doors
from aboard.dashboard.lending.explorer import (
    SEND_PATH,
    AnyApp,
    Explorer,
    build_explorer,
    sending,
)
from aboard.dashboard.lending.ground import LendingGround
from aboard.dashboard.lending.overview import Overview, build_overview
from aboard.dashboard.looks import Looks, build_looks
from aboard.dashboard.pages import Pages
from aboard.dashboard.refusals import refuse
from aboard.dashboard.visitor import FindSession
from aboard.flows.entry import PAGES_PATH
from aboard.flows.platform import Platform
from aboard.web.bodies import StrictRequest
from aboard.web.exchange import Stamping, path_of


@dataclass(frozen=True, slots=True)
class Lender:
    """The gateway as the pages know it: where callers find it, and the explorer's way to it."""

    address: str
    gateway: AnyApp


def build_dashboard(
    platform: Platform, find_session: FindSession, pages: Pages, lending: Lender
) -> ASGIApp:
    """Return the owner's and the operator's pages as one ASGI application."""
    ground = Ground(platform, find_session, pages)
    staff = LendingGround(platform, find_session, pages, lending.address)
    send_on = sending(staff, lending.gateway)

    def refused(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        return refuse(ground, request, error)

    handlers = [
        *build_doors(Doors(ground)),
        *build_looks(Looks(ground)),
        *build_acts(Acts(ground)),
        *build_operator_doors(OperatorDoors(staff)),
        *build_overview(Overview(staff)),
        *build_callers(Callers(staff)),
        *build_calls(Calls(staff)),
        *build_explorer(Explorer(staff)),
    ]
    routed = Stamping(
        Litestar(
            [Router(PAGES_PATH, route_handlers=handlers, request_class=StrictRequest)],
            request_class=StrictRequest,
            exception_handlers={Exception: refused},
            openapi_config=None,
            logging_config=None,
        )
    )

    async def dashboard(scope: Scope, receive: Receive, send: Send) -> None:
        path = path_of(scope) if scope["type"] == ScopeType.HTTP else ""
        if path.startswith(ASSETS_PATH):
            await pages.assets(scope, receive, send)
        elif path.startswith(f"{SEND_PATH}/"):
            await send_on(scope, receive, send)
        else:
            await routed(scope, receive, send)

    return dashboard
