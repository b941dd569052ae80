"""A Redis that ends and comes back: calls are counted on, and nobody has to do anything."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from aboard.core.secret import Secret
from tests.cli.commands import PATIENCE_SECONDS
from tests.flows.redis_server import own_redis
from tests.journeys.village import Village, open_village

pytestmark = [pytest.mark.load, pytest.mark.timeout(180)]

LIMIT = 50
STATUS = "/api/v1/creators/stripe-connect/status"


async def remaining(village: Village, token: Secret) -> int:
    """Call once, and return how many calls are left in the window."""
    headers = {"authorization": f"Bearer {token.reveal()}"}
    async with village.session.get(f"{village.service}{STATUS}", headers=headers) as answer:
        assert answer.status < 500
        return int(answer.headers["ratelimit-remaining"])


async def health(village: Village) -> dict[str, object]:
    async with village.session.get(f"{village.service}/v1/health") as answer:
        assert answer.status == 200, "without Redis the service does its work"
        told: dict[str, object] = await answer.json()
        return told


async def until(village: Village, status: str) -> dict[str, object]:
    """Wait until the health says this."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while (told := await health(village))["status"] != status:
        assert asyncio.get_running_loop().time() < deadline, told
        await asyncio.sleep(0.1)
    return told


async def journal(address: str) -> dict[str, float]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        lines = (await answer.text()).splitlines()
    prefix = 'aboard_journal_total{event="limits.'
    return {
        line.removeprefix(prefix).partition('"')[0]: float(line.rpartition(" ")[2])
        for line in lines
        if line.startswith(prefix)
    }


async def test_limits_go_on_in_memory_and_come_back_by_themselves(tmp_path: Path) -> None:
    with own_redis() as redis:
        async with open_village(tmp_path) as village:
            village.settings |= {
                "ABOARD_REDIS_URL": redis.address,
                "ABOARD_CREATOR_LIMIT": str(LIMIT),
                "ABOARD_METRICS_PORT": "0",
            }
            await village.start()
            token = village.token("ada")
            first = await remaining(village, token)
            assert await remaining(village, token) == first - 1
            assert (await health(village))["services"]["redis"] == "up"  # type: ignore[index]  # JSON

            redis.stop()
            # The window goes on where it stood: what was used up stays used up.
            assert await remaining(village, token) == first - 2
            told = await until(village, "degraded")
            assert told["details"]["redis"] == {"reason": "counting_alone"}  # type: ignore[index]  # JSON
            assert await remaining(village, token) == first - 3

            redis.start()
            await until(village, "ok")
            assert await remaining(village, token) == first, "Redis forgot, and counts anew"
            log = village.log_text()
            figures = next(
                line.split()[2].rstrip(".") for line in log.splitlines() if "Figures on" in line
            )
            assert await journal(figures) == {"degraded": 1, "restored": 1}
            assert redis.address not in log
