"""How accounts are made and what the gate asks for: an operator's word over the settings'."""

from typing import Any

import pytest

from aboard.core.account import AccountShape
from aboard.core.caller import Caller, Role
from aboard.core.errors import NotYours
from aboard.core.go_live import Condition, GoLivePolicy
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.plans import (
    policy_for,
    read_policy,
    read_shape,
    set_policy,
    set_shape,
    shape_for,
)
from aboard.flows.start import start_onboarding
from tests.scene import KEY, REFRESH_URL, RETURN_URL, Scene

OPERATOR = Caller("ops", is_operator=True)
CUSTOM = AccountShape("custom", country="PT", capabilities=("transfers",))
LAX = GoLivePolicy(("transfers",), frozenset({Condition.PAYOUTS}))


async def test_the_settings_hold_until_somebody_decides(scene: Scene, organization: Owner) -> None:
    shape = await read_shape(scene.platform, organization)
    assert (shape.shape.type, shape.shape.country, shape.is_own) == ("express", "US", False)
    policy = await read_policy(scene.platform, organization)
    assert (policy.policy, policy.is_own) == (GoLivePolicy(), False)


async def test_an_operators_decision_holds_for_one_organization_and_mode(
    scene: Scene, organization: Owner
) -> None:
    decided = await set_shape(scene.platform, OPERATOR, organization.id, Mode.TEST, CUSTOM)
    assert (decided.shape, decided.is_own) == (CUSTOM, True)
    decided_policy = await set_policy(scene.platform, OPERATOR, organization.id, Mode.TEST, LAX)
    assert (decided_policy.policy, decided_policy.is_own) == (LAX, True)
    assert await shape_for(scene.platform, organization) == CUSTOM
    assert await policy_for(scene.platform, organization) == LAX
    for other in (
        Owner(OwnerKind.ORGANIZATION, organization.id, Mode.LIVE),
        Owner(OwnerKind.ORGANIZATION, "org_2", Mode.TEST),
        Owner(OwnerKind.CREATOR, organization.id, Mode.TEST),
    ):
        assert (await shape_for(scene.platform, other)).type == "express"
        assert await policy_for(scene.platform, other) == GoLivePolicy()


async def test_a_decision_is_taken_back(scene: Scene, organization: Owner) -> None:
    await set_shape(scene.platform, OPERATOR, organization.id, Mode.TEST, CUSTOM)
    await set_policy(scene.platform, OPERATOR, organization.id, Mode.TEST, LAX)
    back = await set_shape(scene.platform, OPERATOR, organization.id, Mode.TEST, None)
    assert (back.shape.type, back.is_own) == ("express", False)
    assert await policy_for(scene.platform, organization) == LAX
    policy = await set_policy(scene.platform, OPERATOR, organization.id, Mode.TEST, None)
    assert (policy.policy, policy.is_own) == (GoLivePolicy(), False)


async def test_the_account_is_made_as_decided(scene: Scene, organization: Owner) -> None:
    await set_shape(scene.platform, OPERATOR, organization.id, Mode.TEST, CUSTOM)
    await start_onboarding(
        scene.platform, organization, return_url=RETURN_URL, refresh_url=REFRESH_URL
    )
    (account,) = scene.sandbox.world(KEY).accounts
    assert (account.country, sorted(account.requested)) == ("PT", ["transfers"])
    assert account.controller.dashboard == "none"


async def test_each_mode_has_its_own_settings(scene: Scene) -> None:
    shapes = {
        (OwnerKind.ORGANIZATION, Mode.TEST): CUSTOM,
        (OwnerKind.ORGANIZATION, Mode.LIVE): AccountShape("standard", capabilities=()),
    }
    platform = scene.with_changes(shapes=shapes)
    made = {
        mode: (await shape_for(platform, Owner(OwnerKind.ORGANIZATION, "org_1", mode))).type
        for mode in Mode
    }
    assert made == {Mode.TEST: "custom", Mode.LIVE: "standard"}


@pytest.mark.parametrize("role", list(Role))
async def test_nobody_but_operators_decides(scene: Scene, organization: Owner, role: Role) -> None:
    caller = Caller("ada", {organization.id: role})
    with pytest.raises(NotYours):
        await set_shape(scene.platform, caller, organization.id, Mode.TEST, CUSTOM)
    with pytest.raises(NotYours):
        await set_policy(scene.platform, caller, organization.id, Mode.TEST, LAX)
    assert await scene.platform.store.find_plan(organization.id, Mode.TEST) is None
    entries = await scene.platform.store.list_audit(organization)
    assert [(entry.actor, entry.outcome) for entry in entries] == [
        ("ada", "refused:operators_only")
    ] * 2


async def test_each_decision_is_audited(scene: Scene, organization: Owner) -> None:
    decisions: list[Any] = [(set_shape, CUSTOM), (set_policy, LAX), (set_shape, None)]
    for decide, what in decisions:
        await decide(scene.platform, OPERATOR, organization.id, Mode.TEST, what, request_id="r1")
    entries = await scene.platform.store.list_audit(organization)
    assert [(entry.action, entry.outcome) for entry in entries] == [
        ("plan.account_shape", "settings"),
        ("plan.go_live_policy", "decided"),
        ("plan.account_shape", "decided"),
    ]
    assert {(entry.actor, entry.request_id) for entry in entries} == {("ops", "r1")}
    assert entries[1].details == {"capabilities": "transfers", "conditions": "payouts"}
    assert entries[2].details == {
        "type": "custom",
        "country": "PT",
        "business_type": None,
        "capabilities": "transfers",
    }
