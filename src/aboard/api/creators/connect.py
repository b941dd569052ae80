"""The creator's connected account: begin, go on, how it stands, and Stripe's dashboard.

Source: docs/api/creators.md.
"""

from dataclasses import dataclass
from typing import Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler

from aboard.api.creators.asking import ModeAsked, counted, refusals
from aboard.api.creators.schemas import (
    AccountStatus,
    DashboardLink,
    Initiated,
    OnboardingLink,
)
from aboard.api.envelope.schemas import Success
from aboard.core.owner import Mode, Owner
from aboard.core.readiness import creator_status
from aboard.flows.creators import get_creator
from aboard.flows.kyc import require_kyc
from aboard.flows.login_link import create_login_link
from aboard.flows.platform import Platform
from aboard.flows.resume import issue_link
from aboard.flows.start import start_onboarding
from aboard.flows.sync import Source, read_account
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest, require_no_body
from aboard.web.collaborator import Collaborator
from aboard.web.exchange import exchange_of

_BELOW: Final = "/creators/stripe-connect"


@dataclass(frozen=True, slots=True)
class ConnectApi(Collaborator):
    """The operations about creators' accounts over one platform."""

    platform: Platform

    async def initiate(
        self, request: StrictRequest, mode: ModeAsked = None
    ) -> Answer[Success[Initiated]]:
        """Make the creator's Express account once, and answer with a link to its onboarding.

        With an account already there, the link is a new one for the same account. Where the
        platform wants to know its creators, their check must be APPROVED.
        """
        owner = await self._creator(request, mode)
        await require_kyc(self.platform, owner)
        plan = self.platform.creator
        started = await start_onboarding(
            self.platform,
            owner,
            return_url=plan.return_urls[owner.mode],
            refresh_url=plan.refresh_urls[owner.mode],
            force=True,
            restart=True,
            caller=request.user,
            request_id=exchange_of(request.scope).request_id,
        )
        initiated = Initiated(started.stripe_account_id, started.link.url.reveal())
        return Answer(Success(data=initiated), status=201)

    async def refresh_link(
        self, request: StrictRequest, mode: ModeAsked = None
    ) -> Answer[Success[OnboardingLink]]:
        """Answer with a new single-use link for the account that is there; writes nothing."""
        owner = await self._creator(request, mode)
        link = await issue_link(self.platform, owner)
        return Answer(Success(data=OnboardingLink(link.url.reveal())))

    async def status(
        self, request: StrictRequest, mode: ModeAsked = None
    ) -> Answer[Success[AccountStatus]]:
        """Read the account from Stripe and remember it; without Stripe, answer from memory.

        From memory, `detailsSubmitted` is false and means unknown, and the header
        `X-Status-Source` says `stored`.
        """
        owner = await self._creator(request, mode)
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

    async def dashboard_link(
        self, request: StrictRequest, mode: ModeAsked = None
    ) -> Answer[Success[DashboardLink]]:
        """Answer with a single-use link to Stripe's Express dashboard, for an active account."""
        owner = await self._creator(request, mode)
        url = await create_login_link(self.platform, owner)
        return Answer(Success(data=DashboardLink(url.reveal())))

    async def _creator(self, request: StrictRequest, mode: Mode | None) -> Owner:
        await require_no_body(request.scope, request.receive)
        return await get_creator(self.platform, request.user, mode)

    def handlers(self) -> list[HTTPRouteHandler]:
        """Return the routes of these operations."""
        return [
            post(
                f"{_BELOW}/initiate",
                operation_id="initiateCreatorOnboarding",
                summary="Start onboarding",
                opt=counted("creators.initiate"),
                responses=refusals(400, 401, 404, 409, 413, 429, 503),
            )(self.initiate),
            post(
                f"{_BELOW}/refresh-link",
                status_code=200,
                operation_id="refreshCreatorLink",
                summary="Get a new onboarding link",
                opt=counted("creators.refresh-link"),
                responses=refusals(400, 401, 404, 413, 429, 503),
            )(self.refresh_link),
            get(
                f"{_BELOW}/status",
                operation_id="getCreatorStatus",
                summary="Read the account's status",
                opt=counted("creators.status"),
                responses=refusals(400, 401, 404, 413, 429, 503),
            )(self.status),
            post(
                f"{_BELOW}/dashboard-link",
                status_code=200,
                operation_id="createCreatorDashboardLink",
                summary="Get a link to the Express dashboard",
                opt=counted("creators.dashboard-link"),
                responses=refusals(400, 401, 404, 413, 429, 503),
            )(self.dashboard_link),
        ]
