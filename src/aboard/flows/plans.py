"""How is this owner's account made, and what does its gate ask for?

What was decided for the organization, else what the settings say. Only operators decide: whoever
chooses how accounts are made may move losses onto the platform.

Source: ADR-0013, membership and operators.
"""

from dataclasses import dataclass

from aboard.core.account import AccountShape
from aboard.core.caller import Caller
from aboard.core.go_live import GoLivePolicy
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.organizations import require_operator
from aboard.flows.platform import Platform
from aboard.store.plans import Plan
from aboard.store.records import Detail


@dataclass(frozen=True, slots=True)
class ShapeInForce:
    """How new accounts are made, and whether that was decided for this organization alone."""

    shape: AccountShape
    is_own: bool


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """What the gate asks for, and whether that was decided for this organization alone."""

    policy: GoLivePolicy
    is_own: bool


async def shape_for(platform: Platform, owner: Owner) -> AccountShape:
    """Return how this owner's account is made."""
    return (await read_shape(platform, owner)).shape


async def policy_for(platform: Platform, owner: Owner) -> GoLivePolicy:
    """Return what this owner's gate asks for."""
    return (await read_policy(platform, owner)).policy


async def read_shape(platform: Platform, owner: Owner) -> ShapeInForce:
    """Return how this owner's account is made, and where that was decided."""
    plan = await _plan(platform, owner)
    if plan is not None and plan.shape is not None:
        return ShapeInForce(plan.shape, is_own=True)
    return ShapeInForce(platform.shapes[(owner.kind, owner.mode)], is_own=False)


async def read_policy(platform: Platform, owner: Owner) -> PolicyInForce:
    """Return what this owner's gate asks for, and where that was decided."""
    plan = await _plan(platform, owner)
    if plan is not None and plan.policy is not None:
        return PolicyInForce(plan.policy, is_own=True)
    return PolicyInForce(platform.policy, is_own=False)


async def set_shape(
    platform: Platform,
    caller: Caller,
    organization_id: str,
    mode: Mode,
    shape: AccountShape | None,
    *,
    request_id: str | None = None,
) -> ShapeInForce:
    """Decide how accounts of an organization are made, None as the settings say; audited.

    An account that is there already stays as it is.

    Raises:
        NotYours: the caller is no operator.
    """
    owner = await require_operator(platform, caller, organization_id, mode, request_id=request_id)
    await platform.store.write_shape(
        organization_id, mode, shape, now=platform.clock(), changed_by=caller.user_id
    )
    await write_audit(
        platform,
        AuditAction.ACCOUNT_SHAPE,
        outcome="settings" if shape is None else "decided",
        caller=caller,
        owner=owner,
        request_id=request_id,
        details={} if shape is None else _told(shape),
    )
    return await read_shape(platform, owner)


async def set_policy(
    platform: Platform,
    caller: Caller,
    organization_id: str,
    mode: Mode,
    policy: GoLivePolicy | None,
    *,
    request_id: str | None = None,
) -> PolicyInForce:
    """Decide what the gate of an organization asks for, None as the settings say; audited.

    A gate that is open is judged by it at the next sync.

    Raises:
        NotYours: the caller is no operator.
    """
    owner = await require_operator(platform, caller, organization_id, mode, request_id=request_id)
    await platform.store.write_policy(
        organization_id, mode, policy, now=platform.clock(), changed_by=caller.user_id
    )
    details: dict[str, Detail] = {}
    if policy is not None:
        details = {
            "capabilities": ",".join(policy.capabilities),
            "conditions": ",".join(sorted(policy.conditions)),
        }
    await write_audit(
        platform,
        AuditAction.GO_LIVE_POLICY,
        outcome="settings" if policy is None else "decided",
        caller=caller,
        owner=owner,
        request_id=request_id,
        details=details,
    )
    return await read_policy(platform, owner)


async def _plan(platform: Platform, owner: Owner) -> Plan | None:
    if owner.kind is not OwnerKind.ORGANIZATION:
        return None
    return await platform.store.find_plan(owner.id, owner.mode)


def _told(shape: AccountShape) -> dict[str, Detail]:
    return {
        "type": shape.type,
        **shape.controller,
        "country": shape.country,
        "business_type": shape.business_type,
        "capabilities": ",".join(shape.capabilities),
    }
