"""Owners who leave things undone are reminded: once at a time, and never while Stripe reviews."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from aboard.core.announcements import AnnouncementType, announce_reminder
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.platform import ReminderPlan, Switches
from aboard.flows.reminders import remind_due
from aboard.flows.start import start_onboarding
from aboard.flows.sync import read_account
from aboard.store import StoredAnnouncement
from tests.flows.telling import begun, live_platform
from tests.scene import Scene

pytestmark = pytest.mark.both

REMINDED = AnnouncementType.REMINDER_DUE


def org(number: int) -> Owner:
    return Owner(OwnerKind.ORGANIZATION, f"org_{number}", Mode.TEST)


async def reminders(scene: Scene, owner: Owner) -> list[StoredAnnouncement]:
    rows = await scene.platform.store.list_announcements(owner)
    return [row for row in rows if row.type is REMINDED]


async def test_after_three_days_and_then_every_seven(scene: Scene, organization: Owner) -> None:
    since = scene.clock()
    account_id = await begun(scene, organization)
    told_on = []
    for day in range(1, 21):
        scene.clock.advance(timedelta(days=1))
        await read_account(scene.platform, organization, fresh=True)
        if await remind_due(scene.platform):
            told_on.append(day)
        assert await remind_due(scene.platform) == 0
    assert told_on == [3, 10, 17]
    rows = await reminders(scene, organization)
    assert len(rows) == 3
    account = await scene.platform.store.find_account(organization)
    assert account is not None
    assert account.snapshot is not None
    assert rows[0].payload == {
        "stripe_account_id": account_id,
        "readiness": "incomplete",
        "waiting_since": since.isoformat(),
        "currently_due": account.snapshot.requirements.currently_due,
    }


async def test_the_days_are_settings(scene: Scene, organization: Owner) -> None:
    await begun(scene, organization)
    plan = ReminderPlan(after=timedelta(days=1), every=timedelta(days=2))
    platform = scene.with_changes(reminders=plan)
    told = []
    for _ in range(5):
        scene.clock.advance(timedelta(days=1))
        told.append(await remind_due(platform))
    assert told == [1, 0, 1, 0, 1]


async def test_workers_at_once_remind_once(scene: Scene) -> None:
    for number in range(5):
        await begun(scene, org(number))
    scene.clock.advance(timedelta(days=3))
    reminded = await asyncio.gather(*(remind_due(scene.platform) for _ in range(8)))
    assert sum(reminded) == 5
    for number in range(5):
        assert len(await reminders(scene, org(number))) == 1


async def test_nobody_is_reminded_by_what_changed_meanwhile(
    scene: Scene, organization: Owner
) -> None:
    account_id = await begun(scene, organization)
    scene.clock.advance(timedelta(days=3))
    store = scene.platform.store
    [seen] = await store.list_waiting_owners(
        waiting_since=scene.clock(), reminded_before=scene.clock(), limit=9
    )
    await scene.complete(account_id)
    await read_account(scene.platform, organization, fresh=True)
    announcement = announce_reminder(seen, scene.clock(), ())
    assert not await store.mark_reminded(seen, announcement, scene.clock())
    assert await reminders(scene, organization) == []


async def test_never_while_stripe_is_reviewing(scene: Scene, organization: Owner) -> None:
    account_id = await begun(scene, organization)
    await scene.control(account_id, "scenario", scenario="in_review")
    scene.clock.now += timedelta(days=2)
    reading = await read_account(scene.platform, organization, fresh=True)
    assert reading.assessment.who_must_act == "stripe"
    scene.clock.now += timedelta(days=30)
    assert await remind_due(scene.platform) == 0


async def test_a_new_wish_of_stripe_counts_from_its_own_day(
    scene: Scene, organization: Owner
) -> None:
    account_id = await begun(scene, organization)
    scene.clock.advance(timedelta(days=3))
    assert await remind_due(scene.platform) == 1
    await scene.complete(account_id)
    reading = await read_account(scene.platform, organization, fresh=True)
    assert reading.account is not None
    assert (reading.account.owner_acts_since, reading.account.reminded_at) == (None, None)
    await scene.control(account_id, "require", requirement="individual.verification.document")
    asked_at = scene.clock()
    for _ in range(3):
        reading = await read_account(scene.platform, organization, fresh=True)
        assert reading.account is not None
        assert reading.account.owner_acts_since == asked_at
        assert await remind_due(scene.platform) == 0
        scene.clock.advance(timedelta(days=1))
    assert await remind_due(scene.platform) == 1


async def test_who_has_no_account_is_left_alone(scene: Scene) -> None:
    await scene.platform.store.reserve_account(org(1), scene.clock())
    account_id = await begun(scene, org(2))
    await scene.control(account_id, "deauthorize")
    await read_account(scene.platform, org(2), fresh=True)
    scene.clock.advance(timedelta(days=30))
    assert await remind_due(scene.platform) == 0


@pytest.mark.parametrize("what", ["reminders", "onboarding"])
async def test_it_can_be_switched_off(scene: Scene, organization: Owner, what: str) -> None:
    await begun(scene, organization)
    scene.clock.advance(timedelta(days=30))
    off = (
        scene.with_changes(reminders=ReminderPlan(after=None))
        if what == "reminders"
        else scene.with_changes(switches=Switches(onboarding=False))
    )
    assert await remind_due(off) == 0
    assert await remind_due(replace(off, reminders=ReminderPlan(), switches=Switches())) == 1


async def test_nobody_is_sent_into_live_mode_while_that_is_switched_off(scene: Scene) -> None:
    owner = Owner(OwnerKind.ORGANIZATION, "org_1", Mode.LIVE)
    platform = live_platform(scene)
    address = "https://shop.example/done"
    await start_onboarding(platform, owner, return_url=address, refresh_url=address)
    scene.clock.advance(timedelta(days=3))
    assert await remind_due(replace(platform, switches=Switches(live=False))) == 0
    assert await remind_due(platform) == 1


async def test_the_longest_waiting_come_first(scene: Scene) -> None:
    for number in (3, 1, 2):
        await begun(scene, org(number))
        scene.clock.advance(timedelta(hours=1))
    scene.clock.advance(timedelta(days=3))
    for number in (3, 1, 2):
        assert await remind_due(scene.platform, limit=1) == 1
        assert len(await reminders(scene, org(number))) == 1
    assert await remind_due(scene.platform, limit=1) == 0
