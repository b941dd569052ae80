"""Many workers over one PostgreSQL: each due account is read, and no stale news wins.

One worker after another is killed; one is stopped in the middle of a read until its lease is
gone, and goes on with an answer that is old by then. The short form runs in CI; `PROVE=1` repeats.
"""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.flows.redis_server import free_port
from tests.journeys.fleet import Fleet, Member, open_fleet
from tests.journeys.ground import Ground, lay_ground

pytestmark = [pytest.mark.load, pytest.mark.timeout(1200)]

IS_PROOF = os.environ.get("PROVE") == "1"
WORKERS = 4
ACCOUNTS = 40 if IS_PROOF else 8
KILLS = 30 if IS_PROOF else 3
PAUSES = 20 if IS_PROOF else 2
PATIENCE_SECONDS = 120.0
LOST = {"capability": "transfers"}


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    async with lay_ground("postgres", tmp_path) as laid:
        yield laid


@dataclass(slots=True)
class Road:
    """One worker's own road to Stripe, on which an answer can be held up after it was written."""

    beyond: str
    session: aiohttp.ClientSession
    port: int = field(default_factory=free_port)
    held: str = ""
    answer_is_here: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def hold(self, account_id: str) -> None:
        """Hold up the next answer about this account."""
        self.answer_is_here.clear()
        self.go_on.clear()
        self.held = account_id

    async def pass_on(self, request: web.Request) -> web.Response:
        headers = {
            name: told
            for name, told in request.headers.items()
            if name.lower() in {"authorization", "stripe-version", "content-type"}
        }
        async with self.session.request(
            request.method,
            self.beyond + request.path_qs,
            data=await request.read(),
            headers=headers,
        ) as answer:
            body = await answer.read()
        if self.held and request.path.endswith(f"/accounts/{self.held}"):
            self.held = ""
            self.answer_is_here.set()
            await self.go_on.wait()
        return web.Response(
            status=answer.status, body=body, headers={"Content-Type": "application/json"}
        )


@asynccontextmanager
async def open_road(beyond: str) -> AsyncIterator[Road]:
    async with aiohttp.ClientSession() as session:
        road = Road(beyond, session)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", road.pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", road.port).start()
        try:
            yield road
        finally:
            road.go_on.set()
            await runner.cleanup()


@asynccontextmanager
async def crowd(ground: Ground, folder: Path) -> AsyncIterator[tuple[Fleet, list[str]]]:
    """Yield a fleet with one service and accounts that are known, without any worker."""
    port = free_port()
    async with open_fleet(ground, folder, public_url=f"http://127.0.0.1:{port}") as fleet:
        service = await fleet.service(ABOARD_PORT=str(port))
        service.port = port
        yield fleet, await fleet.make_accounts(service, ACCOUNTS)


async def ring_all(ground: Ground) -> None:
    """Make every account due now, as an event does."""
    # Also those that are being read: a bell that rings meanwhile asks for another read.
    await ground.tell(
        "UPDATE account_syncs SET due_at = 1, "
        "rung_at = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
    )


async def until_told_apart(fleet: Fleet, accounts: list[str]) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not await fleet.are_all_told_apart(accounts):
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.2)


async def test_one_after_another_is_killed_and_every_account_is_read(
    ground: Ground, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    seed = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(2**31))
    chance = random.Random(seed)  # noqa: S311 - chooses moments, guards nothing
    async with crowd(ground, tmp_path) as (fleet, accounts):
        workers = await fleet.workers(WORKERS)
        for number in range(KILLS):
            for account_id in accounts:
                await fleet.force(account_id, "regain" if number % 2 else "lose", **LOST)
            await ring_all(ground)
            victim = chance.choice(workers)
            await asyncio.sleep(chance.uniform(0, 0.3))
            await victim.kill()
            await victim.start()
            await ground.let_leases_run_out()
        await until_told_apart(fleet, accounts)
        left = await ground.ask("SELECT count(*) FROM events WHERE processed_at IS NULL")
        codes = [await worker.stop() for worker in workers]
    assert left[0][0] == 0
    assert codes == [0] * WORKERS
    for name, count in {"seed": seed, "kills": KILLS, "accounts": len(accounts)}.items():
        record_property(name, count)


async def test_who_was_stopped_past_its_lease_overwrites_nothing(
    ground: Ground, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with crowd(ground, tmp_path) as (fleet, accounts), open_road(fleet.sandbox) as road:
        sleeper = await fleet.worker(ABOARD_TEST_API_BASE=road.address)
        await until_told_apart(fleet, accounts)
        others: list[Member] = []
        for number in range(PAUSES):
            await asyncio.gather(*(other.kill() for other in others))
            # Whoever was killed may have held the very account that is asked for next.
            await ground.let_leases_run_out()
            target = accounts[number % len(accounts)]
            road.hold(target)
            await ring_all(ground)
            await asyncio.wait_for(road.answer_is_here.wait(), PATIENCE_SECONDS)
            # The answer is written and on its way; whoever asked for it stands still.
            sleeper.send(signal.SIGSTOP)
            road.go_on.set()
            old = await fleet.at_stripe(target)
            await fleet.force(target, "lose", **LOST)
            await ground.let_leases_run_out()
            others = await fleet.workers(WORKERS - 1)
            await until_told_apart(fleet, accounts)
            assert old != (await fleet.remembered())[target]
            before = lines_about(sleeper)
            sleeper.send(signal.SIGCONT)
            await until_more_lines(sleeper, before)
            assert (await fleet.remembered())[target] == await fleet.at_stripe(target)
            await fleet.force(target, "regain", **LOST)
            await ring_all(ground)
            await until_told_apart(fleet, accounts)
        codes = [await worker.stop() for worker in (sleeper, *others)]
    assert codes == [0] * WORKERS
    record_property("pauses", PAUSES)


def lines_about(worker: Member) -> int:
    """Return how many accounts a worker says that it has read."""
    return worker.log.read_text("utf-8").count("account.synced")


async def until_more_lines(worker: Member, before: int) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while lines_about(worker) <= before:
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.05)
