"""Login links, fresh links, creators, roles, limits, keys, the journal."""

from datetime import timedelta

import pytest

from aboard.core.caller import Caller, Role
from aboard.core.errors import (
    AccountGone,
    AccountNotLinked,
    AccountNotReady,
    IdempotencyConflict,
    InputRefused,
    NotYours,
    OwnerUnknown,
    StripeUnavailable,
    TooManyRequests,
)
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.creators import become_creator, get_creator
from aboard.flows.idempotency import KeyedRequest, answer_once
from aboard.flows.journal import Journal, LogEvent
from aboard.flows.limits import MemoryLimits
from aboard.flows.login_link import create_login_link
from aboard.flows.organizations import get_organization
from aboard.flows.resume import issue_link
from aboard.flows.start import start_onboarding
from tests.scene import REFRESH_URL, RETURN_URL, Scene

CREATOR = Owner(OwnerKind.CREATOR, "ada", Mode.TEST)


async def begun(scene: Scene) -> str:
    started = await start_onboarding(
        scene.platform, CREATOR, return_url=RETURN_URL, refresh_url=REFRESH_URL
    )
    return started.stripe_account_id


async def test_a_fresh_link_needs_an_account(scene: Scene) -> None:
    with pytest.raises(AccountNotLinked):
        await issue_link(scene.platform, CREATOR)
    await scene.platform.store.reserve_account(CREATOR, scene.clock())
    with pytest.raises(AccountNotLinked):
        await issue_link(scene.platform, CREATOR)


async def test_a_fresh_link_is_another_one_and_writes_nothing(scene: Scene) -> None:
    await begun(scene)
    before = scene.platform.store.metrics.commits
    first = await issue_link(scene.platform, CREATOR)
    second = await issue_link(scene.platform, CREATOR)
    assert first.url != second.url
    assert scene.platform.store.metrics.commits == before
    assert scene.platform.journal.counts["link.issued"] == 3


async def test_a_link_for_an_account_that_is_gone_disconnects_it(scene: Scene) -> None:
    await scene.control(await begun(scene), "deauthorize")
    with pytest.raises(AccountGone):
        await issue_link(scene.platform, CREATOR)
    calls = len(scene.road.calls)
    with pytest.raises(AccountGone):
        await issue_link(scene.platform, CREATOR)
    assert len(scene.road.calls) == calls


async def test_a_login_link_only_for_active_accounts(scene: Scene) -> None:
    with pytest.raises(AccountNotLinked):
        await create_login_link(scene.platform, CREATOR)
    account_id = await begun(scene)
    with pytest.raises(AccountNotReady):
        await create_login_link(scene.platform, CREATOR)
    await scene.complete(account_id)
    first = await create_login_link(scene.platform, CREATOR)
    assert first != await create_login_link(scene.platform, CREATOR)
    scene.road.mood = ["503"]
    with pytest.raises(StripeUnavailable):
        await create_login_link(scene.platform, CREATOR)


async def test_a_creator_is_made_once(scene: Scene) -> None:
    caller = Caller("ada")
    with pytest.raises(OwnerUnknown):
        await get_creator(scene.platform, caller)
    first = await become_creator(scene.platform, caller)
    assert await become_creator(scene.platform, caller) == first
    assert await get_creator(scene.platform, caller) == CREATOR


@pytest.mark.parametrize(
    ("role", "may_read", "may_act"),
    [
        (Role.OWNER, True, True),
        (Role.ADMIN, True, True),
        (Role.FINANCE, True, False),
        (Role.SUPPORT, True, False),
        (None, False, False),
    ],
)
async def test_roles(scene: Scene, role: Role | None, *, may_read: bool, may_act: bool) -> None:
    caller = Caller("user_1", {"org_1": role} if role else {"org_2": Role.OWNER})
    for acting, may in ((False, may_read), (True, may_act)):
        if may:
            owner = await get_organization(
                scene.platform, caller, "org_1", Mode.TEST, acting=acting
            )
            assert owner.id == "org_1"
        else:
            with pytest.raises(NotYours):
                await get_organization(scene.platform, caller, "org_1", Mode.TEST, acting=acting)
    refused = [row.outcome for row in await scene.platform.store.list_audit()]
    assert len(refused) == (not may_read) + (not may_act)


async def test_limits_are_per_caller_and_operation() -> None:
    limits = MemoryLimits()
    left = [(await limits.take("a", "x", limit=3, window_seconds=60)).remaining for _ in range(3)]
    assert left == [2, 1, 0]
    with pytest.raises(TooManyRequests) as caught:
        await limits.take("a", "x", limit=3, window_seconds=60)
    assert 1 <= caught.value.retry_after_seconds <= 60
    assert (await limits.take("b", "x", limit=3, window_seconds=60)).remaining == 2
    assert (await limits.take("a", "y", limit=3, window_seconds=60)).remaining == 2


async def test_idempotency_keys(scene: Scene) -> None:
    async def is_repeat(key: str | None, body: bytes, caller_id: str = "user_1") -> bool:
        async def work() -> str:
            return "done"

        request = KeyedRequest(caller_id, "go-live", "org_1", key, body)
        return (await answer_once(scene.platform, request, work)).is_repeat

    assert not await is_repeat("k", b"one")
    assert await is_repeat("k", b"one")
    with pytest.raises(IdempotencyConflict):
        await is_repeat("k", b"two")
    assert not await is_repeat("k", b"two", caller_id="user_2")
    assert not await is_repeat(None, b"one")
    scene.clock.advance(timedelta(hours=25))
    assert not await is_repeat("k", b"two")
    for bad in ("", "x" * 256, "a b", "é"):
        with pytest.raises(InputRefused):
            await is_repeat(bad, b"one")


def test_the_journal_has_a_closed_list_of_fields() -> None:
    journal = Journal()
    journal.note(LogEvent.LINK_ISSUED, owner=CREATOR)
    assert journal.counts == {"link.issued": 1}
    with pytest.raises(ValueError, match="not a field"):
        journal.note(LogEvent.LINK_ISSUED, url="https://connect.example")
