"""Two services and two workers are replaced one by one under load: no call fails, nothing is lost.

The balancer asks for readiness and repeats nothing that reached a service. The short form runs in
CI; `PROVE=1` goes round many times.
"""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.cli.commands import ABOARD, clean_environment
from tests.flows.redis_server import free_port
from tests.journeys.balancer import open_balancer
from tests.journeys.bell import Bell
from tests.journeys.fleet import Fleet, open_fleet
from tests.journeys.ground import Ground, lay_ground

pytestmark = [pytest.mark.load, pytest.mark.timeout(1200)]

IS_PROOF = os.environ.get("PROVE") == "1"
ROUNDS = 10 if IS_PROOF else 1
ACCOUNTS = 5
RINGERS = 4
SETTLE_SECONDS = 120.0
# So long a service that was told to end still listens, and says that it is not ready any more.
DRAIN_SECONDS = 3


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    async with lay_ground("postgres", tmp_path) as laid:
        yield laid


async def settled(fleet: Fleet) -> dict[str, str]:
    """Wait until no event waits; return each event's status."""
    deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS
    while True:
        stored: dict[str, str] = dict(await fleet.ground.ask("SELECT id, status FROM events"))
        if set(stored.values()) == {"processed"}:
            return stored
        assert asyncio.get_running_loop().time() < deadline, stored
        await asyncio.sleep(0.5)


async def test_behind_a_balancer_no_call_fails(
    ground: Ground, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    seed = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(2**31))
    chance = random.Random(seed)  # noqa: S311 - chooses accounts, guards nothing
    found: list[str] = []
    async with (
        open_balancer(lambda: found) as balancer,
        open_fleet(ground, tmp_path, public_url=balancer.address) as fleet,
    ):
        drain = {"ABOARD_DRAIN_SECONDS": str(DRAIN_SECONDS)}
        services = [await fleet.service(**drain) for _ in range(2)]
        workers = await fleet.workers(2)
        found += [service.address for service in services]
        accounts = await fleet.make_accounts(services[0], ACCOUNTS)
        bell = Bell(
            fleet.session, lambda: balancer.address, fleet.connect_secret, chance, patience=False
        )
        await until_ready(balancer.ready, found)
        stop = asyncio.Event()
        ringing = [asyncio.create_task(bell.ring_on(stop, accounts, 0.05)) for _ in range(RINGERS)]
        codes = []
        for _ in range(ROUNDS):
            for member in (*services, *workers):
                codes.append(await member.stop())
                await member.start()
                await until_ready(balancer.ready, found)
        stop.set()
        await asyncio.gather(*ringing)
        stored = await settled(fleet)
    assert bell.answers == {"200": bell.rung}
    assert (balancer.broken, balancer.refused, balancer.turned_away) == (0, 0, 0)
    assert bell.answered <= set(stored)
    assert set(codes) == {0}
    counts = {"seed": seed, "restarts": len(codes), "events": bell.rung}
    for name, count in {**counts, "slowest_ms": round(1000 * bell.slowest_seconds)}.items():
        record_property(name, count)


async def until_ready(ready: set[str], wanted: list[str]) -> None:
    deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS
    while ready != set(wanted):
        assert asyncio.get_running_loop().time() < deadline, ready
        await asyncio.sleep(0.05)


async def test_over_one_socket_no_call_fails(
    ground: Ground, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """One machine, no balancer: SIGHUP replaces two processes under load, round after round."""
    chance = random.Random(7)  # noqa: S311 - chooses accounts, guards nothing
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with open_fleet(ground, tmp_path, public_url=address) as fleet:
        log = tmp_path / "leader.log"
        with log.open("ab") as written:
            leader = await asyncio.create_subprocess_exec(
                ABOARD,
                "serve",
                "--processes",
                "2",
                env=clean_environment({**fleet.settings, "ABOARD_PORT": str(port)}),
                cwd=tmp_path,
                stdout=written,
                stderr=written,
            )
        try:
            await until_said(log, "Aboard on ", 1)
            # A connection for each call: one that is kept open may end between two calls.
            connector = aiohttp.TCPConnector(force_close=True)
            async with aiohttp.ClientSession(connector=connector) as session:
                bell = Bell(session, lambda: address, fleet.connect_secret, chance, patience=False)
                stop = asyncio.Event()
                ringing = [
                    asyncio.create_task(bell.ring_on(stop, ["acct_unknown"], 0.02))
                    for _ in range(RINGERS)
                ]
                for number in range(ROUNDS):
                    leader.send_signal(signal.SIGHUP)
                    await until_said(log, "process.replaced", number + 1)
                stop.set()
                await asyncio.gather(*ringing)
            leader.terminate()
            code = await asyncio.wait_for(leader.wait(), SETTLE_SECONDS)
        finally:
            if leader.returncode is None:
                leader.kill()
                await leader.wait()
        stored = {row[0] for row in await ground.ask("SELECT id FROM events")}
    assert code == 0
    assert bell.answers == {"200": bell.rung}
    assert bell.answered <= stored
    record_property("replacements", 2 * ROUNDS)
    record_property("events", bell.rung)


async def until_said(log: Path, words: str, times: int) -> None:
    deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS
    while (said := await asyncio.to_thread(log.read_text, "utf-8")).count(words) < times:
        assert asyncio.get_running_loop().time() < deadline, said[-2000:]
        await asyncio.sleep(0.05)
