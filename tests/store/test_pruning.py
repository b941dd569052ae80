"""What is old goes, a portion at a time; what is still wanted stays, however old it is."""

from datetime import datetime

import pytest

from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.owner import Mode
from aboard.store import (
    AuditEntry,
    Consequences,
    EventFilter,
    EventStatus,
    Place,
    Store,
    Window,
)
from tests.store.hand import Hand
from tests.store.rows import ADA, NOW, after, attached, found, rang, wrote

TOLD = Consequences((Announcement(AnnouncementType.READINESS_CHANGED, {"readiness": "pending"}),))


async def ids(store: Store) -> list[str]:
    return sorted(event.id for event in await store.list_events(limit=1000))


async def told(store: Store) -> list[datetime]:
    return [one.occurred_at for one in await store.list_announcements(ADA)]


async def test_old_events_go_in_portions_oldest_first(store: Store) -> None:
    account = await attached(store)
    for number in range(7):
        await rang(store, f"evt_{number}", after(number))
    await wrote(store, account, after(10))
    await rang(store, "evt_last", after(20))
    assert await store.prune_events(after(5), limit=3) == 3
    assert await ids(store) == ["evt_3", "evt_4", "evt_5", "evt_6", "evt_last"]
    assert await store.prune_events(after(5), limit=3) == 2
    assert await store.prune_events(after(5), limit=3) == 0
    assert await ids(store) == ["evt_5", "evt_6", "evt_last"]


async def test_pending_events_stay_and_all_others_go(store: Store) -> None:
    await attached(store)
    await rang(store, "evt_dead", after(1))
    for claim in await store.claim_due_accounts(Mode.TEST, 1, after(1), lease_seconds=60):
        await store.give_up_sync(claim, "stripe.refused", next_sync_at=None)
    await rang(store, "evt_strange", after(2), "acct_strange")
    await rang(store, "evt_pending", after(3))
    await rang(store, "evt_last", after(9), "acct_strange")
    assert await store.prune_events(after(8), limit=100) == 2
    assert await ids(store) == ["evt_last", "evt_pending"]
    assert {event.status for event in await store.list_events()} == {
        EventStatus.PENDING,
        EventStatus.UNMATCHED,
    }


async def test_the_last_word_of_each_endpoint_stays(store: Store) -> None:
    """Without it the endpoint would count as one that never spoke, and gates would close."""
    for endpoint in ("platform", "connect"):
        for number in (1, 2):
            await store.accept_event(
                f"evt_{endpoint}_{number}",
                endpoint="platform" if endpoint == "platform" else "connect",
                mode=Mode.TEST,
                type="account.updated",
                stripe_account_id=None,
                created_at=NOW,
                received_at=after(number),
                source="delivered" if number == 1 else "listed",
            )
    before = await store.endpoint_last_seen(Mode.TEST)
    assert before == {"platform": after(1), "connect": after(1)}
    await store.prune_events(after(1_000_000), limit=100)
    assert await store.endpoint_last_seen(Mode.TEST) == before


async def test_old_announcements_go_when_everybody_was_told(store: Store, hand: Hand) -> None:
    account = await attached(store)
    for number in range(5):
        await wrote(store, account, after(number), word=f"w{number}", consequences=TOLD)
    assert len(await told(store)) == 5
    deliver(hand, {after(0): "delivered", after(1): "dead", after(2): "pending"})
    assert await store.prune_announcements(after(4), limit=2) == 2
    assert await told(store) == [after(4), after(3), after(2)]
    assert await store.prune_announcements(after(4), limit=2) == 1
    assert await told(store) == [after(4), after(2)]
    assert await store.prune_announcements(after(4), limit=2) == 0
    assert hand("SELECT status FROM deliveries") == [("pending",)]


def deliver(hand: Hand, statuses: dict[datetime, str]) -> None:
    """Put one delivery behind each announcement of these times, and a second that went well."""
    for name in ("sub_1", "sub_2"):
        hand(
            "INSERT INTO subscribers (id, mode, url, description, created_at, created_by,"  # noqa: S608 - our own words
            f" key_id, generation) VALUES ('{name}', 'test', 'https://a.example', '', 0, 'x',"
            " 'k1', 1)"
        )
    for at, status in statuses.items():
        micros = round(at.timestamp() * 1_000_000)
        for name in ("sub_1", "sub_2"):
            word = status if name == "sub_1" or status == "pending" else "delivered"
            if name == "sub_1" or word != "pending":
                hand(
                    "INSERT INTO deliveries (announcement_id, subscriber_id, status, attempts)"  # noqa: S608 - our own words
                    f" SELECT id, '{name}', '{word}', 1 FROM announcements"
                    f" WHERE occurred_at = {micros}"
                )


async def test_old_audit_goes(store: Store) -> None:
    for number in range(5):
        await store.append_audit(AuditEntry(after(number), "ops", "gate.open", "opened"))
    assert await store.prune_audit(after(3), limit=2) == 2
    assert await store.prune_audit(after(3), limit=2) == 1
    assert [entry.at for entry in await store.list_audit()] == [after(4), after(3)]


@pytest.mark.parametrize("portion", [1, 3, 100])
async def test_walks_meet_every_row_once_in_order(store: Store, portion: int) -> None:
    account = await attached(store)
    for number in range(7):
        await wrote(store, account, after(number // 3), word=f"w{number}", consequences=TOLD)
        entry = AuditEntry(after(number // 3), f"ops {number}", "gate.open", "opened", ADA)
        await store.append_audit(entry)
    window = Window(since=after(0), before=after(2), mode=Mode.TEST)
    times: list[datetime] = []
    place: Place | None = None
    while told := await store.walk_announcements(window, after=place, limit=portion):
        times += [one.row.occurred_at for one in told]
        place = told[-1].place
    assert times == [after(0)] * 3 + [after(1)] * 3
    actors: list[str] = []
    place = None
    while rows := await store.walk_audit(window, after=place, limit=portion):
        actors += [one.row.actor for one in rows]
        place = rows[-1].place
    assert actors == [f"ops {number}" for number in range(6)]
    assert await store.walk_audit(Window(mode=Mode.LIVE), after=None, limit=9) == ()


async def test_accounts_are_walked_by_our_ids_and_linked_ones_by_stripes(store: Store) -> None:
    account = await attached(store)
    await wrote(store, account, after(1))
    [walked] = await store.walk_accounts(Window(mode=Mode.TEST), after="", limit=10)
    assert walked == await found(store)
    assert await store.walk_accounts(Window(), after=walked.id, limit=10) == ()
    assert await store.walk_accounts(Window(mode=Mode.LIVE), after="", limit=10) == ()
    assert await store.walk_accounts(Window(since=after(1)), after="", limit=10) == ()
    [linked] = await store.walk_linked_accounts(Mode.TEST, after="", limit=10)
    assert (linked.id, linked.stripe_account_id) == (account.id, "acct_ada")
    assert await store.walk_linked_accounts(Mode.TEST, after="acct_ada", limit=10) == ()
    await store.mark_disconnected(await found(store), "deleted", after(2))
    assert await store.walk_linked_accounts(Mode.TEST, after="", limit=10) == ()


async def test_nothing_of_a_replay_is_pruned(store: Store) -> None:
    account = await attached(store)
    await rang(store, "evt_1", after(1))
    await wrote(store, account, after(2))
    await rang(store, "evt_last", after(9), "acct_strange")
    await store.replay_event("evt_1", Mode.TEST, after(3))
    assert await store.prune_events(after(8), limit=100) == 0
    assert len(await store.list_events(EventFilter(status=EventStatus.PENDING))) == 1
