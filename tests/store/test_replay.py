"""Events that are looked at again: which, in which order, and what happens to their accounts."""

import asyncio

from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store import EventFilter, EventKey, EventStatus, Replayed, Store, StoredEvent
from tests.store.hand import Hand
from tests.store.rows import NOW, after, attached, found, rang, wrote

BOB = Owner(OwnerKind.CREATOR, "bob", Mode.TEST)
EVERYTHING = EventKey(after(1_000_000), Mode.TEST, "")


async def status_of(store: Store, event_id: str) -> EventStatus:
    event = await store.find_event(event_id, Mode.TEST)
    assert event is not None
    return event.status


async def bury(store: Store, seconds: float) -> None:
    """Give up every account that is due, so that its pending events are dead letters."""
    for claim in await store.claim_due_accounts(Mode.TEST, 10, after(seconds), lease_seconds=60):
        assert await store.give_up_sync(claim, "stripe.refused", next_sync_at=None)


async def test_processed_events_are_pending_again_and_their_account_is_due(store: Store) -> None:
    account = await attached(store)
    await rang(store, "evt_1", after(1))
    await wrote(store, account, after(2), next_sync_at=after(5000))
    assert await status_of(store, "evt_1") is EventStatus.PROCESSED
    assert await store.next_due_at() == after(5000)
    replayed = await store.replay_events(EventFilter(), after=None, upto=EVERYTHING, now=after(10))
    assert replayed == Replayed(events=1, accounts=1)
    assert await status_of(store, "evt_1") is EventStatus.PENDING
    assert await store.next_due_at() == after(10)
    await wrote(store, await found(store), after(11), next_sync_at=after(5000))
    assert await status_of(store, "evt_1") is EventStatus.PROCESSED


async def test_dead_letters_begin_anew(store: Store) -> None:
    await attached(store)
    await rang(store, "evt_1", after(1))
    await bury(store, 2)
    assert await store.next_due_at() is None
    dead = EventFilter(status=EventStatus.DEAD)
    assert [event.id for event in await store.list_events(dead)] == ["evt_1"]
    await rang(store, "evt_2", after(3))
    replayed = await store.replay_events(dead, after=None, upto=EVERYTHING, now=after(4))
    assert replayed == Replayed(events=1, accounts=1)
    event = await store.find_event("evt_1", Mode.TEST)
    assert event is not None
    assert (event.status, event.attempts, event.last_error) == (EventStatus.PENDING, 0, None)
    assert await store.list_events(dead) == ()


async def test_what_was_not_matched_is_matched_by_now(store: Store, hand: Hand) -> None:
    """An event and its account that come in at once may miss each other."""
    await attached(store)
    await rang(store, "evt_ours", NOW)
    await rang(store, "evt_strange", NOW, "acct_strange")
    hand("UPDATE events SET status = 'unmatched'")
    replayed = await store.replay_events(EventFilter(), after=None, upto=EVERYTHING, now=after(2))
    assert replayed == Replayed(events=1, accounts=1)
    assert await status_of(store, "evt_ours") is EventStatus.PENDING
    assert await status_of(store, "evt_strange") is EventStatus.UNMATCHED


async def test_events_of_an_account_that_is_gone_are_left_alone(store: Store) -> None:
    account = await attached(store)
    await rang(store, "evt_1", after(1))
    await store.mark_disconnected(account, "deleted", after(2))
    assert await store.replay_event("evt_1", Mode.TEST, after(3)) == Replayed(0, 0)
    assert await status_of(store, "evt_1") is EventStatus.PROCESSED
    assert await store.next_due_at() is None


