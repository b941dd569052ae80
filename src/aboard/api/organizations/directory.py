"""Which organizations are there, and who belongs to them with which role?

Source: docs/api/organizations-directory.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, Router, delete, get, patch, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from aboard.api.organizations.asking import refusals
from aboard.api.organizations.plans import PlansApi
from aboard.api.organizations.repeats import Said, answer_once, finish_once
from aboard.api.organizations.schemas import Failed, OrganizationId, require_plain_name
from aboard.api.organizations.schemas_directory import (
    MemberList,
    MemberRecord,
    NewOrganization,
    OrganizationChanges,
    OrganizationList,
    OrganizationRecord,
    RoleRequest,
    member_list_of,
    member_of_wire,
    organization_list_of,
    organization_of_wire,
)
from aboard.core.caller import Role
from aboard.core.organization import Membership
from aboard.flows.members import (
    create_organization,
    get_organization_record,
    list_members,
    list_organizations,
    remove_member,
    rename_organization,
    require_free_choice,
    set_member,
)
from aboard.flows.organizations import require_member
from aboard.flows.platform import Platform
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest, require_no_body
from aboard.web.collaborator import Collaborator
from aboard.web.door import OPERATION, Door
from aboard.web.exchange import exchange_of, find_header_text

PREFIX: Final = "/v1/organizations"
MAX_PAGE: Final = 100
_ONE: Final = "/{organization_id:str}"
_MEMBER: Final = f"{_ONE}/members/{{user_id:str}}"
_NO_ORGANIZATION: Final = ""
UserNamed = Annotated[
    str, PathParameter(description="The user's id as their token's `sub` says it.")
]
AfterAsked = Annotated[
    str, QueryParameter(max_length=255, description="The last id of the page before: its `next`.")
]
LimitAsked = Annotated[
    int, QueryParameter(ge=1, le=MAX_PAGE, description="How many a page has at most.")
]


@dataclass(frozen=True, slots=True)
class DirectoryApi(Collaborator):
    """The operations about organizations and their members, over one platform."""

    platform: Platform

    async def create(
        self, data: JSONBody[NewOrganization], request: StrictRequest
    ) -> Answer[OrganizationRecord]:
        """Make an organization. Whoever makes it is its first owner, except operators.

        An operator's belongs to `ownerUserId`, or to nobody yet. Only operators, and those whose
        token calls them owner of it, may choose the id.
        """
        request_id = exchange_of(request.scope).request_id
        await require_free_choice(
            self.platform,
            request.user,
            data.organization_id,
            data.owner_user_id,
            request_id=request_id,
        )

        async def create() -> Said:
            made = await create_organization(
                self.platform,
                request.user,
                name=data.name,
                time_zone=data.time_zone,
                organization_id=data.organization_id,
                owner_user_id=data.owner_user_id,
                key=find_header_text(request.scope, b"idempotency-key"),
                request_id=request_id,
            )
            role = request.user.role_in(made.id) or Role.OWNER
            return Said(organization_of_wire(Membership(made.id, role, made)), status=201)

        async def recheck(kept: msgspec.Raw) -> None:
            made = msgspec.json.decode(kept, type=OrganizationRecord)
            await require_member(
                self.platform,
                request.user,
                made.organization_id,
                managing=False,
                request_id=request_id,
            )

        return await answer_once(
            self.platform, request, _NO_ORGANIZATION, data, create, recheck=recheck
        )

    async def list_all(
        self, request: StrictRequest, after: AfterAsked = "", limit: LimitAsked = 50
    ) -> Answer[OrganizationList]:
        """List the caller's organizations by id: those that the token names, and the stored ones.

        Operators too see only those that they belong to.
        """
        found = await list_organizations(self.platform, request.user, after=after, limit=limit + 1)
        return Answer(organization_list_of(found, limit))

    async def read(
        self, organization_id: OrganizationId, request: StrictRequest
    ) -> Answer[OrganizationRecord]:
        """Read an organization and the caller's role in it.

        One that only tokens know has no name here: `name`, `timeZone` and `createdAt` are null.
        """
        require_plain_name(organization_id)
        found = await get_organization_record(
            self.platform,
            request.user,
            organization_id,
            request_id=exchange_of(request.scope).request_id,
        )
        return Answer(organization_of_wire(found))

    async def change(
        self,
        organization_id: OrganizationId,
        data: JSONBody[OrganizationChanges],
        request: StrictRequest,
    ) -> Answer[OrganizationRecord]:
        """Change the name, the time zone or both. Needs owner or admin."""
        request_id = await self._manage(request, organization_id)

        async def change() -> Said:
            changed = await rename_organization(
                self.platform,
                request.user,
                organization_id,
                name=data.name,
                time_zone=data.time_zone,
                request_id=request_id,
            )
            return Said(organization_of_wire(changed))

        return await answer_once(self.platform, request, organization_id, data, change)

    async def list_members(
        self,
        organization_id: OrganizationId,
        request: StrictRequest,
        after: AfterAsked = "",
        limit: LimitAsked = 50,
    ) -> Answer[MemberList]:
        """List the stored members by user id. Those whom only tokens name are not among them."""
        require_plain_name(organization_id)
        found = await list_members(
            self.platform,
            request.user,
            organization_id,
            after=after,
            limit=limit + 1,
            request_id=exchange_of(request.scope).request_id,
        )
        return Answer(member_list_of(organization_id, found, limit))

    async def set_role(
        self,
        organization_id: OrganizationId,
        user_id: UserNamed,
        data: JSONBody[RoleRequest],
        request: StrictRequest,
    ) -> Answer[MemberRecord]:
        """Give a user a role, as a new member or in place of another one.

        Needs owner or admin; the owner's role is given and taken by owners alone. The last owner
        stays: 409 `last_owner`. The change is audited with its reason.
        """
        request_id = await self._manage(request, organization_id)

        async def change() -> Said:
            member = await set_member(
                self.platform,
                request.user,
                organization_id,
                user_id,
                data.role,
                reason=data.reason,
                request_id=request_id,
            )
            return Said(member_of_wire(organization_id, member))

        asked = (user_id, data)
        return await answer_once(self.platform, request, organization_id, asked, change)

    async def remove(
        self,
        organization_id: OrganizationId,
        user_id: UserNamed,
        reason: Annotated[
            str, QueryParameter(min_length=1, description="Why; it is kept in the audit.")
        ],
        request: StrictRequest,
    ) -> Response[None]:
        """Take a user out of the organization, by the rules of giving roles.

        A token that names the user's role goes on holding until it ends.
        """
        await require_no_body(request.scope, request.receive)
        request_id = await self._manage(request, organization_id)

        async def remove() -> Said:
            await remove_member(
                self.platform,
                request.user,
                organization_id,
                user_id,
                reason=reason,
                request_id=request_id,
            )
            return Said(None, status=204)

        asked = (user_id, reason)
        return await finish_once(self.platform, request, organization_id, asked, remove)

    async def _manage(self, request: StrictRequest, organization_id: str) -> str:
        """Let managers pass before a kept answer is told again; return the request's id."""
        require_plain_name(organization_id)
        request_id = exchange_of(request.scope).request_id
        await require_member(
            self.platform, request.user, organization_id, managing=True, request_id=request_id
        )
        return request_id

    def handlers(self) -> list[HTTPRouteHandler]:
        """Return the routes of these operations."""
        return [
            post(
                "/",
                status_code=201,
                operation_id="createOrganization",
                summary="Make an organization",
                opt={OPERATION: "organizations.create"},
                responses=refusals(400, 401, 403, 409, 413, 415, 429, 503),
            )(self.create),
            get(
                "/",
                operation_id="listOrganizations",
                summary="List the caller's organizations",
                opt={OPERATION: "organizations.list"},
                responses=refusals(400, 401, 429, 503),
            )(self.list_all),
            get(
                _ONE,
                operation_id="getOrganization",
                summary="Read an organization",
                opt={OPERATION: "organizations.read"},
                responses=refusals(400, 401, 403, 404, 429, 503),
            )(self.read),
            patch(
                _ONE,
                operation_id="changeOrganization",
                summary="Change an organization",
                opt={OPERATION: "organizations.change"},
                responses=refusals(400, 401, 403, 404, 409, 413, 415, 429, 503),
            )(self.change),
            get(
                f"{_ONE}/members",
                operation_id="listMembers",
                summary="List the members",
                opt={OPERATION: "organizations.members"},
                responses=refusals(400, 401, 403, 404, 429, 503),
            )(self.list_members),
            put(
                _MEMBER,
                operation_id="setMember",
                summary="Give a member a role",
                opt={OPERATION: "organizations.members.set"},
                responses=refusals(400, 401, 403, 404, 409, 413, 415, 429, 503),
            )(self.set_role),
            delete(
                _MEMBER,
                status_code=204,
                operation_id="removeMember",
                summary="Remove a member",
                opt={OPERATION: "organizations.members.remove"},
                responses=refusals(400, 401, 403, 404, 409, 413, 429, 503),
            )(self.remove),
        ]


def build_directory_router(
    platform: Platform,
    door: Door,
    refuse: Callable[[Request[Any, Any, Any], Exception], Response[Failed]],
) -> Router:
    """Return the routes under `/v1/organizations`; `refuse` tells in this dialect what failed."""
    return Router(
        PREFIX,
        route_handlers=[*DirectoryApi(platform).handlers(), *PlansApi(platform).handlers()],
        before_request=door.admit,
        request_class=StrictRequest,
        exception_handlers={Exception: refuse},
        security=[{"bearer": []}],
        tags=["Directory"],
    )
