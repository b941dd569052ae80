"""Where do the creators' operations become routes? Each file of a noun brings its own.

Source: docs/api/creators.md.
"""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Router
from litestar.handlers import HTTPRouteHandler

from aboard.api.creators.connect import ConnectApi
from aboard.api.creators.errors import word_refusal
from aboard.api.creators.kyc import KycApi
from aboard.api.creators.profiles import ProfilesApi
from aboard.api.creators.schemas import Failed
from aboard.core.languages import preferred_language
from aboard.flows.platform import Platform
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest
from aboard.web.collaborator import Collaborator
from aboard.web.door import Door
from aboard.web.exchange import exchange_of, find_header_text
from aboard.web.refusals import is_platforms_fault, recognise

PREFIX: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class CreatorsApi(Collaborator):
    """The creators dialect over one platform."""

    platform: Platform

    def refuse(self, request: Request[Any, Any, Any], error: Exception) -> Answer[Failed]:
        """Tell in this dialect what went wrong with a request."""
        exchange = exchange_of(request.scope)
        request_id = exchange.request_id
        refused = recognise(error, self.platform, request_id)
        exchange.is_our_refusal = is_platforms_fault(refused.cause)
        language = preferred_language(find_header_text(request.scope, b"accept-language"))
        return word_refusal(refused, request_id=request_id, language=language)


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
