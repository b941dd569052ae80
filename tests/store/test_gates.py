"""The gate, what is told of it and the account's revision change together, by who saw it last."""

import asyncio

import pytest

from aboard.core.announcements import (
    AnnouncementType,
    announce_closing,
    announce_opening,
    announce_reminder,
)
from aboard.core.go_live import Gate
from aboard.core.owner import Mode, Owner
from aboard.store import AuditEntry, Consequences, Store
from tests.store.rows import ADA, NOW, after, attached, found, wrote

OPENING = Consequences(
    (announce_opening("acct_ada", "ana"),),
    audit=(AuditEntry(at=NOW, actor="ana", action="gate.open", outcome="opened", owner=ADA),),
)
CLOSING = Consequences((announce_closing("acct_ada", ("x", "y"), "facts"),), closing=("x", "y"))


async def told(store: Store, owner: Owner = ADA) -> list[str]:
    return [row.type.value for row in await store.list_announcements(owner)][::-1]


async def test_nobody_opened_it_yet(store: Store) -> None:
    account = await attached(store)
    assert await store.find_gate(account.id) is None
    assert not await store.close_gate(account, NOW, CLOSING)
    assert await told(store) == []
    assert (await found(store)).revision == account.revision


async def test_opened_closed_and_opened_again(store: Store) -> None:
    assert await store.open_gate(await attached(store), "ana", after(1), OPENING)
    account = await found(store)
    assert await store.find_gate(account.id) == Gate(after(1), "ana")
    assert not await store.open_gate(account, "ben", after(2), OPENING)
    assert await store.close_gate(account, after(3), CLOSING)
    assert await store.find_gate(account.id) == Gate(after(1), "ana", after(3), ("x", "y"))
    assert not await store.close_gate(await found(store), after(4), CLOSING)
    assert await store.open_gate(await found(store), "ben", after(5), OPENING)
    assert await store.find_gate(account.id) == Gate(after(5), "ben")
    assert await told(store) == [
        "connect.golive.opened",
        "connect.golive.closed",
        "connect.golive.opened",
    ]
    assert [entry.action for entry in await store.list_audit(ADA)] == ["gate.open"] * 2


async def test_one_of_many_opens_it(store: Store) -> None:
    account = await attached(store)
    before = store.metrics.commits
    results = await asyncio.gather(
        *(store.open_gate(account, f"user-{n}", NOW, OPENING) for n in range(20))
    )
    assert sorted(results) == [False] * 19 + [True]
    assert await told(store) == ["connect.golive.opened"]
    assert store.metrics.commits <= before + 20


@pytest.mark.parametrize("change", ["snapshot", "opening", "disconnection", "reminder"])
async def test_who_saw_another_state_writes_nothing(store: Store, change: str) -> None:
    seen = await attached(store)
    assert await wrote(store, seen, NOW)
    seen = await found(store)
    if change == "snapshot":
        assert await wrote(store, seen, NOW)
    elif change == "opening":
        assert await store.open_gate(seen, "ana", NOW, OPENING)
    elif change == "disconnection":
        assert await store.mark_disconnected(seen, "deauthorized", NOW)
    else:
        assert await store.mark_reminded(seen, announce_reminder(seen, NOW, ()), NOW)
    account, before = await found(store), await told(store)
    assert account.revision == seen.revision + 1
    assert not await wrote(store, seen, after(9), seen=seen)
    assert not await store.open_gate(seen, "ben", after(9), OPENING)
    assert not await store.close_gate(seen, after(9), CLOSING)
    assert not await store.mark_disconnected(seen, "deleted", after(9), OPENING)
    assert not await store.mark_reminded(seen, announce_reminder(seen, NOW, ()), after(9))
    latest = await found(store)
    assert (latest, latest.revision) == (account, account.revision)
    assert await told(store) == before


async def test_a_closing_that_finds_no_open_gate_takes_everything_back(store: Store) -> None:
    account = await attached(store)
    assert not await store.mark_disconnected(account, "deauthorized", NOW, CLOSING)
    assert await found(store) == account
    assert await told(store) == []


async def test_a_restart_keeps_counting(store: Store) -> None:
    seen = await attached(store)
    assert await store.mark_disconnected(seen, "deauthorized", NOW)
    assert await store.restart_account(seen.id, NOW)
    assert (await found(store)).revision == seen.revision + 2


async def test_payloads_come_back_as_they_were(store: Store) -> None:
    account = await attached(store)
    odd = announce_closing(None, ("capability_inactive:ä", '"; DROP TABLE gates'), "ana\0")
    assert await store.open_gate(account, "ana", NOW, Consequences((odd,)))
    [row] = await store.list_announcements(ADA)
    assert row.payload == odd.payload
    assert (row.type, row.owner, row.occurred_at) == (AnnouncementType.GO_LIVE_CLOSED, ADA, NOW)
    assert await store.list_announcements(Owner(ADA.kind, ADA.id, Mode.LIVE)) == ()


async def test_who_waits_is_listed_by_the_index(store: Store) -> None:
    account = await attached(store)
    assert (
        await store.list_waiting_owners(waiting_since=after(9), reminded_before=after(9), limit=9)
        == ()
    )
    consequences = Consequences(owner_acts_since=after(1))
    assert await wrote(store, account, NOW, consequences=consequences)
    for since, is_listed in ((0, False), (1, True), (2, True)):
        rows = await store.list_waiting_owners(
            waiting_since=after(since), reminded_before=NOW, limit=9
        )
        assert [row.id for row in rows] == [account.id] * is_listed
    seen = await found(store)
    assert seen.owner_acts_since == after(1)
    assert await store.mark_reminded(seen, announce_reminder(seen, NOW, ()), after(5))
    for before, is_listed in ((4, False), (5, True)):
        rows = await store.list_waiting_owners(
            waiting_since=after(9), reminded_before=after(before), limit=9
        )
        assert [row.id for row in rows] == [account.id] * is_listed
    assert await wrote(store, account, after(6), consequences=consequences)
    assert (await found(store)).reminded_at == after(5)
    assert await wrote(store, account, after(7))
    assert (await found(store)).reminded_at is None
