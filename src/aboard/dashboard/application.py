"""Where do the owner's pages become one application? Here: everything below `/connect/`.

Nothing here knows settings: the brand and the way to find a session are given.
"""

from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from aboard.dashboard.acts import Acts, build_acts
from aboard.dashboard.assets import ASSETS_PATH
from aboard.dashboard.doors import Doors, build_doors
from aboard.dashboard.ground import Ground
from aboard.dashboard.looks import Looks, build_looks
from aboard.dashboard.pages import Pages
from aboard.dashboard.refusals import refuse
from aboard.dashboard.visitor import FindSession
from aboard.flows.entry import PAGES_PATH
from aboard.flows.platform import Platform
from aboard.web.bodies import StrictRequest
from aboard.web.exchange import Stamping, path_of


def build_dashboard(platform: Platform, find_session: FindSession, pages: Pages) -> ASGIApp:
    """Return the owner's pages as one ASGI application."""
    ground = Ground(platform, find_session, pages)

    def refused(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        return refuse(ground, request, error)

    handlers = [
        *build_doors(Doors(ground)),
        *build_looks(Looks(ground)),
        *build_acts(Acts(ground)),
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
        if scope["type"] == ScopeType.HTTP and path_of(scope).startswith(ASSETS_PATH):
            await pages.assets(scope, receive, send)
        else:
            await routed(scope, receive, send)

    return dashboard
