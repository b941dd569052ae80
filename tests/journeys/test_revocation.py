"""Four processes that have just let a caller in refuse it within a second of its revocation."""

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aboard.core.owner import Mode
from aboard.flows.lending.caller_terms import CallerTerms
from aboard.flows.lending.callers import add_caller, disable_caller
from aboard.flows.lending.tokens import IssuedToken, add_token, revoke_token, rotate_token
from aboard.flows.platform import Platform
from tests.flows.lending.lending import OPERATOR, lending
from tests.scene import open_scene

pytestmark = [pytest.mark.load, pytest.mark.both, pytest.mark.timeout(180)]
PROCESSES = 4
# Asks every 20 ms whether the caller may come in, and says when the answer changes.
ASK = """
import asyncio, json, sys, time
from dataclasses import replace
from aboard.core.lending.callers import CallerToken
from aboard.core.lending.refusals import CallRefused
from aboard.flows.lending.borrowing import find_borrower
from aboard.app import open_platform
from aboard.settings import load_settings

async def main():
    given = json.loads(sys.stdin.readline())
    async with open_platform(load_settings(given["settings"])) as platform:
        before = None
        for _ in range(3000):
            try:
                await find_borrower(platform, CallerToken(given["token"]))
                answer = "in"
            except CallRefused as refused:
                answer = refused.code.value
            if answer != before:
                print(json.dumps([answer, time.time()]), flush=True)
                before = answer
            await asyncio.sleep(0.02)

asyncio.run(main())
"""


@pytest.fixture
async def platform(database: str) -> AsyncIterator[tuple[Platform, dict[str, str]]]:
    settings = {
        "ABOARD_DATABASE": database,
        "ABOARD_TEST_SECRET_KEY": "sk_test_aboard_words",
        "ABOARD_TEST_API_BASE": "http://127.0.0.1:1",
        "ABOARD_WEBHOOKS": "false",
        "ABOARD_STATE_KEYS": "k1:state-words-state-words-state-words",
        "ABOARD_TOKEN_SECRETS": "token-words-token-words-token-words",
        "ABOARD_ADDRESSES": "http://localhost:3000/connect",
        "ABOARD_DATABASE_POOL": "2",
    }
    async with open_scene(database) as scene:
        yield lending(scene.platform), settings


async def begin(settings: dict[str, str], issued: IssuedToken, folder: Path) -> Process:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ABOARD_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ASK, stdin=PIPE, stdout=PIPE, env=kept, cwd=folder
    )
    assert process.stdin is not None
    said = {"settings": settings, "token": issued.token.reveal()}
    process.stdin.write(f"{json.dumps(said)}\n".encode())
    await process.stdin.drain()
    return process


async def hear(process: Process) -> tuple[str, float]:
    assert process.stdout is not None
    answer, at = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
    return answer, at


@pytest.mark.parametrize("act", ["revoke", "disable", "rotate"])
async def test_four_processes_see_it_within_a_second(
    platform: tuple[Platform, dict[str, str]], tmp_path: Path, act: str
) -> None:
    here, settings = platform
    await add_caller(here, OPERATOR, "shop", CallerTerms())
    issued = await add_token(here, OPERATOR, "shop", Mode.TEST)
    processes = [await begin(settings, issued, tmp_path) for _ in range(PROCESSES)]
    try:
        assert [(await hear(each))[0] for each in processes] == ["in"] * PROCESSES
        await asyncio.sleep(1.0)
        began = time.time()
        if act == "revoke":
            await revoke_token(here, OPERATOR, issued.record.id)
        elif act == "disable":
            await disable_caller(here, OPERATOR, "shop")
        else:
            # The scene's clock is days behind theirs: what ends there tomorrow is over here.
            await rotate_token(here, OPERATOR, issued.record.id)
        heard = await asyncio.gather(*(hear(each) for each in processes))
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
            await process.wait()
    expected = "caller_expired" if act == "rotate" else "caller_revoked"
    assert {answer for answer, _ in heard} == {expected}
    assert max(at for _, at in heard) - began < 1.0
