"""Which operations does an organization's member have? Links, the connection, and health.

Source: docs/api/organizations.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from litestar import Request, Router, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, QueryParameter

from aboard.api.organizations.errors import word_refusal
from aboard.api.organizations.repeats import answer_anew
from aboard.api.organizations.schemas import (
    Connection,
    Failed,
    Health,
    LinkAnswer,
    LinkRequest,
    OrganizationId,
    connection_of,
    require_plain_name,
)
from aboard.core.owner import Mode
from aboard.flows.health import check_health
from aboard.flows.organizations import get_organization
from aboard.flows.platform import Platform
from aboard.flows.start import Started, start_onboarding
from aboard.flows.sync import read_account
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest
from aboard.web.collaborator import Collaborator
from aboard.web.door import OPERATION, Door
from aboard.web.exchange import exchange_of
from aboard.web.refusals import recognise

PREFIX: Final = "/v1"
_LINKS: Final = "organizations.onboarding-links"


@dataclass(frozen=True, slots=True)
class OrganizationsApi(Collaborator):
    """The operations of the organizations dialect over one platform."""

    platform: Platform

    async def create_link(
        self, data: JSONBody[LinkRequest], request: StrictRequest
    ) -> Answer[LinkAnswer]:
        """Start or resume the organization's onboarding and answer with a single-use link.

        Repeated with the same `Idempotency-Key`, it answers with a new link for the same account:
        links are never stored. A complete account is a 409 `nothing_due` unless `force` is true.
        """
        request_id = exchange_of(request.scope).request_id
        owner = await get_organization(
            self.platform,
            request.user,
            data.organization_id,
            data.mode,
            acting=True,
            request_id=request_id,
        )
        # Before the key is claimed, so that a corrected request may keep its key.
        self.platform.addresses.check(data.return_url, data.mode, "returnUrl")
        self.platform.addresses.check(data.refresh_url, data.mode, "refreshUrl")

        async def start(_: bool) -> Started:  # noqa: FBT001 - called by position
            return await start_onboarding(
                self.platform,
                owner,
                return_url=data.return_url,
                refresh_url=data.refresh_url,
                collect=data.collect,
                force=data.force,
            )

        started = await answer_anew(self.platform, request, owner.id, data, start)
        return Answer(LinkAnswer(started.link.url.reveal(), started.link.expires_at))

    async def read_connection(
        self,
        organization_id: OrganizationId,
        mode: Annotated[Mode, QueryParameter(description="Which of the two accounts.")],
        request: StrictRequest,
        *,
        fresh: Annotated[bool, QueryParameter(description="Ask Stripe first.")] = False,
    ) -> Answer[Connection]:
        """Read the organization's connection: stored with `syncedAt`, or live with `fresh`."""
        require_plain_name(organization_id)
        owner = await get_organization(
            self.platform,
            request.user,
            organization_id,
            mode,
            acting=False,
            request_id=exchange_of(request.scope).request_id,
        )
        reading = await read_account(self.platform, owner, fresh=fresh)
        role = request.user.organizations.get(organization_id)
        return Answer(connection_of(owner, reading, role))

    async def read_health(self) -> Answer[Health]:
        """Say whether the service can do its work."""
        services = await check_health(self.platform)
        is_ok = all(services.values())
        words = {name: "up" if is_up else "down" for name, is_up in services.items()}
        return Answer(Health(is_ok, self.platform.clock(), words), status=200 if is_ok else 503)

    def refuse(self, request: Request[Any, Any, Any], error: Exception) -> Answer[Failed]:
        """Tell in this dialect what went wrong with a request."""
        request_id = exchange_of(request.scope).request_id
        return word_refusal(recognise(error, self.platform, request_id), request_id=request_id)


def build_organizations_router(api: OrganizationsApi, door: Door) -> Router:
    """Return the routes of the organizations dialect that need a bearer token."""
    return Router(
        f"{PREFIX}/connect/accounts",
        route_handlers=_handlers(api),
        before_request=door.admit,
        request_class=StrictRequest,
        exception_handlers={Exception: api.refuse},
        security=[{"bearer": []}],
        tags=["Organizations"],
    )


def build_health_route(api: OrganizationsApi) -> HTTPRouteHandler:
    """Return the route that answers anybody whether the service works."""
    return get(
        f"{PREFIX}/health",
        operation_id="readHealth",
        summary="Read the service's health",
        exception_handlers={Exception: api.refuse},
        responses={503: ResponseSpec(Health, description="A part is down")},
        tags=["Health"],
        security=[{}],
    )(api.read_health)


def _handlers(api: OrganizationsApi) -> Sequence[HTTPRouteHandler]:
    return [
        post(
            "/onboarding-links",
            status_code=200,
            operation_id="createOnboardingLink",
            summary="Start or resume onboarding",
            opt={OPERATION: _LINKS},
            responses=_refusals(400, 401, 403, 409, 413, 415, 429, 502, 503),
        )(api.create_link),
        get(
            "/{organization_id:str}",
            operation_id="getConnection",
            summary="Read the connection",
            opt={OPERATION: "organizations.connection"},
            responses=_refusals(400, 401, 403, 429),
        )(api.read_connection),
    ]


_REASONS: Final = {
    400: "The request is not valid, or an address is not allowed",
    401: "No valid bearer token",
    403: "Another organization's, or the role is too weak",
    409: "The account's state, or an earlier request with this key, does not allow it",
    413: "The body is over 64 KiB",
    415: "The body is not JSON",
    429: "The window is used up; `Retry-After` says for how long",
    502: "Stripe refuses the platform's own key",
    503: "Stripe is away, or the feature is switched off; `Retry-After` says for how long",
}


def _refusals(*statuses: int) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(Failed, description=_REASONS[status], generate_examples=False)
        for status in statuses
    }
