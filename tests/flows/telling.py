"""Owners who come to the gate, and what was told and audited of them."""

from dataclasses import replace

from aboard.core.announcements import AnnouncementType
from aboard.core.caller import Caller, Role
from aboard.core.go_live import Condition, GoLivePolicy
from aboard.core.links import AddressRules
from aboard.core.owner import Mode, Owner
from aboard.core.secret import Secret
from aboard.flows.gate import open_gate
from aboard.flows.platform import Platform
from aboard.flows.start import start_onboarding
from aboard.store.records import Detail
from aboard.stripe_api.client import Stripe
from tests.scene import API, REFRESH_URL, RETURN_URL, Scene

LIVE_KEY = "sk_live_aboard_flows_fake"
ANA = Caller("ana", {"org_1": Role.OWNER})
# What a test account can pass: without the webhooks and the live mode that nobody has here.
REHEARSAL = GoLivePolicy(conditions=frozenset({Condition.PAYOUTS}))


def rehearsing(scene: Scene, *more: Condition, **changes: object) -> Platform:
    policy = replace(REHEARSAL, conditions=REHEARSAL.conditions | set(more))
    return scene.with_changes(policy=policy, **changes)


def live_platform(scene: Scene) -> Platform:
    """Return the scene's platform in live mode, with a key and a public address of its own."""
    stripe = Stripe(Secret(LIVE_KEY), mode=Mode.LIVE, api_base=API, http_client=scene.client)
    return scene.with_changes(
        stripe={Mode.LIVE: stripe},
        public_url="https://aboard.example",
        addresses=AddressRules.parse(["https://shop.example"]),
    )


async def begun(scene: Scene, owner: Owner) -> str:
    started = await start_onboarding(
        scene.platform, owner, return_url=RETURN_URL, refresh_url=REFRESH_URL
    )
    return started.stripe_account_id


async def opened(scene: Scene, owner: Owner) -> tuple[Platform, str]:
    """Bring an owner through the gate; return the platform that let them."""
    account_id = await begun(scene, owner)
    await scene.complete(account_id)
    platform = rehearsing(scene)
    state = await open_gate(platform, owner, ANA)
    assert state.live
    return platform, account_id


async def told(scene: Scene, owner: Owner) -> list[AnnouncementType]:
    """Return what was told, oldest first."""
    rows = await scene.platform.store.list_announcements(owner)
    return [row.type for row in rows][::-1]


async def audited(scene: Scene, owner: Owner) -> list[tuple[str, str, str, Detail]]:
    rows = await scene.platform.store.list_audit(owner)
    return [(row.actor, row.action, row.outcome, row.details.get("blockers")) for row in rows][::-1]
