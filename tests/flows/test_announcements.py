"""The platform is told of each change once, in order, and never by news that came too late."""

import asyncio
from datetime import datetime, timedelta

import pytest

from aboard.core.announcements import AnnouncementType
from aboard.core.errors import StoreUnavailable
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.readiness import Readiness
from aboard.flows.announcements import list_announcements
from aboard.flows.gate import open_gate, read_setup_state
from aboard.flows.remember import remember_account, remember_disconnection
from aboard.flows.sync import read_account
from aboard.store import Store
from aboard.stripe_api import v1
from aboard.stripe_api.v1 import AccountRead
from tests.flows.drivers import NeverLetsThrough
from tests.flows.telling import ANA, begun, rehearsing, told
from tests.scene import Scene

pytestmark = pytest.mark.both

READINESS = AnnouncementType.READINESS_CHANGED
REQUIREMENTS = AnnouncementType.REQUIREMENTS_CHANGED


async def ask(scene: Scene, account_id: str) -> AccountRead:
    return await v1.get_account(scene.platform.stripe_for(Mode.TEST), account_id)


async def readiness_told(scene: Scene, owner: Owner) -> list[tuple[object, object]]:
    rows = await list_announcements(scene.platform, owner)
    return [
        (row.payload["previous_readiness"], row.payload["readiness"])
        for row in reversed(rows)
        if row.type is READINESS
    ]


async def test_the_first_snapshot_is_told_too(scene: Scene, organization: Owner) -> None:
    account_id = await begun(scene, organization)
    assert await told(scene, organization) == [READINESS, REQUIREMENTS]
    first = (await list_announcements(scene.platform, organization))[-1]
    assert first.payload == {
        "stripe_account_id": account_id,
        "previous_readiness": "not_started",
        "readiness": "incomplete",
        "who_must_act": "owner",
        "charges_enabled": False,
        "payouts_enabled": False,
        "details_submitted": False,
        "deadline": None,
    }


async def test_changes_are_told_in_their_order_and_nothing_twice(
    scene: Scene, organization: Owner
) -> None:
    account_id = await begun(scene, organization)
    document = {"requirement": "individual.verification.document"}
    steps: list[tuple[str, dict[str, str]]] = [
        ("complete", {"collect": "eventually_due"}),
        ("require", {**document, "in": "864000"}),
        ("require", document),
        ("complete", {"collect": "eventually_due"}),
    ]
    for verb, params in steps:
        await scene.control(account_id, verb, **params)
        for _ in range(2):
            scene.clock.now += timedelta(seconds=1)
            await read_account(scene.platform, organization, fresh=True)
    await scene.control(account_id, "deauthorize")
    await read_account(scene.platform, organization, fresh=True)
    assert await readiness_told(scene, organization) == [
        ("not_started", "incomplete"),
        ("incomplete", "complete"),
        ("complete", "restricted_soon"),
        ("restricted_soon", "restricted"),
        ("restricted", "complete"),
    ]
    rows = await list_announcements(scene.platform, organization)
    assert rows[0].type is AnnouncementType.DISCONNECTED
    assert rows[0].payload["stripe_account_id"] == account_id
    assert rows[0].payload["previous_readiness"] == "complete"
    assert [row.occurred_at for row in rows] == sorted(
        (row.occurred_at for row in rows), reverse=True
    )
    assert len({row.id for row in rows}) == len(rows)


async def test_each_owner_hears_of_their_own(scene: Scene, organization: Owner) -> None:
    creator = Owner(OwnerKind.CREATOR, organization.id, Mode.TEST)
    await begun(scene, organization)
    assert await list_announcements(scene.platform, creator) == ()
    assert len(await list_announcements(scene.platform, organization, limit=1)) == 1


@pytest.mark.parametrize("stands_still", [True, False])
async def test_syncs_at_once_tell_it_once(
    scene: Scene, organization: Owner, *, stands_still: bool
) -> None:
    account_id = await begun(scene, organization)
    await scene.complete(account_id)
    scene.road.mood = ["slow"] * 12
    ticks = iter(range(1, 10_000))

    def clock() -> datetime:
        return scene.clock() + timedelta(microseconds=0 if stands_still else next(ticks))

    platform = scene.with_changes(clock=clock)
    readings = await asyncio.gather(
        *(read_account(platform, organization, fresh=True) for _ in range(12))
    )
    assert {reading.assessment.readiness for reading in readings} == {Readiness.COMPLETE}
    assert await readiness_told(scene, organization) == [
        ("not_started", "incomplete"),
        ("incomplete", "complete"),
    ]
    assert (await told(scene, organization)).count(REQUIREMENTS) == 2


async def test_stale_news_tells_nothing(scene: Scene, organization: Owner) -> None:
    account_id = await begun(scene, organization)
    seen = await scene.platform.store.find_account(organization)
    assert seen is not None
    stale, began_at = await ask(scene, account_id), scene.clock()
    scene.clock.advance(timedelta(seconds=10))
    await scene.complete(account_id)
    await read_account(scene.platform, organization, fresh=True)
    before = await list_announcements(scene.platform, organization)
    latest = await scene.platform.store.find_account(organization)
    for known in (seen, latest):
        assert known is not None
        await remember_account(
            scene.platform, known, stale, read_began_at=began_at, next_sync_at=scene.clock()
        )
    assert await list_announcements(scene.platform, organization) == before
    assert await scene.platform.store.find_account(organization) == latest


async def test_news_of_a_disconnected_account_tells_nothing(
    scene: Scene, organization: Owner
) -> None:
    account_id = await begun(scene, organization)
    seen = await scene.platform.store.find_account(organization)
    assert seen is not None
    await scene.complete(account_id)
    read = await ask(scene, account_id)
    await remember_disconnection(scene.platform, seen, "deauthorized")
    await remember_disconnection(scene.platform, seen, "deauthorized")
    await remember_account(
        scene.platform, seen, read, read_began_at=scene.clock(), next_sync_at=scene.clock()
    )
    assert await told(scene, organization) == [
        READINESS,
        REQUIREMENTS,
        AnnouncementType.DISCONNECTED,
    ]


async def test_a_gate_that_opened_since_the_account_was_read_closes_too(
    scene: Scene, organization: Owner
) -> None:
    platform, account_id = rehearsing(scene), await begun(scene, organization)
    await scene.complete(account_id)
    reading = await read_account(platform, organization, fresh=True)
    assert reading.account is not None
    assert (await open_gate(platform, organization, ANA)).live
    await scene.control(account_id, "lose", capability="transfers")
    await remember_account(
        platform,
        reading.account,
        await ask(scene, account_id),
        read_began_at=scene.clock(),
        next_sync_at=scene.clock(),
    )
    state = await read_setup_state(platform, organization)
    assert state.gate is not None
    assert not state.gate.is_open
    assert (await told(scene, organization))[-1] is AnnouncementType.GO_LIVE_CLOSED


async def test_who_never_comes_through_gives_up_as_a_database_that_is_away(
    scene: Scene, organization: Owner, database: str
) -> None:
    await begun(scene, organization)
    driver = NeverLetsThrough(database)
    store = Store(driver)
    with pytest.raises(StoreUnavailable, match="contended"):
        await read_account(scene.with_changes(store=store), organization, fresh=True)
    assert driver.tries == 64
    await store.close()
