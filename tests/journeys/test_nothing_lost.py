"""What was answered with 200 is never lost, and no change is told twice, whoever is killed when.

Services and workers are killed at random moments under load. The short form runs in CI;
`PROVE=1` kills a hundred times on each database.
"""

import asyncio
import json
import os
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.flows.redis_server import free_port
from tests.journeys.bell import Bell
from tests.journeys.fleet import Fleet, Member, open_fleet
from tests.journeys.ground import Ground, lay_ground
from tests.leaks import SecretsInPlay

pytestmark = [pytest.mark.load, pytest.mark.timeout(1800)]

IS_PROOF = os.environ.get("PROVE") == "1"
KILLS = 100 if IS_PROOF else 7
ACCOUNTS = 12 if IS_PROOF else 6
# So many that at any moment some events are between their commit and their 200.
RINGERS = 16
PAUSE_SECONDS = 0.02
SETTLE_SECONDS = 180.0


@pytest.fixture(params=["sqlite", "postgres"])
async def ground(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ground]:
    async with lay_ground(request.param, tmp_path) as laid:
        yield laid


async def change_on(fleet: Fleet, accounts: list[str], stop: asyncio.Event, seed: int) -> None:
    """Take capabilities away at Stripe and give them back, so that there is something to tell."""
    chance = random.Random(seed)  # noqa: S311 - chooses accounts, guards nothing
    has_lost: set[str] = set()
    while not stop.is_set():
        account_id = chance.choice(accounts)
        if account_id in has_lost:
            await fleet.force(account_id, "regain", capability="transfers")
        else:
            await fleet.force(account_id, "lose", capability="transfers")
        has_lost ^= {account_id}
        await asyncio.sleep(chance.uniform(0, 0.5))


async def change_unheard(fleet: Fleet, service: Member, accounts: list[str]) -> None:
    """Let every account change while the only service is dead, and Stripe be refused."""
    await service.kill()
    for account_id in accounts:
        await fleet.force(account_id, "lose", capability="transfers")
        await fleet.force(account_id, "lose", capability="card_payments")
    deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS
    while not set(accounts) <= set((await fleet.unheard()).values()):
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.1)
    await service.start()


async def settle(fleet: Fleet, accounts: list[str]) -> None:
    """Wait until no event waits and every account is remembered as it is at Stripe."""
    deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS
    while True:
        # Whoever was killed holds its accounts for two minutes; nobody waits for that here.
        await fleet.ground.let_leases_run_out()
        # Nor for the hour after which Stripe tells again what nobody was there to hear.
        await fleet.try_again()
        waiting = await fleet.ground.ask(
            "SELECT status, count(*) FROM events WHERE processed_at IS NULL GROUP BY status"
        )
        if not waiting and await fleet.are_all_told_apart(accounts):
            return
        assert asyncio.get_running_loop().time() < deadline, (
            waiting,
            await fleet.differing(accounts),
            await fleet.unheard(),
        )
        await asyncio.sleep(1)


async def assert_each_change_was_told_once(ground: Ground) -> int:
    """Follow every owner's announcements: each begins where the one before it ended."""
    rows = await ground.ask("SELECT owner_id, type, says FROM announcements ORDER BY number")
    ends: dict[str, str] = {}
    wants: dict[str, object] = defaultdict(lambda: None)
    for owner_id, kind, says in rows:
        told = json.loads(says)
        if kind == "connect.account.readiness_changed":
            assert told["previous_readiness"] != told["readiness"]
            assert told["previous_readiness"] == ends.get(owner_id, told["previous_readiness"])
            ends[owner_id] = told["readiness"]
        elif kind == "connect.account.requirements_changed":
            assert told != wants[owner_id]
            wants[owner_id] = told
    return len(rows)


async def test_what_was_answered_is_processed_and_told_once(
    ground: Ground,
    tmp_path: Path,
    secrets_in_play: SecretsInPlay,
    record_property: Callable[[str, object], None],
) -> None:
    seed = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(2**31))
    chance = random.Random(seed)  # noqa: S311 - chooses moments, guards nothing
    port = free_port()
    async with open_fleet(ground, tmp_path, public_url=f"http://127.0.0.1:{port}") as fleet:
        service = await fleet.service(ABOARD_PORT=str(port))
        service.port = port
        workers = await fleet.workers(2 if ground.is_shared else 1)
        accounts = await fleet.make_accounts(service, ACCOUNTS)
        async with aiohttp.ClientSession() as session:
            bell = Bell(
                session, lambda: service.address, fleet.connect_secret, chance, patience=True
            )
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as at_work:
                for _ in range(RINGERS):
                    at_work.create_task(bell.ring_on(stop, accounts, PAUSE_SECONDS))
                at_work.create_task(change_on(fleet, accounts, stop, seed))
                for number in range(KILLS):
                    await asyncio.sleep(chance.uniform(0.1, 1.0))
                    victim = [service, *workers][number % (1 + len(workers))]
                    await victim.kill()
                    await victim.start()
                stop.set()
        await change_unheard(fleet, service, accounts)
        await settle(fleet, accounts)
        stored: dict[str, str] = dict(await ground.ask("SELECT id, status FROM events"))
        told = await assert_each_change_was_told_once(ground)
        for member in fleet.members:
            secrets_in_play.look(member.log.read_text("utf-8"), where=f"the log of {member.name}")
    assert bell.answered
    assert {event_id: stored.get(event_id) for event_id in bell.answered} == dict.fromkeys(
        bell.answered, "processed"
    )
    assert set(stored.values()) == {"processed"}
    assert told
    # Otherwise the kills came when nobody was calling, and proved nothing.
    broken = sum(number for answer, number in bell.answers.items() if answer != "200")
    assert broken
    counts = {"seed": seed, "kills": KILLS, "answered": len(bell.answered), "broken": broken}
    for name, count in {**counts, "announcements": told}.items():
        record_property(name, count)
