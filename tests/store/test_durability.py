"""What was acknowledged survives kill -9 and a full disk."""

import asyncio
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TextIO

import pytest

from tests.store.rows import PROCESS_SECONDS

# Prints each id only after its write was acknowledged; several are in flight at all times.
ACCEPT = """
import asyncio, os, sys
from datetime import UTC, datetime
from aboard.core.owner import Mode
from aboard.store import open_store

async def accept(store, worker):
    now = datetime.now(UTC)
    n = 0
    while True:
        event_id = f"evt_{os.getpid()}_{worker}_{n}"
        n += 1
        assert await store.accept_event(
            event_id, endpoint="connect", mode=Mode.TEST, type="account.updated",
            stripe_account_id=None, created_at=now, received_at=now,
        )
        os.write(1, (event_id + "\\n").encode())

async def main(path):
    store = open_store(path)
    await asyncio.gather(*(accept(store, worker) for worker in range(20)))

asyncio.run(main(sys.argv[1]))
"""

# Fills the file up to a limit set by the system, as a full disk would.
FILL = """
import asyncio, resource, sys
from datetime import UTC, datetime
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store import StoreUnavailable, open_store

async def accept(store, n):
    now = datetime.now(UTC)
    await store.accept_event(
        f"evt_{n}", endpoint="connect", mode=Mode.TEST, type="x" * 2000,
        stripe_account_id=None, created_at=now, received_at=now,
    )

async def main(path):
    store = open_store(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
    causes, n = set(), 0
    while len(causes) == 0 and n < 5000:
        numbers = range(n, n + 20)
        answers = await asyncio.gather(*(accept(store, k) for k in numbers), return_exceptions=True)
        n += 20
        for k, answer in zip(numbers, answers):
            if answer is None:
                print(f"evt_{k}")
            else:
                assert isinstance(answer, StoreUnavailable), answer
                causes.add(answer.cause)
    await store.ping()
    assert await store.find_account(Owner(OwnerKind.CREATOR, "x", Mode.TEST)) is None
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await accept(store, "later")
    print("evt_later")
    print(*sorted(causes), file=sys.stderr)
    await store.close()

asyncio.run(main(sys.argv[1]))
"""


def start(code: str, path: Path, stdout: TextIO | int = subprocess.PIPE) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and our own program
        [sys.executable, "-c", code, str(path)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def stored_ids(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {row[0] for row in connection.execute("SELECT id FROM events")}


def kill_soon(sqlite_file: Path, rests: Sequence[float]) -> set[str]:
    """Kill a writer for each rest, that long after its first answer; return what was answered."""
    outs = [sqlite_file.with_name(f"answers-{n}") for n in range(len(rests))]
    processes = []
    for out in outs:
        with out.open("w") as stdout:
            processes.append(start(ACCEPT, sqlite_file, stdout))
    for process, out, rest in zip(processes, outs, rests, strict=True):
        while not out.stat().st_size:
            assert process.poll() is None
            time.sleep(0.005)
        time.sleep(rest)
        process.kill()
    for process in processes:
        process.communicate(timeout=PROCESS_SECONDS)
    lines = "".join(out.read_text() for out in outs).splitlines(keepends=True)
    # A line is written in one piece; one without an end was not an answer yet.
    return {line.strip() for line in lines if line.endswith("\n")}


def test_kill_9_loses_nothing_acknowledged(sqlite_file: Path) -> None:
    seed = random.Random(5)  # noqa: S311 -- moments, not secrets
    everything: set[str] = set()
    for _ in range(3):
        acknowledged = kill_soon(sqlite_file, [seed.uniform(0.0, 0.3), seed.uniform(0.0, 0.1)])
        assert len(acknowledged) > 2
        everything |= acknowledged
        assert everything <= stored_ids(sqlite_file)


@pytest.mark.load
def test_kill_9_at_fifty_moments_loses_nothing_acknowledged(sqlite_file: Path) -> None:
    seed = random.Random(50)  # noqa: S311 -- moments, not secrets
    everything: set[str] = set()
    for _ in range(50):
        everything |= kill_soon(sqlite_file, [seed.uniform(0.0, 0.1)])
    assert len(everything) > 1000
    assert everything <= stored_ids(sqlite_file)


async def test_a_full_disk_is_a_clear_fact_and_recovery_needs_no_hands(sqlite_file: Path) -> None:
    process = start(FILL, sqlite_file)
    out, err = await asyncio.to_thread(process.communicate, timeout=PROCESS_SECONDS)
    assert process.returncode == 0, err
    assert set(err.split()) <= {"full", "input_output"}
    assert err.split()
    acknowledged = set(out.split())
    assert "evt_later" in acknowledged
    assert acknowledged == stored_ids(sqlite_file)
