"""Where do the creators' operations become routes? Each file of a noun brings its own.

Source: docs/api/creators.md.
"""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Router
from litestar.handlers import HTTPRouteHandler

from aboard.api.creators.connect import ConnectApi
from aboard.api.creators.kyc import KycApi
from aboard.api.creators.profiles import ProfilesApi
from aboard.api.envelope.refusing import refuse
from aboard.api.envelope.schemas import Failed
from aboard.flows.platform import Platform
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest
from aboard.web.collaborator import Collaborator
from aboard.web.door import Door

PREFIX: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class CreatorsApi(Collaborator):
    """The creators dialect over one platform."""

    platform: Platform

    def refuse(self, request: Request[Any, Any, Any], error: Exception) -> Answer[Failed]:
        """Tell in this dialect what went wrong with a request."""
        return refuse(self.platform, request, error)


def build_creators_router(api: CreatorsApi, door: Door) -> Router:
    """Return the routes of the creators dialect."""
    return Router(
        PREFIX,
        route_handlers=creator_handlers(api.platform),
        before_request=door.admit,
        request_class=StrictRequest,
        exception_handlers={Exception: api.refuse},
        security=[{"bearer": []}],
        tags=["Creators"],
    )


def creator_handlers(platform: Platform) -> list[HTTPRouteHandler]:
    """Return the operations about creators, below their common path."""
    return [
        *ProfilesApi(platform).handlers(),
        *ConnectApi(platform).handlers(),
        *KycApi(platform).handlers(),
    ]
