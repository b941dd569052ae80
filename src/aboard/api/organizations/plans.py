"""How are an organization's accounts made, and what does its gate ask for?

Members may read it; only operators decide.

Source: docs/api/organizations-directory.md, account shapes; go-live policies.
"""

from dataclasses import dataclass
from typing import Final

from litestar import delete, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from aboard.api.organizations.asking import ModeAsked, organization_of, refusals
from aboard.api.organizations.repeats import Said, answer_once
from aboard.api.organizations.schemas import OrganizationId, require_plain_name
from aboard.api.organizations.schemas_directory import (
    PolicyAnswer,
    PolicyRequest,
    ShapeAnswer,
    ShapeRequest,
    policy_of_wire,
    shape_of,
    shape_of_wire,
)
from aboard.core.account import AccountShape
from aboard.core.go_live import GoLivePolicy
from aboard.core.owner import Mode, Owner
from aboard.core.shapes import check_capabilities
from aboard.flows.organizations import require_operator
from aboard.flows.plans import read_policy, read_shape, set_policy, set_shape
from aboard.flows.platform import Platform
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest, require_no_body
from aboard.web.collaborator import Collaborator
from aboard.web.door import OPERATION
from aboard.web.exchange import exchange_of

_SHAPE: Final = "/{organization_id:str}/account-shape"
_POLICY: Final = "/{organization_id:str}/go-live-policy"


@dataclass(frozen=True, slots=True)
class PlansApi(Collaborator):
    """The operations about what was decided for one organization, over one platform."""

    platform: Platform

    async def read_shape(
        self, organization_id: OrganizationId, mode: ModeAsked, request: StrictRequest
    ) -> Answer[ShapeAnswer]:
        """Read how new accounts of the organization are made, and where that was decided."""
        owner = await organization_of(self.platform, request, organization_id, mode, acting=False)
        return Answer(shape_of_wire(owner, await read_shape(self.platform, owner)))

    async def decide_shape(
        self,
        organization_id: OrganizationId,
        mode: ModeAsked,
        data: JSONBody[ShapeRequest],
        request: StrictRequest,
    ) -> Answer[ShapeAnswer]:
        """Decide how new accounts of the organization are made. Operators only.

        Give a `type`, or a `controller` instead. An account that is there already stays as it is.
        """
        owner = await self._operate(request, organization_id, mode)
        shape = shape_of(data)
        return await self._set_shape(request, owner, shape, (mode, data))

    async def forget_shape(
        self, organization_id: OrganizationId, mode: ModeAsked, request: StrictRequest
    ) -> Answer[ShapeAnswer]:
        """Make new accounts as the settings say again, and answer with that. Operators only."""
        await require_no_body(request.scope, request.receive)
        owner = await self._operate(request, organization_id, mode)
        return await self._set_shape(request, owner, None, (mode,))

    async def read_policy(
        self, organization_id: OrganizationId, mode: ModeAsked, request: StrictRequest
    ) -> Answer[PolicyAnswer]:
        """Read what the gate asks of the organization, and where that was decided."""
        owner = await organization_of(self.platform, request, organization_id, mode, acting=False)
        return Answer(policy_of_wire(owner, await read_policy(self.platform, owner)))

    async def decide_policy(
        self,
        organization_id: OrganizationId,
        mode: ModeAsked,
        data: JSONBody[PolicyRequest],
        request: StrictRequest,
    ) -> Answer[PolicyAnswer]:
        """Decide what the gate asks of the organization. Operators only.

        A gate that is open is judged by it at the next reading of the account.
        """
        owner = await self._operate(request, organization_id, mode)
        capabilities = check_capabilities(data.capabilities)
        policy = GoLivePolicy(capabilities, frozenset(data.conditions))
        return await self._set_policy(request, owner, policy, (mode, data))

    async def forget_policy(
        self, organization_id: OrganizationId, mode: ModeAsked, request: StrictRequest
    ) -> Answer[PolicyAnswer]:
        """Ask for what the settings say again, and answer with that. Operators only."""
        await require_no_body(request.scope, request.receive)
        owner = await self._operate(request, organization_id, mode)
        return await self._set_policy(request, owner, None, (mode,))

    async def _operate(self, request: StrictRequest, organization_id: str, mode: Mode) -> Owner:
        require_plain_name(organization_id)
        return await require_operator(
            self.platform,
            request.user,
            organization_id,
            mode,
            request_id=exchange_of(request.scope).request_id,
        )

    async def _set_shape(
        self,
        request: StrictRequest,
        owner: Owner,
        shape: AccountShape | None,
        asked: tuple[object, ...],
    ) -> Answer[ShapeAnswer]:
        async def decide() -> Said:
            in_force = await set_shape(
                self.platform,
                request.user,
                owner.id,
                owner.mode,
                shape,
                request_id=exchange_of(request.scope).request_id,
            )
            return Said(shape_of_wire(owner, in_force))

        return await answer_once(self.platform, request, owner.id, asked, decide)

    async def _set_policy(
        self,
        request: StrictRequest,
        owner: Owner,
        policy: GoLivePolicy | None,
        asked: tuple[object, ...],
    ) -> Answer[PolicyAnswer]:
        async def decide() -> Said:
            in_force = await set_policy(
                self.platform,
                request.user,
                owner.id,
                owner.mode,
                policy,
                request_id=exchange_of(request.scope).request_id,
            )
            return Said(policy_of_wire(owner, in_force))

        return await answer_once(self.platform, request, owner.id, asked, decide)

    def handlers(self) -> list[HTTPRouteHandler]:
        """Return the routes of these operations."""
        reading = refusals(400, 401, 403, 429, 503)
        deciding = refusals(400, 401, 403, 409, 413, 415, 429, 503)
        forgetting = refusals(400, 401, 403, 409, 413, 429, 503)
        return [
            get(
                _SHAPE,
                operation_id="getAccountShape",
                summary="Read how accounts are made",
                opt={OPERATION: "organizations.account-shape"},
                responses=reading,
            )(self.read_shape),
            put(
                _SHAPE,
                operation_id="setAccountShape",
                summary="Decide how accounts are made",
                opt={OPERATION: "organizations.account-shape.set"},
                responses=deciding,
            )(self.decide_shape),
            delete(
                _SHAPE,
                status_code=200,
                operation_id="forgetAccountShape",
                summary="Make accounts as the settings say",
                opt={OPERATION: "organizations.account-shape.forget"},
                responses=forgetting,
            )(self.forget_shape),
            get(
                _POLICY,
                operation_id="getGoLivePolicy",
                summary="Read what the gate asks for",
                opt={OPERATION: "organizations.go-live-policy"},
                responses=reading,
            )(self.read_policy),
            put(
                _POLICY,
                operation_id="setGoLivePolicy",
                summary="Decide what the gate asks for",
                opt={OPERATION: "organizations.go-live-policy.set"},
                responses=deciding,
            )(self.decide_policy),
            delete(
                _POLICY,
                status_code=200,
                operation_id="forgetGoLivePolicy",
                summary="Ask for what the settings say",
                opt={OPERATION: "organizations.go-live-policy.forget"},
                responses=forgetting,
            )(self.forget_policy),
        ]
