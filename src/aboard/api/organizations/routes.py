"""Which operations does an organization's member have? The doors, the account, and health.

Source: docs/api/organizations.md.
"""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from aboard.api.organizations.connections import ConnectionsApi
from aboard.api.organizations.doors import DoorsApi
from aboard.api.organizations.errors import word_refusal
from aboard.api.organizations.schemas import Failed
from aboard.flows.health import HealthWatch
from aboard.flows.platform import Platform
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest
from aboard.web.collaborator import Collaborator
from aboard.web.door import Door
from aboard.web.exchange import exchange_of
from aboard.web.health import HEALTH_PATH, Health
from aboard.web.refusals import is_platforms_fault, recognise

PREFIX: Final = "/v1"


@dataclass(frozen=True, slots=True)
class OrganizationsApi(Collaborator):
    """What all operations of the organizations dialect share, over one platform."""

    platform: Platform

    def refuse(self, request: Request[Any, Any, Any], error: Exception) -> Answer[Failed]:
        """Tell in this dialect what went wrong with a request."""
        exchange = exchange_of(request.scope)
        request_id = exchange.request_id
        refused = recognise(error, self.platform, request_id)
        exchange.is_our_refusal = is_platforms_fault(refused.cause)
        return word_refusal(refused, request_id=request_id)


def build_organizations_router(api: OrganizationsApi, door: Door) -> Router:
    """Return the routes about accounts: each needs a bearer token."""
    return Router(
        f"{PREFIX}/connect/accounts",
        route_handlers=account_handlers(api.platform),
        before_request=door.admit,
        request_class=StrictRequest,
        exception_handlers={Exception: api.refuse},
        security=[{"bearer": []}],
        tags=["Organizations"],
    )


def account_handlers(platform: Platform) -> list[HTTPRouteHandler]:
    """Return the operations about accounts, below their common path."""
    return [*DoorsApi(platform).handlers(), *ConnectionsApi(platform).handlers()]


@dataclass(frozen=True, slots=True)
class HealthApi(Collaborator):
    """What anybody may ask of the service itself."""

    watch: HealthWatch

    async def read_health(self) -> Answer[Health]:
        """Say whether the service can do its work, and how each part stands."""
        health = Health.of(await self.watch.read())
        return Answer(health, status=health.http_status)


def build_health_route(api: OrganizationsApi, watch: HealthWatch) -> HTTPRouteHandler:
    """Return the route that answers anybody whether the service works."""
    return get(
        HEALTH_PATH,
        operation_id="readHealth",
        summary="Read the service's health",
        exception_handlers={Exception: api.refuse},
        responses={503: ResponseSpec(Health, description="A part is down")},
        tags=["Health"],
        security=[{}],
    )(HealthApi(watch).read_health)
