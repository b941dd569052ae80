"""May this caller see, or act for, this organization?

Source: docs/api/organizations.md, roles.
"""

from aboard.core.caller import Caller
from aboard.core.errors import NotYours
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.platform import Platform


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

    Reading needs any role, acting needs owner or admin. A refusal is audited.

    Raises:
        NotYours: not a member, or the role is too weak.
    """
    owner = Owner(OwnerKind.ORGANIZATION, organization_id, mode)
    if caller.may_act(owner) if acting else caller.may_read(owner):
        return owner
    await write_audit(
        platform,
        AuditAction.ORGANIZATION_ACCESS,
        outcome="refused:role_too_weak" if caller.may_read(owner) else "refused:not_a_member",
        caller=caller,
        owner=owner,
        request_id=request_id,
    )
    raise NotYours
