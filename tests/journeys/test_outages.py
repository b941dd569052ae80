"""The database goes away, crashes, or its disk is full: nothing that was answered is lost.

Stripe's events come in all the while, through the real intake, and a worker looks for work. The
short form runs in CI; `PROVE=1` restarts a server more often.
"""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx2
import pytest

from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store import Store, migrate
from aboard.webhooks import build_webhooks, run_worker
from aboard.webhooks.worker import Pace
from tests.journeys.cluster import filled, open_cluster, tmpfs
from tests.scene import CONNECT_SECRET, Scene, open_scene
from tests.webhooks.posting import CONNECT, sign

pytestmark = [pytest.mark.load, pytest.mark.timeout(600)]

IS_PROOF = os.environ.get("PROVE") == "1"
RESTARTS = 10 if IS_PROOF else 2
SENDERS = 20
RECOVERY_SECONDS = 20.0
ADA = Owner(OwnerKind.CREATOR, "ada", Mode.TEST)
STEP = timedelta(seconds=1)
PACE = Pace(idle_seconds=0.1, first_back_off_seconds=0.1, longest_back_off_seconds=0.5)


@dataclass
class Senders:
    """Stripe, as far as it is asked here: each sends one event after the other, for ever."""

    scene: Scene
    poster: httpx2.AsyncClient
    account_id: str | None = None
    accepted: set[str] = field(default_factory=set)
    refused: int = 0
    odd: list[str] = field(default_factory=list)
    count: int = 0
    slowest_seconds: float = 0.0

    async def send(self) -> bool:
        """Send one event; say whether it was taken in."""
        self.count += 1
        event_id = f"evt_{self.count}"
        payload = json.dumps(
            {
                "id": event_id,
                "object": "event",
                "type": "account.updated",
                "created": 1_795_000_000,
                "livemode": False,
                "account": self.account_id,
                "data": {"object": {}},
            }
        ).encode()
        header = sign(payload, CONNECT_SECRET, self.scene.clock())
        began = time.monotonic()
        answer = await self.poster.post(
            CONNECT, content=payload, headers={"stripe-signature": header}
        )
        self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - began)
        if answer.status_code == 200:
            self.accepted.add(event_id)
            return True
        self.refused += 1
        if answer.status_code != 503 or "retry-after" not in answer.headers:
            self.odd.append(f"{answer.status_code} {answer.text}")
        return False

    async def keep_sending(self) -> None:
        while True:
            if not await self.send():
                await asyncio.sleep(0.02)

    async def until(
        self, condition: Callable[[], bool], seconds: float = RECOVERY_SECONDS
    ) -> float:
        """Wait for a condition; return how long it took, in seconds."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, (self.refused, len(self.accepted), self.odd)
            await asyncio.sleep(0.01)
        return time.monotonic() - began


@asynccontextmanager
async def sending(scene: Scene, senders: Senders, *, workers: int = 1) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(senders.keep_sending()) for _ in range(SENDERS)]
    working = [asyncio.create_task(run_worker(scene.platform, stop, PACE)) for _ in range(workers)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        stop.set()
        if working:
            await asyncio.wait(working, timeout=30)


@asynccontextmanager
async def posting(scene: Scene) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=build_webhooks(scene.platform))
    async with httpx2.AsyncClient(transport=transport, base_url="http://aboard.test") as client:
        yield client


async def linked(scene: Scene) -> str:
    """Link an account that is at Stripe; return its id there."""
    _, status, _ = await scene.client.request_async(
        "POST",
        "https://api.stripe.test/v1/accounts",
        {
            "authorization": "Bearer sk_test_aboard_flows",
            "content-type": "application/x-www-form-urlencoded",
        },
        "type=express&country=US",
    )
    assert status == 200
    [account_id] = scene.accounts()
    account = await scene.platform.store.reserve_account(ADA, scene.clock())
    assert await scene.platform.store.attach_stripe_account(account.id, account_id, scene.clock())
    return account_id


async def stored_ids(address: str) -> set[str]:
    connection = await asyncpg.connect(address, timeout=10)
    try:
        return {row[0] for row in await connection.fetch("SELECT id FROM events")}
    finally:
        await connection.close()


async def worked(store: Store, scene: Scene) -> None:
    """Wait until the worker has looked at the account after now.

    The clock goes on meanwhile: what the worker held when the server went is leased for a while.
    """
    before = scene.clock()
    deadline = time.monotonic() + RECOVERY_SECONDS
    while True:
        with suppress(Exception):
            account = await store.find_account(ADA)
            synced_at = None if account is None else account.synced_at
            if synced_at is not None and synced_at >= before:
                return
        assert time.monotonic() < deadline, "the worker did not come back"
        scene.clock.now += STEP
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_server_that_is_restarted_or_crashes_loses_nothing_that_was_answered(
    mode: str, record_property: Callable[[str, object], None]
) -> None:
    with open_cluster() as cluster:
        await asyncio.to_thread(migrate, cluster.address)
        async with open_scene(cluster.address) as scene, posting(scene) as poster:
            account_id = await linked(scene)
            senders = Senders(scene, poster, account_id)
            recoveries: list[float] = []
            async with sending(scene, senders):
                for _ in range(RESTARTS):
                    await senders.until(enough(senders, 200))
                    await asyncio.to_thread(cluster.stop, mode)
                    await senders.until(turned_away(senders, 20))
                    await asyncio.to_thread(cluster.start)
                    recoveries.append(await senders.until(enough(senders, 1)))
                    await worked(scene.platform.store, scene)
            assert senders.odd == []
            assert senders.accepted <= await stored_ids(cluster.address)
            record_property("acknowledged", len(senders.accepted))
            record_property("refused", senders.refused)
            record_property("slowest_answer_seconds", round(senders.slowest_seconds, 2))
            record_property("slowest_recovery_seconds", round(max(recoveries), 2))


def enough(senders: Senders, more: int) -> Callable[[], bool]:
    wanted = len(senders.accepted) + more
    return lambda: len(senders.accepted) >= wanted


def turned_away(senders: Senders, more: int) -> Callable[[], bool]:
    wanted = senders.refused + more
    return lambda: senders.refused >= wanted


async def test_a_servers_full_disk_is_refused_and_recovered_from(
    record_property: Callable[[str, object], None],
) -> None:
    with tmpfs("96m") as disk, open_cluster(disk) as cluster:
        await asyncio.to_thread(migrate, cluster.address)
        await _fill(cluster.address, disk, record_property)
        assert cluster.is_up()


async def test_a_full_disk_under_a_file_is_refused_and_recovered_from(
    record_property: Callable[[str, object], None],
) -> None:
    with tmpfs("16m") as disk:
        await _fill(str(disk / "aboard.sqlite3"), disk, record_property)


async def _fill(database: str, disk: Path, record_property: Callable[[str, object], None]) -> None:
    async with open_scene(database) as scene, posting(scene) as poster:
        # Long, so that the room which is left within the database's own pages is soon used up.
        senders = Senders(scene, poster, "acct_" + "x" * 200)
        async with sending(scene, senders, workers=0):
            await senders.until(enough(senders, 50))
            with filled(disk):
                await senders.until(turned_away(senders, 50), 60)
            seconds = await senders.until(enough(senders, 50))
        assert senders.odd == []
        store = scene.platform.store
        for event_id in senders.accepted:
            assert await store.find_event(event_id, Mode.TEST) is not None
        record_property("acknowledged", len(senders.accepted))
        record_property("refused", senders.refused)
        record_property("recovery_seconds", round(seconds, 2))
