"""What was decided for one organization in one mode is kept, each part for itself."""

from aboard.core.account import AccountShape
from aboard.core.go_live import Condition, GoLivePolicy
from aboard.core.owner import Mode
from aboard.store import Store
from aboard.store.plans import Plan
from tests.store.rows import NOW, after

SHAPE = AccountShape(
    type=None,
    controller={"fees.payer": "application", "stripe_dashboard.type": "express"},
    country="PT",
    business_type="company",
    capabilities=("transfers",),
)
POLICY = GoLivePolicy(("transfers",), frozenset({Condition.PAYOUTS, Condition.WEBHOOKS}))


async def test_nothing_is_decided_at_first(store: Store) -> None:
    assert await store.find_plan("org_1", Mode.TEST) is None


async def test_each_part_is_written_for_itself(store: Store) -> None:
    await store.write_shape("org_1", Mode.TEST, SHAPE, now=NOW, changed_by="ops")
    assert await store.find_plan("org_1", Mode.TEST) == Plan(SHAPE, None, NOW, "ops")
    await store.write_policy("org_1", Mode.TEST, POLICY, now=after(1), changed_by="pat")
    assert await store.find_plan("org_1", Mode.TEST) == Plan(SHAPE, POLICY, after(1), "pat")
    await store.write_shape("org_1", Mode.TEST, None, now=after(2), changed_by="ops")
    assert await store.find_plan("org_1", Mode.TEST) == Plan(None, POLICY, after(2), "ops")


async def test_a_policy_may_ask_for_nothing(store: Store) -> None:
    lax = GoLivePolicy((), frozenset())
    await store.write_policy("org_1", Mode.LIVE, lax, now=NOW, changed_by="ops")
    assert await store.find_plan("org_1", Mode.LIVE) == Plan(None, lax, NOW, "ops")


async def test_modes_and_organizations_are_apart(store: Store) -> None:
    await store.write_shape("org_1", Mode.TEST, SHAPE, now=NOW, changed_by="ops")
    assert await store.find_plan("org_1", Mode.LIVE) is None
    assert await store.find_plan("org_2", Mode.TEST) is None
