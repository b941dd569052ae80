"""How is an organization's account, what does it still owe, and may it go live?

Source: docs/api/organizations.md, the connection; the checklist; going live; disconnecting.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter

from aboard.api.organizations.asking import FreshAsked, ModeAsked, organization_of, refusals
from aboard.api.organizations.repeats import Said, answer_once, finish_once
from aboard.api.organizations.schemas import (
    Connection,
    Language,
    ModeRequest,
    OrganizationId,
    connection_of,
)
from aboard.api.organizations.schemas_state import Setup, WorkList, setup_of, work_list_of
from aboard.flows.checklist import read_checklist
from aboard.flows.gate import close_gate, open_gate, read_setup_state
from aboard.flows.organizations import role_in
from aboard.flows.platform import Platform
from aboard.flows.recovery import disconnect_owner
from aboard.flows.sync import read_account
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest, require_no_body
from aboard.web.collaborator import Collaborator
from aboard.web.door import OPERATION, wished_language
from aboard.web.exchange import exchange_of

DISCONNECTION: Final = "aboard-disconnection"
_READING: Final = (400, 401, 403, 404, 429, 503)


@dataclass(frozen=True, slots=True)
class ConnectionsApi(Collaborator):
    """The operations about one account, over one platform."""

    platform: Platform

    async def read_connection(
        self,
        organization_id: OrganizationId,
        mode: ModeAsked,
        request: StrictRequest,
        *,
        fresh: FreshAsked = False,
    ) -> Answer[Connection]:
        """Read the organization's connection: stored with `syncedAt`, or live with `fresh`."""
        owner = await organization_of(self.platform, request, organization_id, mode, acting=False)
        role = await role_in(self.platform, request.user, organization_id)
        reading = await read_account(self.platform, owner, fresh=fresh)
        return Answer(connection_of(owner, reading, role))

    async def read_requirements(
        self,
        organization_id: OrganizationId,
        mode: ModeAsked,
        request: StrictRequest,
        *,
        fresh: FreshAsked = False,
        language: Annotated[
            Language | None,
            QueryParameter(description="Instead of what `Accept-Language` asks for."),
        ] = None,
    ) -> Answer[WorkList]:
        """Read what Stripe still wants, by when it bites, in words that a seller understands.

        The support role sees neither errors nor deadlines.
        """
        owner = await organization_of(self.platform, request, organization_id, mode, acting=False)
        role = await role_in(self.platform, request.user, organization_id)
        chosen = language or wished_language(request.scope)
        checklist = await read_checklist(self.platform, owner, fresh=fresh, language=chosen)
        return Answer(
            work_list_of(owner, checklist, role),
            headers=[(b"content-language", chosen.encode()), (b"vary", b"accept-language")],
        )

    async def read_setup_state(
        self,
        organization_id: OrganizationId,
        mode: ModeAsked,
        request: StrictRequest,
        *,
        fresh: FreshAsked = False,
    ) -> Answer[Setup]:
        """Read how far the organization has come, and what stands before going live."""
        owner = await organization_of(self.platform, request, organization_id, mode, acting=False)
        return Answer(setup_of(owner, await read_setup_state(self.platform, owner, fresh=fresh)))

    async def go_live(
        self, organization_id: OrganizationId, data: JSONBody[ModeRequest], request: StrictRequest
    ) -> Answer[Setup]:
        """Open the gate, if Stripe says just now that nothing stands before it.

        Otherwise 409 `not_ready` with the blockers. A gate that is open stays as it is. Facts
        close it again at any reading; nothing but a person opens it.
        """
        owner = await organization_of(
            self.platform, request, organization_id, data.mode, acting=True
        )

        async def go() -> Said:
            request_id = exchange_of(request.scope).request_id
            state = await open_gate(self.platform, owner, request.user, request_id=request_id)
            return Said(setup_of(owner, state))

        return await answer_once(self.platform, request, owner.id, data, go)

    async def stop_live(
        self, organization_id: OrganizationId, mode: ModeAsked, request: StrictRequest
    ) -> Answer[Setup]:
        """Close the gate by hand. A gate that is not open stays as it is."""
        await require_no_body(request.scope, request.receive)
        owner = await organization_of(self.platform, request, organization_id, mode, acting=True)

        async def stop() -> Said:
            request_id = exchange_of(request.scope).request_id
            state = await close_gate(self.platform, owner, request.user, request_id=request_id)
            return Said(setup_of(owner, state))

        return await answer_once(self.platform, request, owner.id, (mode,), stop)

    async def disconnect(
        self,
        organization_id: OrganizationId,
        mode: ModeAsked,
        request: StrictRequest,
        *,
        forget: Annotated[
            bool,
            QueryParameter(
                description="Let go here even of an account that Stripe lets nobody end."
            ),
        ] = False,
    ) -> Response[None]:
        """End the account at Stripe where Stripe allows, else forget it; and let go of it here.

        The header `Aboard-Disconnection` says which it was.
        """
        await require_no_body(request.scope, request.receive)
        owner = await organization_of(self.platform, request, organization_id, mode, acting=True)

        async def let_go() -> Said:
            request_id = exchange_of(request.scope).request_id
            done = await disconnect_owner(
                self.platform, owner, request.user, forget=forget, request_id=request_id
            )
            return Said(None, ((DISCONNECTION, done.how.value),), status=204)

        return await finish_once(self.platform, request, owner.id, (mode, forget), let_go)

    def handlers(self) -> list[HTTPRouteHandler]:
        """Return the routes of these operations."""
        return [
            get(
                "/{organization_id:str}",
                operation_id="getConnection",
                summary="Read the connection",
                opt={OPERATION: "organizations.connection"},
                responses=refusals(*_READING),
            )(self.read_connection),
            get(
                "/{organization_id:str}/requirements",
                operation_id="getRequirements",
                summary="Read the checklist",
                opt={OPERATION: "organizations.requirements"},
                responses=refusals(*_READING),
            )(self.read_requirements),
            get(
                "/{organization_id:str}/setup-state",
                operation_id="getSetupState",
                summary="Read how far the set-up is",
                opt={OPERATION: "organizations.setup-state"},
                responses=refusals(*_READING),
            )(self.read_setup_state),
            post(
                "/{organization_id:str}/go-live",
                status_code=200,
                operation_id="goLive",
                summary="Go live",
                opt={OPERATION: "organizations.go-live"},
                responses=refusals(400, 401, 403, 404, 409, 413, 415, 429, 502, 503),
            )(self.go_live),
            delete(
                "/{organization_id:str}/go-live",
                status_code=200,
                operation_id="stopLive",
                summary="Stop being live",
                opt={OPERATION: "organizations.go-live.close"},
                responses=refusals(400, 401, 403, 404, 409, 413, 429, 503),
            )(self.stop_live),
            delete(
                "/{organization_id:str}",
                status_code=204,
                operation_id="disconnect",
                summary="Disconnect the account",
                opt={OPERATION: "organizations.disconnect"},
                responses=refusals(400, 401, 403, 404, 409, 413, 429, 502, 503),
            )(self.disconnect),
        ]
