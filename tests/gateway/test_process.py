"""What does a gateway process of its own do: with a large file, and when it is killed?"""

import asyncio
import signal
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from aboard.core.clock import utc_now
from aboard.core.lending.callers import CallLimits
from aboard.core.lending.calls import OPEN
from aboard.flows.lending.tokens import list_tokens, revoke_token
from tests.databases import Desk
from tests.gateway.gate import ALL_TEST, MARKER, OPERATOR, caller_token
from tests.gateway.processes import Running, running, started
from tests.gateway.recording import answer, recording
from tests.gateway.speaking import read_answer, request, say
from tests.leaks import SecretsInPlay
from tests.scene import open_scene

MEGABYTE = 1 << 20
PROCESSES, BUDGET = 4, 20
KIND = "Content-Type: multipart/form-data; boundary=b"


async def upload(here: Running, size: int) -> None:
    """Send a file of so many bytes, piece by piece."""
    reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
    head = request("POST /v1/files", here.token, KIND, f"Content-Length: {size}")
    writer.write(head)
    piece = b"\x00" * 65_536
    for _ in range(size // len(piece)):
        writer.write(piece)
        await writer.drain()
    assert (await read_answer(reader)).status == 200
    writer.close()


async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read as much as one file, keep nothing, and answer."""
    left = int(swallow_size[0])
    while left:
        left -= len(await reader.read(min(left, 65_536)))
    writer.write(answer())
    await writer.drain()


swallow_size = [0]


@pytest.mark.load
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
async def test_a_large_file_takes_no_more_memory_than_a_small_one(
    database: str, secrets_in_play: SecretsInPlay
) -> None:
    secrets_in_play.add(MARKER)
    peaks = []
    async with running(database) as here:
        for size in (1 * MEGABYTE, 10 * MEGABYTE, 30 * MEGABYTE):
            swallow_size[0] = size
            here.recorder.early.append(swallow)
            await upload(here, size)
            peaks.append(here.peak_kilobytes())
        rows = await here.closed_rows()
    assert sorted(row.bytes_in for row in rows) == [MEGABYTE, 10 * MEGABYTE, 30 * MEGABYTE]
    assert peaks[1] - peaks[0] < 2_048, peaks
    assert peaks[2] - peaks[0] < 2_048, peaks


@pytest.mark.load
async def test_a_killed_process_leaves_its_call_open(database: str) -> None:
    async with running(database) as here:
        held = asyncio.Event()

        async def hold(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
            await reader.read()
            held.set()

        here.recorder.script.append(hold)
        reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
        writer.write(request("GET /v1/accounts/acct_1", here.token))
        await here.recorder.came.wait()
        here.process.send_signal(signal.SIGKILL)
        assert await reader.read() == b""
        writer.close()
        await asyncio.wait_for(held.wait(), 5)
        (row,) = await here.rows()
    assert (row.outcome, row.status, row.account) == (OPEN, None, "acct_1")


@pytest.mark.load
async def test_a_process_that_is_asked_to_end_lets_its_call_finish(database: str) -> None:
    async with running(database) as here:

        async def slowly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            here.process.terminate()
            await asyncio.sleep(0.5)
            writer.write(answer())
            await writer.drain()

        here.recorder.script.append(slowly)
        reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
        writer.write(request("GET /v1/accounts/acct_1", here.token))
        assert (await read_answer(reader)).status == 200
        writer.close()
        assert await here.process.wait() == 0
        (row,) = await here.rows()
    assert (row.outcome, row.status) == ("answered", 200)


@pytest.mark.load
async def test_four_processes_see_a_revocation_within_a_second_and_count_one_budget(
    postgres: Desk, secrets_in_play: SecretsInPlay
) -> None:
    async with recording() as recorder, open_scene(postgres.address) as scene:
        terms = replace(ALL_TEST, limits=CallLimits(per_second=None, per_day=BUDGET))
        platform = scene.with_changes(clock=utc_now)
        frugal = await caller_token(platform, "frugal", terms)
        token = await caller_token(platform)
        secrets_in_play.add(token)
        async with AsyncExitStack() as stack:
            ports = [
                (await stack.enter_async_context(started(postgres.address, recorder)))[1]
                for _ in range(PROCESSES)
            ]
            asked = request("GET /v1/accounts/acct_1", frugal)
            answers = await asyncio.gather(
                *(say(port, asked, seconds=30) for port in ports for _ in range(BUDGET // 2))
            )
            assert Counter(each.status for each in answers) == {200: BUDGET, 429: BUDGET}

            asked = request("GET /v1/accounts/acct_1", token)
            assert {(await say(port, asked)).status for port in ports} == {200}
            (kept,) = await list_tokens(platform, "script")
            await revoke_token(platform, OPERATOR, kept.id)
            await asyncio.sleep(0.6)
            late = await asyncio.gather(*(say(port, asked) for port in ports))
    assert {(each.status, each.code) for each in late} == {(401, "caller_revoked")}
