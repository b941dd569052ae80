"""An event is accepted once, and remembered without what was in it."""

import asyncio

from aboard.core.owner import Mode
from aboard.store import EventFilter, EventStatus, Store, StoredEvent
from tests.store.rows import NOW, after, attached, rang


async def accept(
    store: Store, event_id: str, seconds: float = 0, *, mode: Mode = Mode.TEST
) -> bool:
    return await store.accept_event(
        event_id,
        endpoint="platform",
        mode=mode,
        type="capability.updated",
        stripe_account_id=None,
        created_at=after(seconds - 1),
        received_at=after(seconds),
    )


async def test_an_event_is_found_as_it_came(store: Store) -> None:
    await attached(store)
    assert await rang(store, "evt_1", after(5))
    assert await store.find_event("evt_1", Mode.TEST) == StoredEvent(
        id="evt_1",
        mode=Mode.TEST,
        endpoint="connect",
        type="account.updated",
        stripe_account_id="acct_ada",
        created_at=after(5),
        received_at=after(5),
        processed_at=None,
        status=EventStatus.PENDING,
        attempts=0,
        last_error=None,
    )
    assert await store.find_event("evt_1", Mode.LIVE) is None


async def test_the_same_event_is_new_once(store: Store) -> None:
    await attached(store)
    answers = await asyncio.gather(*(rang(store, "evt_1", NOW) for _ in range(50)))
    assert sorted(answers) == [False] * 49 + [True]
    assert len(await store.list_events()) == 1


async def test_a_duplicate_rings_no_bell(store: Store) -> None:
    account = await attached(store)
    await rang(store, "evt_1", NOW)
    await store.mark_disconnected(account, "deleted", after(1))
    await store.restart_account(account.id, after(2))
    await store.attach_stripe_account(account.id, "acct_ada", after(50))
    assert not await rang(store, "evt_1", after(3))
    assert await store.next_due_at() == after(50)


async def test_the_same_id_in_the_other_mode_is_another_event(store: Store) -> None:
    assert await accept(store, "evt_1", mode=Mode.TEST)
    assert await accept(store, "evt_1", mode=Mode.LIVE)


async def test_an_event_of_no_account_is_kept_unmatched(store: Store) -> None:
    assert await accept(store, "evt_1")
    assert await store.count_open_events() == {EventStatus.UNMATCHED: 1}


async def test_each_endpoint_is_heard_of_in_its_mode(store: Store) -> None:
    assert await store.endpoint_last_seen(Mode.TEST) == {}
    await accept(store, "evt_1", 10)
    await accept(store, "evt_2", 5)
    await accept(store, "evt_3", 99, mode=Mode.LIVE)
    assert await store.endpoint_last_seen(Mode.TEST) == {"platform": after(10)}
    await rang(store, "evt_4", after(20))
    assert await store.endpoint_last_seen(Mode.TEST) == {
        "platform": after(10),
        "connect": after(20),
    }


async def test_events_are_listed_by_every_filter(store: Store) -> None:
    await attached(store)
    await rang(store, "evt_ours", after(1))
    await rang(store, "evt_other", after(2), "acct_other")
    await accept(store, "evt_platform", 3)
    await accept(store, "evt_live", 4, mode=Mode.LIVE)
    cases = {
        EventFilter(): ["evt_live", "evt_platform", "evt_other", "evt_ours"],
        EventFilter(mode=Mode.LIVE): ["evt_live"],
        EventFilter(endpoint="connect"): ["evt_other", "evt_ours"],
        EventFilter(status=EventStatus.PENDING): ["evt_ours"],
        EventFilter(stripe_account_id="acct_other"): ["evt_other"],
        EventFilter(type="capability.updated"): ["evt_live", "evt_platform"],
        EventFilter(since=after(2), before=after(4)): ["evt_platform", "evt_other"],
        EventFilter(mode=Mode.LIVE, endpoint="connect"): [],
    }
    for which, ids in cases.items():
        assert [event.id for event in await store.list_events(which)] == ids
    assert [event.id for event in await store.list_events(limit=1)] == ["evt_live"]
