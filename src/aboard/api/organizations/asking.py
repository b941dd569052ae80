"""Whom is a request about, may its caller ask that, and what may it be refused with?

Source: docs/api/organizations.md, roles; errors.
"""

from typing import Annotated, Final

from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from aboard.api.organizations.schemas import Failed, require_plain_name
from aboard.core.owner import Mode, Owner
from aboard.flows.organizations import get_organization
from aboard.flows.platform import Platform
from aboard.web.bodies import StrictRequest
from aboard.web.exchange import exchange_of

ModeAsked = Annotated[Mode, QueryParameter(description="Which of the two accounts.")]
FreshAsked = Annotated[bool, QueryParameter(description="Ask Stripe first.")]

_REASONS: Final = {
    400: "The request is not valid, or an address is not allowed, or Stripe refused it",
    401: "No valid bearer token",
    403: "Another organization's, or the role is too weak",
    404: "There is nothing with this name",
    409: "The account's state, or an earlier request with this key, does not allow it",
    413: "The body is over 64 KiB",
    415: "The body is not JSON",
    429: "The window is used up; `Retry-After` says for how long",
    502: "Stripe refuses the platform's own key",
    503: "Stripe is away, or the feature is switched off; `Retry-After` says for how long",
}


async def organization_of(
    platform: Platform, request: StrictRequest, organization_id: str, mode: Mode, *, acting: bool
) -> Owner:
    """Return the organization that is asked about, if the caller's role in it suffices.

    Raises:
        InputRefused: the id is none.
        NotYours: not a member, or the role is too weak; audited.
    """
    require_plain_name(organization_id)
    return await get_organization(
        platform,
        request.user,
        organization_id,
        mode,
        acting=acting,
        request_id=exchange_of(request.scope).request_id,
    )


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """Return how an operation may refuse, for the description."""
    return {
        status: ResponseSpec(Failed, description=_REASONS[status], generate_examples=False)
        for status in statuses
    }
