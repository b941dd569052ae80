"""Who belongs to an organization, and who may decide that?

For platforms whose tokens do not name everybody. Owners and admins manage; only owners give and
take the owner's role; the last owner stays. Operators count as owners of each.

Whoever has a role in an organization gets at its account. So nobody may choose the id of a new
organization except operators and those whose token calls them its owner: else a stranger could
take the id of one that is known by tokens alone. An operator makes organizations for others, and
becomes a member of none.

Source: ADR-0013, membership and operators.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from zoneinfo import available_timezones

from aboard.core.caller import Caller, Role
from aboard.core.errors import (
    InputRefused,
    LastOwner,
    MemberUnknown,
    NotYours,
    OrganizationTaken,
    OwnerUnknown,
)
from aboard.core.organization import Member, Membership, Organization, RoleChange
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.organizations import OPERATORS_ONLY, refuse, require_member
from aboard.flows.platform import Platform

UTC = "UTC"
MAX_NAME_CHARS = 200
MAX_REASON_CHARS = 500
MAX_USER_CHARS = 255
_ID_BYTES = 12
_REPEATED_WITHIN = timedelta(hours=24)
_OWNERS_ONLY = "refused:owners_only"
_NO_USER_ID = f"must be 1 to {MAX_USER_CHARS} printable characters"


async def require_free_choice(
    platform: Platform,
    caller: Caller,
    organization_id: str | None,
    owner_user_id: str | None,
    *,
    request_id: str | None = None,
) -> None:
    """Let those choose a new organization's id and its first owner who may. A refusal is audited.

    Raises:
        NotYours: the id: neither an operator nor named as its owner by the token. The owner: no
            operator, and somebody else is named.
    """
    if organization_id is not None and caller.role_in(organization_id) is not Role.OWNER:
        outcome = _OWNERS_ONLY
    elif owner_user_id not in {None, caller.user_id} and not caller.is_operator:
        outcome = OPERATORS_ONLY
    else:
        return
    await refuse(platform, caller, organization_id or "", outcome, request_id=request_id)
    raise NotYours


async def create_organization(
    platform: Platform,
    caller: Caller,
    *,
    name: str,
    time_zone: str = UTC,
    organization_id: str | None = None,
    owner_user_id: str | None = None,
    key: str | None = None,
    request_id: str | None = None,
) -> Organization:
    """Make an organization with the caller as its first owner; audited.

    An operator's begins with the owner they name, or without stored members: operators manage
    it. Without `organization_id` it gets an id of ours. The same `key` of the same caller leads
    to the same organization for a day, also when the first answer was lost.

    Raises:
        InputRefused: the name, the time zone or the owner's user id is not one.
        NotYours: the caller may not choose this id or this owner, or made this organization with
            this key and belongs to it no more.
        OrganizationTaken: another organization has this id.
    """
    _check_words(name, time_zone)
    if owner_user_id is not None and not _is_user_id(owner_user_id):
        raise InputRefused([("ownerUserId", _NO_USER_ID)])
    await require_free_choice(
        platform, caller, organization_id, owner_user_id, request_id=request_id
    )
    first_owner = owner_user_id if caller.is_operator else caller.user_id
    now = platform.clock()
    wanted = organization_id or _new_id(f"{caller.user_id}\n{key}\n{name}" if key else None)
    made = Organization(wanted, name, time_zone, now, caller.user_id)
    if not await platform.store.create_organization(made, first_owner=first_owner):
        earlier = await platform.store.find_organization(wanted)
        if key is not None and earlier is not None and _is_repeated(earlier, made):
            await require_member(platform, caller, wanted, managing=False, request_id=request_id)
            return earlier
        if organization_id is not None:
            raise OrganizationTaken
        made = replace(made, id=_new_id(None))
        await platform.store.create_organization(made, first_owner=first_owner)
    await write_audit(
        platform,
        AuditAction.ORGANIZATION_CREATED,
        outcome="created",
        caller=caller,
        request_id=request_id,
        details={
            "organization": made.id,
            "name": name,
            "time_zone": time_zone,
            "owner": first_owner,
        },
    )
    return made


async def get_organization_record(
    platform: Platform, caller: Caller, organization_id: str, *, request_id: str | None = None
) -> Membership:
    """Return an organization with the caller's role in it; without a record if only a token knows.

    Raises:
        NotYours: not a member.
        OwnerUnknown: an operator asks for what nobody knows.
    """
    role = await require_member(
        platform, caller, organization_id, managing=False, request_id=request_id
    )
    record = await platform.store.find_organization(organization_id)
    if record is None and organization_id not in caller.organizations:
        raise OwnerUnknown
    return Membership(organization_id, role, record)


async def list_organizations(
    platform: Platform, caller: Caller, *, after: str = "", limit: int = 100
) -> Sequence[Membership]:
    """Return the caller's organizations behind the id `after`, by token and by store.

    In the order of their ids. Operators too are told only those that they belong to.
    """
    stored = await platform.store.list_organizations_of_user(
        caller.user_id, after=after, limit=limit
    )
    found = {one.organization_id: one for one in stored}
    for organization_id in sorted(name for name in caller.organizations if name > after)[:limit]:
        known = found.get(organization_id)
        record = (
            known.organization
            if known is not None
            else await platform.store.find_organization(organization_id)
        )
        role = caller.organizations[organization_id]
        found[organization_id] = Membership(organization_id, role, record)
    return tuple(found[organization_id] for organization_id in sorted(found)[:limit])


async def rename_organization(
    platform: Platform,
    caller: Caller,
    organization_id: str,
    *,
    name: str | None = None,
    time_zone: str | None = None,
    request_id: str | None = None,
) -> Membership:
    """Change an organization's name, time zone or both; audited.

    Raises:
        InputRefused: the name or the time zone is not one, or neither is given.
        NotYours: not a member, or the role is too weak.
        OwnerUnknown: no such organization was made here.
    """
    role = await require_member(
        platform, caller, organization_id, managing=True, request_id=request_id
    )
    if name is None and time_zone is None:
        raise InputRefused([("name", "give a name, a time zone or both")])
    _check_words(name, time_zone)
    if not await platform.store.change_organization(
        organization_id, name=name, time_zone=time_zone
    ):
        raise OwnerUnknown
    await write_audit(
        platform,
        AuditAction.ORGANIZATION_CHANGED,
        outcome="changed",
        caller=caller,
        request_id=request_id,
        details={"organization": organization_id, "name": name, "time_zone": time_zone},
    )
    record = await platform.store.find_organization(organization_id)
    return Membership(organization_id, role, record)


async def list_members(
    platform: Platform,
    caller: Caller,
    organization_id: str,
    *,
    after: str = "",
    limit: int = 100,
    request_id: str | None = None,
) -> Sequence[Member]:
    """Return the stored members behind the user id `after`, in the order of their ids.

    Those whom only their tokens name are not among them.

    Raises:
        NotYours: not a member.
        OwnerUnknown: an operator asks for what nobody knows.
    """
    await get_organization_record(platform, caller, organization_id, request_id=request_id)
    return await platform.store.list_members(organization_id, after=after, limit=limit)


async def set_member(
    platform: Platform,
    caller: Caller,
    organization_id: str,
    user_id: str,
    role: Role,
    *,
    reason: str,
    request_id: str | None = None,
) -> Member:
    """Give a user a role in an organization, as a new member or in place of another; audited.

    Raises:
        InputRefused: the user id or the reason is not one.
        NotYours: not a member, the role is too weak, or it is an owner's role and the caller none.
        OwnerUnknown: no such organization was made here.
        LastOwner: nobody else is an owner.
    """
    own = await require_member(
        platform, caller, organization_id, managing=True, request_id=request_id
    )
    _check_change(user_id, reason)
    now = platform.clock()
    if role is Role.OWNER and own is not Role.OWNER:
        await refuse(platform, caller, organization_id, _OWNERS_ONLY, request_id=request_id)
        raise NotYours
    change = await platform.store.set_member(
        organization_id, user_id, role, now, by_owner=own is Role.OWNER
    )
    told = {"organization": organization_id, "member": user_id, "reason": reason}
    await _settle(platform, caller, own, change, told, request_id=request_id)
    return await platform.store.find_member(organization_id, user_id) or Member(user_id, role, now)


async def remove_member(
    platform: Platform,
    caller: Caller,
    organization_id: str,
    user_id: str,
    *,
    reason: str,
    request_id: str | None = None,
) -> None:
    """Take a user out of an organization; audited. A token that names them goes on holding.

    Raises:
        InputRefused: the user id or the reason is not one.
        NotYours: not a member, the role is too weak, or it is an owner and the caller none.
        OwnerUnknown: no such organization was made here.
        MemberUnknown: there is no such member.
        LastOwner: nobody else is an owner.
    """
    own = await require_member(
        platform, caller, organization_id, managing=True, request_id=request_id
    )
    _check_change(user_id, reason)
    change = await platform.store.remove_member(
        organization_id, user_id, by_owner=own is Role.OWNER
    )
    if change is not None and change.before is None:
        raise MemberUnknown
    told = {"organization": organization_id, "member": user_id, "reason": reason}
    await _settle(platform, caller, own, change, told, request_id=request_id)


async def _settle(
    platform: Platform,
    caller: Caller,
    own: Role,
    change: RoleChange | None,
    told: Mapping[str, str],
    *,
    request_id: str | None,
) -> None:
    """Write down what was changed, or refuse what was not."""
    if change is None:
        raise OwnerUnknown
    if not change.is_written:
        if own is Role.OWNER:
            raise LastOwner
        organization_id = told["organization"]
        await refuse(platform, caller, organization_id, _OWNERS_ONLY, request_id=request_id)
        raise NotYours
    if change.before is change.after:
        return
    await write_audit(
        platform,
        AuditAction.MEMBER_ROLE,
        outcome="changed",
        caller=caller,
        request_id=request_id,
        details={
            **told,
            "from": None if change.before is None else change.before.value,
            "to": None if change.after is None else change.after.value,
        },
    )


def _check_words(name: str | None, time_zone: str | None) -> None:
    problems = []
    if name is not None and not _is_text(name, MAX_NAME_CHARS):
        problems.append(("name", f"must be 1 to {MAX_NAME_CHARS} printable characters"))
    if time_zone is not None and time_zone not in _time_zones():
        problems.append(("timeZone", "must be a time zone's name such as Europe/Lisbon"))
    if problems:
        raise InputRefused(problems)


def _check_change(user_id: str, reason: str) -> None:
    problems = []
    if not _is_user_id(user_id):
        problems.append(("userId", _NO_USER_ID))
    if not _is_text(reason, MAX_REASON_CHARS):
        problems.append(("reason", f"must be 1 to {MAX_REASON_CHARS} printable characters"))
    if problems:
        raise InputRefused(problems)


def _is_user_id(text: str) -> bool:
    # As a token's `sub`: another could never sign in.
    return 0 < len(text) <= MAX_USER_CHARS and text.isprintable()


def _is_text(text: str, most: int) -> bool:
    return bool(text.strip()) and len(text) <= most and text.isprintable()


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones() | {UTC})


def _new_id(seed: str | None) -> str:
    if seed is None:
        return f"org_{secrets.token_hex(_ID_BYTES)}"
    return f"org_{hashlib.sha256(seed.encode()).hexdigest()[: 2 * _ID_BYTES]}"


def _is_repeated(earlier: Organization, made: Organization) -> bool:
    """Say whether the earlier one came from the same request, a day ago at most."""
    is_same = (earlier.name, earlier.time_zone, earlier.created_by) == (
        made.name,
        made.time_zone,
        made.created_by,
    )
    return is_same and made.created_at - earlier.created_at < _REPEATED_WITHIN
