"""Does B6 walk the real thing, and does it notice when a part of it is missing?"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aboard.store import migrate
from benchmarks.contest import WrongAnswer
from benchmarks.journey import Stage, open_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    migrate(str(tmp_path / "aboard.sqlite3"))
    async with open_stage(tmp_path) as stage:
        yield stage


async def test_a_journey_ends_ready_with_its_own_facts_and_webhooks(stage: Stage) -> None:
    seconds = [await stage.walk(), await stage.walk()]
    assert all(0 < each < 30 for each in seconds)
    assert len({arrival.account for arrival in stage.arrivals}) == 1  # the second journey's alone
    assert {arrival.status for arrival in stage.arrivals} == {200}


async def test_a_journey_without_webhooks_is_not_one(stage: Stage) -> None:
    stage.sandbox.reset()  # forgets the webhook endpoints too
    with pytest.raises(WrongAnswer, match="no webhook"):
        await stage.walk()