async def test_one_event_by_its_id_in_its_mode(store: Store) -> None:
    account = await attached(store)
    await rang(store, "evt_1", after(1))
    await rang(store, "evt_2", after(1))
    await wrote(store, account, after(2))
    assert await store.replay_event("evt_1", Mode.LIVE, after(3)) == Replayed(0, 0)
    assert await store.replay_event("evt_none", Mode.TEST, after(3)) == Replayed(0, 0)
    assert await store.replay_event("evt_1", Mode.TEST, after(3)) == Replayed(1, 1)
    assert await status_of(store, "evt_1") is EventStatus.PENDING
    assert await status_of(store, "evt_2") is EventStatus.PROCESSED


async def test_a_read_that_began_before_the_replay_does_not_answer_it(store: Store) -> None:
    account = await attached(store)
    await rang(store, "evt_1", after(1))
    await wrote(store, account, after(2), next_sync_at=after(5000))
    await store.replay_event("evt_1", Mode.TEST, after(10))
    await wrote(store, account, after(9), next_sync_at=after(5000))
    assert await store.next_due_at() == after(10)


async def test_a_walk_goes_by_portions_and_misses_none_of_the_same_moment(store: Store) -> None:
    await attached(store)
    ids = [f"evt_{number:02}" for number in range(23)]
    await asyncio.gather(
        *(rang(store, name, after(number // 7)) for number, name in enumerate(ids))
    )
    walked: list[str] = []
    key: EventKey | None = None
    while page := await store.walk_events(EventFilter(), after=key, limit=5):
        assert all(one.is_of_ours for one in page)
        walked += [one.event.id for one in page]
        key = page[-1].key
    assert walked == ids
    window = EventFilter(since=after(1), before=after(3))
    page = await store.walk_events(window, after=None, limit=100)
    assert [one.event.id for one in page] == ids[7:21]


async def test_a_list_is_paged_by_places(store: Store) -> None:
    ids = [f"evt_{number:02}" for number in range(12)]
    await asyncio.gather(
        *(rang(store, name, after(number // 5)) for number, name in enumerate(ids))
    )
    listed: list[StoredEvent] = []
    place: EventKey | None = None
    while page := await store.list_events(limit=4, before=place):
        listed += page
        place = EventKey(page[-1].received_at, page[-1].mode, page[-1].id)
    assert [event.id for event in listed] == ids[::-1]


async def test_a_stretch_ends_where_it_was_told(store: Store) -> None:
    account = await attached(store)
    for number in range(6):
        await rang(store, f"evt_{number}", after(1))
    await wrote(store, account, after(2))
    page = await store.walk_events(EventFilter(), after=None, limit=2)
    first = await store.replay_events(EventFilter(), after=None, upto=page[-1].key, now=after(3))
    assert first == Replayed(events=2, accounts=1)
    page = await store.walk_events(EventFilter(), after=page[-1].key, limit=3)
    second = await store.replay_events(
        EventFilter(), after=EventKey(after(1), Mode.TEST, "evt_1"), upto=page[-1].key, now=after(3)
    )
    assert second == Replayed(events=3, accounts=1)
    assert await status_of(store, "evt_5") is EventStatus.PROCESSED


async def test_every_filter_narrows_a_replay(store: Store) -> None:
    ada, bob = await attached(store), await attached(store, BOB, "acct_bob")
    await rang(store, "evt_ada", after(1))
    await rang(store, "evt_bob", after(2), "acct_bob")
    for account in (ada, bob):
        await wrote(store, account, after(3))
    for which, events in (
        (EventFilter(mode=Mode.LIVE), 0),
        (EventFilter(endpoint="platform"), 0),
        (EventFilter(type="capability.updated"), 0),
        (EventFilter(stripe_account_id="acct_bob"), 1),
        (EventFilter(status=EventStatus.PROCESSED, since=after(1), before=after(2)), 1),
        (EventFilter(status=EventStatus.PROCESSED), 0),
        (EventFilter(status=EventStatus.PENDING), 2),
    ):
        replayed = await store.replay_events(which, after=None, upto=EVERYTHING, now=after(4))
        assert replayed == Replayed(events=events, accounts=events), which
