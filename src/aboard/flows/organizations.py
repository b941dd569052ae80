"""May this caller see, or act for, this organization?

The token's word comes first; where it names no role, the stored membership counts. Whoever has
neither is refused the same way whether the organization exists or not.

Source: ADR-0013, membership and operators; docs/api/organizations.md, roles.
"""

from aboard.core.caller import Caller, Role
from aboard.core.errors import NotYours
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.platform import Platform

BY_OPERATOR = "by_operator"
NOT_A_MEMBER = "refused:not_a_member"
ROLE_TOO_WEAK = "refused:role_too_weak"
OPERATORS_ONLY = "refused:operators_only"


async def role_in(platform: Platform, caller: Caller, organization_id: str) -> Role | None:
    """Return the caller's role in an organization, or None; an operator counts as an owner.

    The store is asked only for an organization in which the token names no role.
    """
    kind = OwnerKind.ORGANIZATION
    if not any(caller.may_reach(Owner(kind, organization_id, mode)) for mode in Mode):
        return None
    named = caller.role_in(organization_id)
    if named is not None:
        return named
    member = await platform.store.find_member(organization_id, caller.user_id)
    return None if member is None else member.role


async def get_organization(
    platform: Platform,
    caller: Caller,
    organization_id: str,
    mode: Mode,
    *,
    acting: bool,
    request_id: str | None = None,
) -> Owner:
    """Return the organization as an owner, if the caller's role in it suffices.

    Reading needs any role, acting needs owner or admin. A refusal is audited, and so is an
    operator who acts for an organization in which their token names no role.

    Raises:
        NotYours: not a member, or the role is too weak.
    """
    owner = Owner(OwnerKind.ORGANIZATION, organization_id, mode)
    may_reach = caller.may_reach(owner)
    role = await role_in(platform, caller, organization_id) if may_reach else None
    if role is None or (acting and not role.may_onboard):
        outcome = NOT_A_MEMBER if role is None else ROLE_TOO_WEAK
    elif acting and caller.is_operator and organization_id not in caller.organizations:
        outcome = BY_OPERATOR
    else:
        return owner
    await write_audit(
        platform,
        AuditAction.ORGANIZATION_ACCESS,
        outcome=outcome,
        caller=caller,
        owner=owner,
        request_id=request_id,
    )
    if outcome is BY_OPERATOR:
        return owner
    raise NotYours


async def require_member(
    platform: Platform,
    caller: Caller,
    organization_id: str,
    *,
    managing: bool,
    request_id: str | None = None,
) -> Role:
    """Return the caller's role where no mode is meant: in the directory of members.

    Reading needs any role, managing needs owner or admin. A refusal is audited.

    Raises:
        NotYours: not a member, or the role is too weak.
    """
    role = await role_in(platform, caller, organization_id)
    if role is not None and (role.may_manage_members or not managing):
        return role
    outcome = NOT_A_MEMBER if role is None else ROLE_TOO_WEAK
    await refuse(platform, caller, organization_id, outcome, request_id=request_id)
    raise NotYours


async def require_operator(
    platform: Platform,
    caller: Caller,
    organization_id: str,
    mode: Mode,
    *,
    request_id: str | None = None,
) -> Owner:
    """Return the organization as an owner, if the caller is an operator. A refusal is audited.

    Raises:
        NotYours: anybody else, whatever their role.
    """
    owner = Owner(OwnerKind.ORGANIZATION, organization_id, mode)
    if caller.is_operator:
        return owner
    await write_audit(
        platform,
        AuditAction.ORGANIZATION_ACCESS,
        outcome=OPERATORS_ONLY,
        caller=caller,
        owner=owner,
        request_id=request_id,
    )
    raise NotYours


async def refuse(
    platform: Platform,
    caller: Caller,
    organization_id: str,
    outcome: str,
    *,
    request_id: str | None = None,
) -> None:
    """Write down that somebody was kept out of an organization's directory."""
    await write_audit(
        platform,
        AuditAction.ORGANIZATION_ACCESS,
        outcome=outcome,
        caller=caller,
        request_id=request_id,
        details={"organization": organization_id},
    )
