"""A gateway in a process of its own, before a recorder."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aboard.core.lending.calls import OPEN, Call, CallFilter
from aboard.flows.lending.calls import list_calls
from tests.gateway.gate import MARKER, caller_token
from tests.gateway.recording import Recorder, recording
from tests.gateway.speaking import Answered, request, say
from tests.scene import Scene, open_scene


@dataclass
class Running:
    """A gateway in a process of its own."""

    scene: Scene
    recorder: Recorder
    process: asyncio.subprocess.Process
    port: int
    token: str

    async def ask(self, line: str, *headers: str, body: bytes = b"") -> Answered:
        """Ask plainly."""
        return await say(self.port, request(line, self.token, *headers, body=body))

    async def rows(self) -> list[Call]:
        return list(await list_calls(self.scene.platform, CallFilter(), limit=100))

    async def closed_rows(self) -> list[Call]:
        """Return the rows once none of them is open: a row is closed after its answer."""
        for _ in range(500):
            rows = await self.rows()
            if all(row.outcome != OPEN for row in rows):
                return rows
            await asyncio.sleep(0.01)
        raise AssertionError("a row stays open")

    def peak_kilobytes(self) -> int:
        """Return the most memory that the process ever held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])


@asynccontextmanager
async def running(
    database: str, upstream: AbstractAsyncContextManager[Recorder] | None = None, **more: str
) -> AsyncIterator[Running]:
    """Start `aboard gateway serve` over a database of its own, before a recorder, and end it."""
    async with upstream or recording() as recorder, open_scene(database) as scene:
        token = await caller_token(scene.platform)
        async with started(database, recorder, **more) as (process, port):
            yield Running(scene, recorder, process, port, token)


@asynccontextmanager
async def started(
    database: str, recorder: Recorder, **more: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Start `aboard gateway serve` over a database that is there, and end it.

    `more` is in its environment too.
    """
    environ = {
        **more,
        "PATH": os.environ["PATH"],
        "ABOARD_DATABASE": database,
        "ABOARD_PUBLIC_URL": "http://localhost:4242",
        "ABOARD_TEST_SECRET_KEY": MARKER,
        "ABOARD_TEST_API_BASE": recorder.url,
        "ABOARD_STATE_KEYS": "k1:state-words-state-words-state-words",
        "ABOARD_TOKEN_SECRETS": "token-words-token-words-token-words",
        "ABOARD_ADDRESSES": "http://localhost:3000/connect",
        "ABOARD_CREATOR_RETURN_URL": "http://localhost:3000/connect/done",
        "ABOARD_CREATOR_REFRESH_URL": "http://localhost:3000/connect/again",
        "ABOARD_WEBHOOKS": "false",
        "ABOARD_DRAIN_SECONDS": "0",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "aboard.cli", "gateway", "serve", "--port", "0"),
        env=environ,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        said = (await process.stdout.readline()).decode()
        yield process, int(said.rpartition(":")[2].partition(".")[0])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
