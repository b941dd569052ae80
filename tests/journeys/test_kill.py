"""One connected account per owner, always: killed at any moment, or called a hundred times at once.

The short form runs in CI; `PROVE=1` kills fifty times.
"""

import asyncio
import os
import random
import statistics
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from aboard.core.secret import Secret
from tests.journeys.village import Village, open_village
from tests.leaks import SecretsInPlay

pytestmark = [pytest.mark.load, pytest.mark.timeout(600)]

IS_PROOF = os.environ.get("PROVE") == "1"
KILLS = 50 if IS_PROOF else 8
CALLS_AT_ONCE = 100
_RETRY_SECONDS = 20.0


@pytest.fixture
async def village(tmp_path: Path, secrets_in_play: SecretsInPlay) -> AsyncIterator[Village]:
    async with open_village(tmp_path) as opened:
        await opened.start()
        yield opened
        secrets_in_play.look(opened.log_text(), where="the service's log")


async def time_of_initiate(village: Village, user_id: str) -> float:
    """Return how long somebody else's first `initiate` takes right now, in seconds."""
    token = village.token(user_id)
    await village.post("/upgrade", token)
    began = time.perf_counter()
    status, _ = await village.post("/stripe-connect/initiate", token)
    assert status == 201
    return time.perf_counter() - began


async def initiate_until_answered(village: Village, token: Secret) -> str:
    """Retry as a person would, until there is a link; return the account."""
    deadline = time.monotonic() + _RETRY_SECONDS
    while True:
        status, body = await village.post("/stripe-connect/initiate", token)
        if status == 201:
            account_id: str = body["data"]["accountId"]
            return account_id
        assert status in {409, 503}, body
        assert time.monotonic() < deadline, body
        await asyncio.sleep(0.05)


async def test_killed_at_any_moment_of_initiate_there_is_one_account(
    village: Village, record_property: Callable[[str, object], None]
) -> None:
    seed = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(2**31))
    chance = random.Random(seed)  # noqa: S311 - chooses moments, guards nothing
    took: list[float] = []
    unanswered = orphaned = 0
    for number in range(KILLS):
        # A process's first call also loads what later ones find: only the second tells how long
        # the call that is killed would take.
        await time_of_initiate(village, f"first_neighbour_{number}")
        took.append(await time_of_initiate(village, f"neighbour_{number}"))
        user_id = f"user_{number}"
        token = village.token(user_id)
        assert (await village.post("/upgrade", token))[0] == 201
        call = asyncio.create_task(village.post("/stripe-connect/initiate", token))
        await asyncio.sleep(chance.uniform(0, statistics.median(took)))
        await village.kill()
        try:
            await call
        except aiohttp.ClientError:
            unanswered += 1
            orphaned += bool(await village.accounts_of(user_id))
        village.let_claims_run_out()
        await village.start()
        account_id = await initiate_until_answered(village, token)
        assert await village.accounts_of(user_id) == [account_id]
    counts = {"seed": seed, "kills": KILLS, "unanswered": unanswered, "of them made": orphaned}
    for name, count in counts.items():
        record_property(name, count)
    # Otherwise the kills came too early or too late to prove anything.
    assert unanswered >= KILLS // 4
    assert orphaned or not IS_PROOF


async def test_a_hundred_calls_at_once_are_one_account(village: Village) -> None:
    token = village.token("user_1")
    assert (await village.post("/upgrade", token))[0] == 201
    answers = await asyncio.gather(
        *(village.post("/stripe-connect/initiate", token) for _ in range(CALLS_AT_ONCE))
    )
    assert {status for status, _ in answers} <= {201, 409}
    told = {body["data"]["accountId"] for status, body in answers if status == 201}
    assert [*told] == await village.accounts_of("user_1")
    links = [body["data"]["onboardingUrl"] for status, body in answers if status == 201]
    assert len(set(links)) == len(links)


async def test_sigterm_ends_the_service_cleanly(village: Village) -> None:
    assert await village.stop() == 0
