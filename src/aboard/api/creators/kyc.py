"""Knowing a creator: beginning a check, how it stands, and an operator's decision.

Source: docs/api/creators.md; ADR-0018, knowing your creators.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from aboard.api.creators.asking import HALF, TWELVE, counted, refusals
from aboard.api.creators.schemas_profile import (
    Decided,
    DecisionRequest,
    KycSession,
    KycState,
    PendingChecks,
    decided_of,
    kyc_session_of,
    kyc_state_of,
    pending_of,
)
from aboard.api.envelope.schemas import Success
from aboard.core.kyc import KycStatus
from aboard.flows.kyc import decide_kyc, list_pending_kyc, read_kyc, start_kyc
from aboard.flows.platform import Platform
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest, require_no_body
from aboard.web.collaborator import Collaborator
from aboard.web.exchange import exchange_of

MAX_PAGE: Final = 100
AfterAsked = Annotated[
    str, QueryParameter(max_length=255, description="The last id of the page before: its `next`.")
]
LimitAsked = Annotated[
    int, QueryParameter(ge=1, le=MAX_PAGE, description="How many a page has at most.")
]
CreatorNamed = Annotated[str, PathParameter(description="The creator's id.")]


@dataclass(frozen=True, slots=True)
class KycApi(Collaborator):
    """The operations about checks over one platform."""

    platform: Platform

    async def start(self, request: StrictRequest) -> Answer[Success[KycSession]]:
        """Begin a check of the caller, or another attempt after one that ended.

        Send the creator to `redirectUrl` at once. `provider` is a name for people: what a client
        does must not depend on it.
        """
        await require_no_body(request.scope, request.receive)
        started = await start_kyc(
            self.platform, request.user, request_id=exchange_of(request.scope).request_id
        )
        return Answer(Success(data=kyc_session_of(started)), status=201)

    async def status(self, request: StrictRequest) -> Answer[Success[KycState]]:
        """Read how the caller's check stands."""
        await require_no_body(request.scope, request.receive)
        return Answer(Success(data=kyc_state_of(await read_kyc(self.platform, request.user))))

    async def pending(
        self, request: StrictRequest, after: AfterAsked = "", limit: LimitAsked = 50
    ) -> Answer[Success[PendingChecks]]:
        """List the checks that wait for a decision. Operators only."""
        await require_no_body(request.scope, request.receive)
        found = await list_pending_kyc(
            self.platform,
            request.user,
            after=after,
            limit=limit + 1,
            request_id=exchange_of(request.scope).request_id,
        )
        return Answer(Success(data=pending_of(found, limit)))

    async def decide(
        self, creator_id: CreatorNamed, data: JSONBody[DecisionRequest], request: StrictRequest
    ) -> Answer[Success[Decided]]:
        """Decide a creator's check, or correct a decision. Operators only; audited.

        The same decision again changes nothing.
        """
        standing = await decide_kyc(
            self.platform,
            request.user,
            creator_id,
            KycStatus(data.decision.value),
            reason=data.reason,
            request_id=exchange_of(request.scope).request_id,
        )
        return Answer(Success(data=decided_of(creator_id, standing)))

    def handlers(self) -> list[HTTPRouteHandler]:
        """Return the routes of these operations."""
        return [
            post(
                "/creators/kyc/start",
                operation_id="startCreatorKyc",
                summary="Begin a check of who the creator is",
                opt=counted("creators.kyc.start", HALF),
                responses=refusals(400, 401, 404, 413, 429, 503),
            )(self.start),
            get(
                "/creators/kyc/status",
                operation_id="getCreatorKyc",
                summary="Read how the check stands",
                opt=counted("creators.kyc.status", TWELVE),
                responses=refusals(400, 401, 404, 413, 429, 503),
            )(self.status),
            get(
                "/creators/kyc/pending",
                operation_id="listPendingKyc",
                summary="List the checks that wait",
                opt=counted("creators.kyc.pending", TWELVE),
                responses=refusals(400, 401, 403, 413, 429, 503),
            )(self.pending),
            post(
                "/creators/{creator_id:str}/kyc/decision",
                status_code=200,
                operation_id="decideKyc",
                summary="Decide a check",
                opt=counted("creators.kyc.decision", TWELVE),
                responses=refusals(400, 401, 403, 404, 409, 413, 415, 429, 503),
            )(self.decide),
        ]
