"""Who rests is woken by work: of its own process always, of others' on a server."""

import asyncio
import time

import pytest

from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.database import PostgresServer
from aboard.core.secret import Secret
from aboard.store import Consequences, Store, open_store
from aboard.store.bell import Bell
from aboard.store.postgres import PostgresDriver
from tests.databases import Desk
from tests.store.rows import NOW, after, attached, found, rang, wrote

LONG = 20.0
SOON = 5.0


async def woken_by(waiting: Store) -> float:
    began = time.monotonic()
    await waiting.wait_for_ring(LONG)
    return time.monotonic() - began


class TestEverywhere:
    async def test_an_event_wakes(self, store: Store) -> None:
        await attached(store)
        waiting = asyncio.ensure_future(woken_by(store))
        await asyncio.sleep(0.01)
        await rang(store, "evt_1", NOW)
        assert await waiting < SOON

    async def test_a_wish_and_an_announcement_wake(self, store: Store) -> None:
        account = await attached(store)
        seen = await store.wait_for_ring(0)
        await store.request_sync(account.id, after(1))
        assert await store.wait_for_ring(LONG, seen) > seen
        seen = await store.wait_for_ring(0)
        told = Announcement(AnnouncementType.READINESS_CHANGED, {})
        await wrote(store, account, after(2), consequences=Consequences((told,)))
        assert await store.wait_for_ring(LONG, seen) > seen

    async def test_what_makes_no_work_does_not(self, store: Store) -> None:
        account = await attached(store)
        await rang(store, "evt_1", NOW)
        seen = await settled(store)
        await rang(store, "evt_1", NOW)
        await wrote(store, account, after(1), next_sync_at=after(60))
        assert await store.wait_for_ring(0.1, seen) == seen

    async def test_a_ring_before_the_waiting_is_not_lost(self, store: Store) -> None:
        account = await attached(store)
        seen = await settled(store)
        await store.request_sync(account.id, after(1))
        began = time.monotonic()
        await store.wait_for_ring(LONG, seen)
        assert time.monotonic() - began < SOON

    async def test_the_time_is_over_sometime(self, store: Store) -> None:
        began = time.monotonic()
        await store.wait_for_ring(0.05, await settled(store))
        assert time.monotonic() - began < SOON

    async def test_a_closed_store_still_keeps_the_time(self, store: Store) -> None:
        await store.close()
        await store.wait_for_ring(0.01)


async def settled(store: Store) -> int:
    """Return the number of rings once nothing rings any more: one of our own may be on its way."""
    seen = await store.wait_for_ring(0.3)
    while (heard := await store.wait_for_ring(0.3, seen)) != seen:
        seen = heard
    return seen


class TestAcrossProcesses:
    async def test_another_process_is_heard(self, postgres: Desk) -> None:
        service, worker = open_store(postgres.address), open_store(postgres.address)
        try:
            await attached(service)
            seen = await settled(worker)
            began = time.monotonic()
            await rang(service, "evt_1", NOW)
            assert await worker.wait_for_ring(LONG, seen) > seen
            assert time.monotonic() - began < SOON
        finally:
            await service.close()
            await worker.close()

    async def test_a_process_that_ends_at_once_is_heard_too(self, postgres: Desk) -> None:
        worker, command = open_store(postgres.address), open_store(postgres.address)
        try:
            account = await attached(worker)
            seen = await settled(worker)
            await command.request_sync(account.id, after(1))
            await command.close()
            assert await worker.wait_for_ring(LONG, seen) > seen
        finally:
            await worker.close()

    async def test_a_line_that_was_cut_is_laid_again(self, postgres: Desk) -> None:
        service, worker = open_store(postgres.address), open_store(postgres.address)
        try:
            account = await attached(service)
            await settled(worker)
            for number in range(3):
                postgres.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'aboard' AND datname = current_database()"
                )
                give_up_at = time.monotonic() + LONG
                is_heard = False
                while not is_heard and time.monotonic() < give_up_at:
                    seen = await worker.wait_for_ring(0.2)
                    await service.request_sync(account.id, after(number))
                    is_heard = await worker.wait_for_ring(0.5, seen) > seen
                assert is_heard
                assert (await found(service)).id == account.id
        finally:
            await service.close()
            await worker.close()

    async def test_without_a_server_only_the_time_counts(self) -> None:
        driver = PostgresDriver(
            PostgresServer(Secret("postgresql://127.0.0.1:1/x"), "x"), pool_size=1
        )
        for _ in range(3):
            await driver.wait_for_ring(0.05, None)
        await driver.close()


async def test_a_ring_from_a_thread_wakes() -> None:
    bell = Bell()
    waiting = asyncio.ensure_future(bell.wait(LONG, None))
    await asyncio.sleep(0)
    await asyncio.to_thread(bell.ring)
    assert await asyncio.wait_for(waiting, SOON) == 1


@pytest.mark.parametrize("waiters", [1, 50])
async def test_one_ring_wakes_all_who_wait(waiters: int) -> None:
    bell = Bell()
    waiting = [asyncio.ensure_future(bell.wait(LONG, None)) for _ in range(waiters)]
    await asyncio.sleep(0)
    bell.ring()
    assert await asyncio.gather(*waiting) == [1] * waiters
