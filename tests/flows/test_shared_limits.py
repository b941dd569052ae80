"""Do all processes count together in Redis, and does each go on alone while it is away?"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from aboard.core.errors import TooManyRequests
from aboard.core.secret import Secret
from aboard.flows.journal import Journal
from aboard.flows.limits import Allowance
from aboard.flows.shared_limits import SharedLimits
from tests.flows.redis_server import Line, Shelf, free_port, open_line, open_shelf
from tests.house.tree import ROOT

ANOTHER_PROCESS = """
import asyncio, sys
from aboard.core.errors import TooManyRequests
from aboard.core.secret import Secret
from aboard.flows.journal import Journal
from aboard.flows.shared_limits import SharedLimits

async def main(address, prefix):
    limits = SharedLimits(Secret(address), Journal(), prefix=prefix, patience_seconds=30)
    for _ in range(40):
        try:
            left = await limits.take("ada", "x", limit=50, window_seconds=600)
        except TooManyRequests:
            print("refused")
        else:
            print(left.remaining)
    await limits.close()

asyncio.run(main(*sys.argv[1:]))
"""


@dataclass
class Node:
    """One process of the platform: its counters and its journal."""

    limits: SharedLimits
    journal: Journal

    async def take(self, caller: str = "ada", operation: str = "x", limit: int = 3) -> Allowance:
        return await self.limits.take(caller, operation, limit=limit, window_seconds=600)

    async def is_refused(self, limit: int = 3) -> bool:
        try:
            await self.take(limit=limit)
        except TooManyRequests as refusal:
            return 1 <= refusal.retry_after_seconds <= 600
        return False

    @property
    def noted(self) -> tuple[int, int]:
        """How often Redis was lost and found."""
        counts = self.journal.counts
        return counts.get("limits.degraded", 0), counts.get("limits.restored", 0)


@dataclass
class Hall:
    """Nodes over one shelf, each closed after the test."""

    shelf: Shelf
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def node(self, port: int | None = None, *, patience: float = 30.0, pause: float = 0.0) -> Node:
        journal = Journal()
        limits = SharedLimits(
            Secret(self.shelf.address_at(port or self.shelf.port)),
            journal,
            prefix=self.shelf.prefix,
            patience_seconds=patience,
            pause_seconds=pause,
        )
        self.stack.push_async_callback(limits.close)
        return Node(limits, journal)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with open_shelf() as opened:
        yield opened


@pytest.fixture
async def hall(shelf: Shelf) -> AsyncIterator[Hall]:
    opened = Hall(shelf)
    async with opened.stack:
        yield opened


@pytest.fixture
async def line(shelf: Shelf) -> AsyncIterator[Line]:
    async with open_line(shelf) as opened:
        yield opened


async def test_two_nodes_share_one_count(hall: Hall) -> None:
    one, other = hall.node(), hall.node()
    assert await one.take() == Allowance(3, 2, 600)
    assert (await other.take()).remaining == 1
    assert (await one.take()).remaining == 0
    assert await one.is_refused()
    assert await other.is_refused()
    assert (await other.take("bob")).remaining == 2
    assert (await other.take("ada", "y")).remaining == 2
    assert one.noted == other.noted == (0, 0)


def test_two_processes_at_once_hand_out_each_call_once(shelf: Shelf) -> None:
    command = [sys.executable, "-c", ANOTHER_PROCESS, shelf.address, shelf.prefix]
    racing = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)  # noqa: S603 - our own words
        for _ in range(2)
    ]
    said = [word for each in racing for word in each.communicate()[0].split()]
    assert [each.returncode for each in racing] == [0, 0]
    assert sorted(int(word) for word in said if word != "refused") == list(range(50))
    assert said.count("refused") == 30


async def test_many_calls_at_once_wait_for_a_lane_and_are_all_counted(hall: Hall) -> None:
    node = hall.node()
    taken = await asyncio.gather(*(node.take(limit=300) for _ in range(300)))
    assert sorted(each.remaining for each in taken) == list(range(300))
    assert node.noted == (0, 0)


async def test_a_window_ends(hall: Hall) -> None:
    node = hall.node()
    for left in (0, 0):
        taken = await node.limits.take("ada", "x", limit=1, window_seconds=1)
        assert taken == Allowance(1, left, 1)
        await asyncio.sleep(1.1)


async def test_a_caller_is_not_written_down(hall: Hall) -> None:
    await hall.node().take("ada@creator.example", "creators.status")
    (key,) = hall.shelf.keys()
    assert key.startswith(f"{hall.shelf.prefix}:creators.status:3:600:")
    assert "ada" not in key


async def test_without_redis_each_node_counts_alone_and_says_so_once(hall: Hall) -> None:
    node = hall.node(free_port())
    assert (await node.take()).remaining == 2
    assert (await node.take()).remaining == 1
    assert (await node.take()).remaining == 0
    assert await node.is_refused()
    assert node.noted == (1, 0)


async def test_an_outage_is_lived_through_and_forgotten(
    hall: Hall, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "aboard")
    here, there = hall.node(line.port), hall.node()
    assert (await here.take(limit=6)).remaining == 5
    assert (await there.take(limit=6)).remaining == 4
    await line.cut()
    # What was counted here before still counts here; what others count is not known.
    assert (await here.take(limit=6)).remaining == 4
    assert (await there.take(limit=6)).remaining == 3
    assert (await here.take(limit=6)).remaining == 3
    assert here.noted == (1, 0)
    await line.mend()
    assert (await here.take(limit=6)).remaining == 2
    assert here.noted == (1, 1)
    await line.cut()
    await here.take(limit=6)
    assert here.noted == (2, 1)
    assert there.noted == (0, 0)
    assert "limits.degraded cause=ConnectionError" in caplog.text
    assert str(line.port) not in caplog.text


async def test_a_silent_redis_is_not_waited_for_twice(hall: Hall, line: Line) -> None:
    line.is_silent = True
    node = hall.node(line.port, patience=0.2, pause=600)
    started = asyncio.get_running_loop().time()
    for _ in range(50):
        await node.take(limit=100)
    assert asyncio.get_running_loop().time() - started < 10  # 50 times the patience
    assert line.opened == 1
    assert node.noted == (1, 0)
    assert hall.shelf.keys() == {}


async def test_a_wrong_password_is_an_outage(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "aboard")
    journal = Journal()
    limits = SharedLimits(
        Secret(f"redis://:words-that-are-wrong@127.0.0.1:{hall.shelf.port}/9"),
        journal,
        prefix=hall.shelf.prefix,
        patience_seconds=30,
    )
    hall.stack.push_async_callback(limits.close)
    assert (await Node(limits, journal).take()).remaining == 2
    assert journal.counts == {"limits.degraded": 1}
    assert "words-that-are-wrong" not in caplog.text


async def test_what_one_node_gives_back_another_may_use(hall: Hall) -> None:
    one, other = hall.node(), hall.node()
    for _ in range(3):
        await one.take()
    for _ in range(2):  # refused calls count for nothing
        assert await other.is_refused()
    await one.limits.give_back("ada", "x", limit=3, window_seconds=600)
    assert await other.take() == Allowance(3, 0, 600)
    assert await one.is_refused()
    assert one.noted == other.noted == (0, 0)


async def test_nothing_is_given_back_where_nothing_was_taken(hall: Hall) -> None:
    node = hall.node()
    await node.limits.give_back("ada", "x", limit=3, window_seconds=600)
    assert hall.shelf.keys() == {}
    assert (await node.take()).remaining == 2


async def test_giving_back_never_fails(hall: Hall) -> None:
    node = hall.node(free_port(), patience=0.5, pause=600.0)
    await node.limits.give_back("ada", "x", limit=3, window_seconds=600)
    await node.take()
    await node.limits.give_back("ada", "x", limit=3, window_seconds=600)
    assert (await node.take()).remaining == 2
    assert node.noted == (1, 0)
