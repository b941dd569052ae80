"""What goes over the wire about organizations, members, account shapes and go-live policies?

Source: docs/api/organizations-directory.md.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from aboard.api.organizations.schemas import BusinessType, OrganizationId
from aboard.core.account import AccountShape
from aboard.core.caller import Role
from aboard.core.go_live import Condition
from aboard.core.organization import Member, Membership
from aboard.core.owner import Mode, Owner
from aboard.core.shapes import COLLECTION, DASHBOARD, FEES, LOSSES, check_shape
from aboard.flows.members import MAX_NAME_CHARS, MAX_REASON_CHARS, MAX_USER_CHARS, UTC
from aboard.flows.plans import PolicyInForce, ShapeInForce

OrganizationName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=MAX_NAME_CHARS, description="As people say it.")
]
TimeZone = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, description="An IANA name: Europe/Lisbon.")
]
FirstOwner = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=MAX_USER_CHARS,
        description="Who owns it first, by their token's `sub`; only operators name somebody else.",
    ),
]
Reason = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=MAX_REASON_CHARS, description="Why; it is kept in the audit."
    ),
]
Capabilities = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=64)]],
    msgspec.Meta(max_length=70, description="Stripe's names of capabilities."),
]
Payer = Literal["account", "application"]
Party = Literal["stripe", "application"]
Dashboard = Literal["full", "express", "none"]
AccountType = Literal["express", "standard", "custom"]


class NewOrganization(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Make an organization; without an id it gets one."""

    name: OrganizationName
    organization_id: OrganizationId | None = None
    time_zone: TimeZone = UTC
    owner_user_id: FirstOwner | None = None


class OrganizationChanges(
    msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True
):
    """Change what is given."""

    name: OrganizationName | None = None
    time_zone: TimeZone | None = None


class OrganizationRecord(msgspec.Struct, frozen=True, rename="camel"):
    """An organization and the caller's role in it; known by a token alone, it has no name here."""

    organization_id: str
    role: Role
    name: str | None
    time_zone: str | None
    created_at: datetime | None


class OrganizationList(msgspec.Struct, frozen=True, rename="camel"):
    """The caller's organizations by id; `next` continues as `after`."""

    organizations: list[OrganizationRecord]
    next: str | None


class MemberRecord(msgspec.Struct, frozen=True, rename="camel"):
    """A member that is stored here."""

    organization_id: str
    user_id: str
    role: Role
    since: datetime


class MemberList(msgspec.Struct, frozen=True, rename="camel"):
    """An organization's stored members by user id; `next` continues as `after`."""

    members: list[MemberRecord]
    next: str | None


class RoleRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Give a user this role."""

    role: Role
    reason: Reason


class Controller(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Stripe's controller properties by their own names; what is left out is Stripe's default."""

    fees_payer: Payer | None = msgspec.field(default=None, name=FEES)
    losses_payments: Party | None = msgspec.field(default=None, name=LOSSES)
    requirement_collection: Party | None = msgspec.field(default=None, name=COLLECTION)
    dashboard_type: Dashboard | None = msgspec.field(default=None, name=DASHBOARD)


class ShapeRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """How new accounts are made: a type, or a controller instead."""

    type: AccountType | None = None
    controller: Controller | None = None
    country: str | None = None
    business_type: BusinessType | None = None
    capabilities: Capabilities | None = None


class DecidedBy(StrEnum):
    """Whose word holds: this organization's own, or the settings' for all."""

    ORGANIZATION = "organization"
    SETTINGS = "settings"


class ShapeAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """How an organization's new accounts are made."""

    organization_id: str
    mode: Mode
    decided_by: DecidedBy
    type: str | None
    controller: Controller | None
    country: str | None
    business_type: str | None
    capabilities: list[str]


class PolicyRequest(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What the gate asks for beside charges, submitted details and nothing past due."""

    capabilities: Capabilities
    conditions: Annotated[list[Condition], msgspec.Meta(max_length=len(Condition))]


class PolicyAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """What an organization's gate asks for."""

    organization_id: str
    mode: Mode
    decided_by: DecidedBy
    capabilities: list[str]
    conditions: list[Condition]


def organization_of_wire(one: Membership) -> OrganizationRecord:
    """Return an organization as it goes over the wire."""
    record = one.organization
    return OrganizationRecord(
        one.organization_id,
        one.role,
        record.name if record else None,
        record.time_zone if record else None,
        record.created_at if record else None,
    )


def organization_list_of(found: Sequence[Membership], limit: int) -> OrganizationList:
    """Return one page of at most `limit`; one more was asked for, to know whether it goes on."""
    page = [organization_of_wire(one) for one in found[:limit]]
    return OrganizationList(page, page[-1].organization_id if len(found) > limit else None)


def member_of_wire(organization_id: str, member: Member) -> MemberRecord:
    """Return a member as it goes over the wire."""
    return MemberRecord(organization_id, member.user_id, member.role, member.since)


def member_list_of(organization_id: str, found: Sequence[Member], limit: int) -> MemberList:
    """Return one page of at most `limit`; one more was asked for, to know whether it goes on."""
    page = [member_of_wire(organization_id, member) for member in found[:limit]]
    return MemberList(page, page[-1].user_id if len(found) > limit else None)


def shape_of(data: ShapeRequest) -> AccountShape:
    """Return the shape that is asked for.

    Raises:
        InputRefused: Stripe makes no such accounts, or knows no such words.
    """
    given: Mapping[str, str] = msgspec.to_builtins(data.controller) if data.controller else {}
    return check_shape(
        account_type=data.type,
        controller=given,
        country=data.country,
        business_type=data.business_type,
        capabilities=data.capabilities,
    )


def shape_of_wire(owner: Owner, in_force: ShapeInForce) -> ShapeAnswer:
    """Return how accounts are made as it goes over the wire."""
    shape = in_force.shape
    return ShapeAnswer(
        owner.id,
        owner.mode,
        _decided_by(is_own=in_force.is_own),
        shape.type,
        msgspec.convert(dict(shape.controller), Controller) if shape.controller else None,
        shape.country,
        shape.business_type,
        list(shape.capabilities),
    )


def policy_of_wire(owner: Owner, in_force: PolicyInForce) -> PolicyAnswer:
    """Return what the gate asks for as it goes over the wire."""
    return PolicyAnswer(
        owner.id,
        owner.mode,
        _decided_by(is_own=in_force.is_own),
        list(in_force.policy.capabilities),
        [one for one in Condition if one in in_force.policy.conditions],
    )


def _decided_by(*, is_own: bool) -> DecidedBy:
    return DecidedBy.ORGANIZATION if is_own else DecidedBy.SETTINGS
