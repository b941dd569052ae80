"""Which doors may a member open? Onboarding, Stripe's dashboard, embedded components, our pages.

Each answer reveals a bearer URL or a secret once, so a repeated request is answered with a new
one for the same account.

Source: docs/api/organizations.md, doors.
"""

from dataclasses import dataclass
from typing import Final

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from aboard.api.organizations.asking import organization_of, refusals
from aboard.api.organizations.repeats import answer_anew
from aboard.api.organizations.schemas import (
    LinkAnswer,
    LinkRequest,
    LoginLinkAnswer,
    ModeRequest,
    OrganizationId,
    PageLinkAnswer,
    PageLinkRequest,
    SessionAnswer,
    SessionRequest,
)
from aboard.flows.entry import issue_page_link
from aboard.flows.login_link import create_login_link
from aboard.flows.platform import Platform
from aboard.flows.session import create_account_session
from aboard.flows.start import start_onboarding
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest
from aboard.web.collaborator import Collaborator
from aboard.web.door import OPERATION
from aboard.web.exchange import exchange_of

_REFUSALS: Final = (400, 401, 403, 404, 409, 413, 415, 429, 502, 503)


@dataclass(frozen=True, slots=True)
class DoorsApi(Collaborator):
    """The operations that open a door, over one platform."""

    platform: Platform

    async def create_link(
        self, data: JSONBody[LinkRequest], request: StrictRequest
    ) -> Answer[LinkAnswer]:
        """Start or resume the organization's onboarding and answer with a single-use link.

        Repeated with the same `Idempotency-Key`, it answers with a new link for the same account:
        links are never stored. A complete account is a 409 `nothing_due` unless `force` is true,
        a disconnected or rejected one a 409 unless `restart` is true.
        """
        owner = await organization_of(
            self.platform, request, data.organization_id, data.mode, acting=True
        )
        # Before the key is claimed, so that a corrected request may keep its key.
        self.platform.addresses.check(data.return_url, data.mode, "returnUrl")
        self.platform.addresses.check(data.refresh_url, data.mode, "refreshUrl")

        async def start(is_repeat: bool) -> Answer[LinkAnswer]:  # noqa: FBT001 - called by position
            started = await start_onboarding(
                self.platform,
                owner,
                return_url=data.return_url,
                refresh_url=data.refresh_url,
                collect=data.collect,
                force=data.force,
                # What was answered before did restart: a repeat never leaves a second account.
                restart=data.restart and not is_repeat,
                country=data.country,
                business_type=data.business_type,
                email=data.email,
                caller=request.user,
                request_id=exchange_of(request.scope).request_id,
            )
            return Answer(LinkAnswer(started.link.url.reveal(), started.link.expires_at))

        return await answer_anew(self.platform, request, owner.id, data, start)

    async def create_login_link(
        self, organization_id: OrganizationId, data: JSONBody[ModeRequest], request: StrictRequest
    ) -> Answer[LoginLinkAnswer]:
        """Answer with a single-use link to Stripe's Express dashboard.

        Stripe gives it to accounts with that dashboard, after onboarding.
        """
        owner = await organization_of(
            self.platform, request, organization_id, data.mode, acting=True
        )

        async def create(_: bool) -> Answer[LoginLinkAnswer]:  # noqa: FBT001 - called by position
            url = await create_login_link(self.platform, owner)
            return Answer(LoginLinkAnswer(url.reveal()))

        return await answer_anew(self.platform, request, owner.id, data, create)

    async def create_account_session(
        self,
        organization_id: OrganizationId,
        data: JSONBody[SessionRequest],
        request: StrictRequest,
    ) -> Answer[SessionAnswer]:
        """Answer with the secret that opens Stripe's embedded components.

        The names of components are Stripe's, and Stripe decides which this account may have.
        """
        owner = await organization_of(
            self.platform, request, organization_id, data.mode, acting=True
        )

        async def create(_: bool) -> Answer[SessionAnswer]:  # noqa: FBT001 - called by position
            session = await create_account_session(self.platform, owner, data.components)
            return Answer(SessionAnswer(session.client_secret.reveal(), session.expires_at))

        return await answer_anew(self.platform, request, owner.id, data, create)

    async def create_page_link(
        self,
        organization_id: OrganizationId,
        data: JSONBody[PageLinkRequest],
        request: StrictRequest,
    ) -> Answer[PageLinkAnswer]:
        """Answer with a single-use link to Aboard's own pages for owners.

        Whoever opens it sees and may do there what the caller may.
        """
        owner = await organization_of(
            self.platform, request, organization_id, data.mode, acting=False
        )

        async def issue(_: bool) -> Answer[PageLinkAnswer]:  # noqa: FBT001 - called by position
            link = await issue_page_link(self.platform, owner, request.user, data.page)
            return Answer(PageLinkAnswer(link.url.reveal(), link.expires_at))

        return await answer_anew(self.platform, request, owner.id, data, issue)

    def handlers(self) -> list[HTTPRouteHandler]:
        """Return the routes of these operations."""
        return [
            post(
                "/onboarding-links",
                status_code=200,
                operation_id="createOnboardingLink",
                summary="Start or resume onboarding",
                opt={OPERATION: "organizations.onboarding-links"},
                responses=refusals(*_REFUSALS),
            )(self.create_link),
            post(
                "/{organization_id:str}/login-links",
                status_code=200,
                operation_id="createLoginLink",
                summary="Open Stripe's Express dashboard",
                opt={OPERATION: "organizations.login-links"},
                responses=refusals(*_REFUSALS),
            )(self.create_login_link),
            post(
                "/{organization_id:str}/account-sessions",
                status_code=200,
                operation_id="createAccountSession",
                summary="Open embedded components",
                opt={OPERATION: "organizations.account-sessions"},
                responses=refusals(*_REFUSALS),
            )(self.create_account_session),
            post(
                "/{organization_id:str}/page-links",
                status_code=200,
                operation_id="createPageLink",
                summary="Open Aboard's own pages",
                opt={OPERATION: "organizations.page-links"},
                responses=refusals(400, 401, 403, 404, 409, 413, 415, 429, 503),
            )(self.create_page_link),
        ]
