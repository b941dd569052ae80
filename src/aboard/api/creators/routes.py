"""Which operations does a creator have? Each checks who, how often, no body, then asks its flow.

Source: docs/api/creators.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Router, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from aboard.api.creators.errors import word_refusal
from aboard.api.creators.schemas import (
    AccountStatus,
    DashboardLink,
    Failed,
    Initiated,
    OnboardingLink,
    Profile,
    Success,
)
from aboard.core.caller import Caller
from aboard.core.owner import Owner
from aboard.core.readiness import creator_status
from aboard.flows.creators import become_creator, get_creator
from aboard.flows.login_link import create_login_link
from aboard.flows.platform import Platform
from aboard.flows.resume import issue_link
from aboard.flows.start import start_onboarding
from aboard.flows.sync import Source, read_account
from aboard.web.answer import Answer
from aboard.web.bodies import require_no_body
from aboard.web.collaborator import Collaborator
from aboard.web.door import OPERATION, Door, wished_language
from aboard.web.exchange import exchange_of
from aboard.web.refusals import is_platforms_fault, recognise

PREFIX: Final = "/api/v1"
Call = Request[Caller, Any, Any]


@dataclass(frozen=True, slots=True)
class CreatorsApi(Collaborator):
    """The operations of the creators dialect over one platform."""

    platform: Platform

    async def upgrade(self, request: Call) -> Answer[Success[Profile]]:
        """Make the caller a creator; the same answer when they already are one."""
        await require_no_body(request.scope, request.receive)
        creator_id = await become_creator(self.platform, request.user)
        return Answer(Success(data=Profile(creator_id)), status=201)

    async def initiate(self, request: Call) -> Answer[Success[Initiated]]:
        """Make the creator's Express account once, and answer with a link to its onboarding.

        With an account already there, the link is a new one for the same account.
        """
        owner = await self._creator(request)
        plan = self.platform.creator
        started = await start_onboarding(
            self.platform,
            owner,
            return_url=plan.return_url,
            refresh_url=plan.refresh_url,
            force=True,
            restart=True,
            caller=request.user,
            request_id=exchange_of(request.scope).request_id,
        )
        initiated = Initiated(started.stripe_account_id, started.link.url.reveal())
        return Answer(Success(data=initiated), status=201)

    async def refresh_link(self, request: Call) -> Answer[Success[OnboardingLink]]:
        """Answer with a new single-use link for the account that is there; writes nothing."""
        owner = await self._creator(request)
        link = await issue_link(self.platform, owner)
        return Answer(Success(data=OnboardingLink(link.url.reveal())))

    async def status(self, request: Call) -> Answer[Success[AccountStatus]]:
        """Read the account from Stripe and remember it; without Stripe, answer from memory.

        From memory, `detailsSubmitted` is false and means unknown, and the header
        `X-Status-Source` says `stored`.
        """
        owner = await self._creator(request)
        reading = await read_account(self.platform, owner, fresh=True)
        account, is_live = reading.account, reading.source is Source.LIVE
        snapshot = account.snapshot if account and not account.is_disconnected else None
        status = AccountStatus(
            stripe_account_id=account.stripe_account_id if account else None,
            stripe_account_status=creator_status(reading.assessment.readiness),
            charges_enabled=snapshot is not None and snapshot.charges_enabled,
            payouts_enabled=snapshot is not None and snapshot.payouts_enabled,
            details_submitted=is_live and snapshot is not None and snapshot.details_submitted,
        )
        source = (b"x-status-source", reading.source.value.encode())
        return Answer(Success(data=status), headers=[source])

    async def dashboard_link(self, request: Call) -> Answer[Success[DashboardLink]]:
        """Answer with a single-use link to Stripe's Express dashboard, for an active account."""
        owner = await self._creator(request)
        url = await create_login_link(self.platform, owner)
        return Answer(Success(data=DashboardLink(url.reveal())))

    async def _creator(self, request: Call) -> Owner:
        await require_no_body(request.scope, request.receive)
        return await get_creator(self.platform, request.user)

    def refuse(self, request: Request[Any, Any, Any], error: Exception) -> Answer[Failed]:
        """Tell in this dialect what went wrong with a request."""
        exchange = exchange_of(request.scope)
        request_id = exchange.request_id
        refused = recognise(error, self.platform, request_id)
        exchange.is_our_refusal = is_platforms_fault(refused.cause)
        language = wished_language(request.scope)
        return word_refusal(refused, request_id=request_id, language=language)


def build_creators_router(api: CreatorsApi, door: Door) -> Router:
    """Return the routes of the creators dialect."""
    return Router(
        PREFIX,
        route_handlers=_handlers(api),
        before_request=door.admit,
        exception_handlers={Exception: api.refuse},
        security=[{"bearer": []}],
        tags=["Creators"],
    )


def _handlers(api: CreatorsApi) -> Sequence[HTTPRouteHandler]:
    connect = "/creators/stripe-connect"
    return [
        post(
            "/creators/upgrade",
            operation_id="upgradeToCreator",
            summary="Become a creator",
            opt={OPERATION: "creators.upgrade"},
            responses=_refusals(400, 401, 429),
        )(api.upgrade),
        post(
            f"{connect}/initiate",
            operation_id="initiateCreatorOnboarding",
            summary="Start onboarding",
            opt={OPERATION: "creators.initiate"},
            responses=_refusals(400, 401, 404, 409, 429, 503),
        )(api.initiate),
        post(
            f"{connect}/refresh-link",
            status_code=200,
            operation_id="refreshCreatorLink",
            summary="Get a new onboarding link",
            opt={OPERATION: "creators.refresh-link"},
            responses=_refusals(400, 401, 404, 429, 503),
        )(api.refresh_link),
        get(
            f"{connect}/status",
            operation_id="getCreatorStatus",
            summary="Read the account's status",
            opt={OPERATION: "creators.status"},
            responses=_refusals(400, 401, 404, 429),
        )(api.status),
        post(
            f"{connect}/dashboard-link",
            status_code=200,
            operation_id="createCreatorDashboardLink",
            summary="Get a link to the Express dashboard",
            opt={OPERATION: "creators.dashboard-link"},
            responses=_refusals(400, 401, 404, 429, 503),
        )(api.dashboard_link),
    ]


_REASONS: Final = {
    400: "The request, or the account's state, does not allow it",
    401: "No valid bearer token",
    404: "The caller has no creator profile",
    409: "Another call is making the account right now",
    429: "The window is used up; `Retry-After` says for how long",
    503: "Stripe is away, or the feature is switched off; `Retry-After` says for how long",
}


def _refusals(*statuses: int) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(Failed, description=_REASONS[status], generate_examples=False)
        for status in statuses
    }
