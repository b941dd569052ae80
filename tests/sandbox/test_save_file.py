"""Does what was answered survive the process: closed, killed, or started twice?"""

import asyncio
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aboard.sandbox import Sandbox
from aboard.sandbox.saving.file import DELAY_SECONDS
from aboard.sandbox.saving.kinds import Unreadable
from tests.sandbox.conftest import EXPRESS, KEY, LINK, NOW, Mailbox, client
from tests.sandbox.test_saving import facts, live_a_little


@pytest.fixture
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where to save.

    It lies outside `tmp_path`, where no key may be stored: this is Stripe's side of the wire,
    which must know its own keys and secrets.
    """
    return tmp_path_factory.mktemp("saved") / "worlds.db"


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_a_sandbox_that_is_closed_and_opened_again_goes_on_as_one_that_was_not(
    tmp_path_factory: pytest.TempPathFactory, seed: int, steps: list[int]
) -> None:
    path = tmp_path_factory.mktemp("saved") / "worlds.db"

    async def story() -> None:
        mails = (Mailbox(), Mailbox())
        whole = Sandbox(seed=1, at=NOW, deliver=mails[0])
        for part, count in enumerate(steps):
            opened = Sandbox(seed=1, at=NOW, deliver=mails[1], save=path)
            for sandbox in (whole, opened):
                dice = random.Random(seed + part)  # noqa: S311 - a test's choices
                await live_a_little(sandbox, dice, count)
            await opened.close()
        opened = Sandbox(deliver=Mailbox(), save=path)
        assert facts(opened) == facts(whole)
        await opened.close()

    asyncio.run(story())


async def test_what_is_reset_or_imported_is_what_is_saved(path: Path) -> None:
    opened = Sandbox(seed=1, at=NOW, save=path)
    await client(opened).v1.accounts.create_async(EXPRESS)
    written = opened.export()
    opened.reset()
    await opened.close()
    opened = Sandbox(at=NOW, save=path)
    assert opened.worlds == ()
    opened.load(written)
    with pytest.raises(Unreadable):
        opened.load(written[:-5])
    await opened.close()
    opened = Sandbox(save=path)
    assert opened.export() == written
    await opened.close()


def test_only_its_owner_can_read_the_file(path: Path) -> None:
    asyncio.run(Sandbox(save=path).close())
    assert (path).stat().st_mode & 0o777 == 0o600


async def test_a_second_sandbox_on_the_same_file_is_refused(path: Path) -> None:
    first = Sandbox(save=path)
    with pytest.raises(Unreadable, match="in use: another sandbox"):
        Sandbox(save=path)
    await first.close()
    await Sandbox(save=path).close()


def _other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE precious (a)")


def _newer(path: Path) -> None:
    asyncio.run(Sandbox(save=path).close())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")


def _text(path: Path) -> None:
    path.write_text("precious text " * 500)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_other_database, "is not the saved state"),
        (_newer, "format version 2"),
        (_text, "is not the saved state"),
        (Path.mkdir, "cannot be opened"),
    ],
)
def test_a_file_that_is_something_else_is_refused_and_stays_as_it_is(
    path: Path, make: Callable[[Path], None], reason: str
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(Unreadable, match=reason):
        Sandbox(save=path)
    if path.is_file():
        assert path.read_bytes() == before


async def test_a_start_without_a_seed_or_a_clock_takes_both_from_the_file(path: Path) -> None:
    opened = Sandbox(seed=5, at=NOW, review_seconds=7, save=path)
    await opened.close()
    opened = Sandbox(save=path)
    assert opened.clock.now() == NOW
    assert opened.policy.review_seconds == 7
    await opened.close()
    opened = Sandbox(review_seconds=9, save=path)
    assert opened.policy.review_seconds == 9
    await opened.close()


# --- a real process, killed -----------------------------------------------------------------

_SERVE = """
import sys, uvicorn
from aboard.sandbox import Sandbox
uvicorn.run(Sandbox(save=sys.argv[1]).app, port=int(sys.argv[2]), log_level="error")
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A sandbox in a process of its own."""

    def __init__(self, path: Path) -> None:
        self.port = _free_port()
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", _SERVE, str(path), str(self.port)]
        )
        began = time.monotonic()
        while True:
            try:
                self.call("/_sandbox/clock")
                break
            except (URLError, ConnectionError):
                assert time.monotonic() < began + 20
                time.sleep(0.01)
        self.seconds = time.monotonic() - began

    def call(self, path: str, form: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
        data = None if form is None else urlencode(form).encode()
        headers = {"Authorization": f"Bearer {KEY}"}
        asked = Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        with urlopen(asked, timeout=10) as answer:  # noqa: S310 - our own address, above
            return json.load(answer)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.mark.load
def test_a_killed_process_loses_at_most_what_was_answered_in_the_last_moment(
    path: Path,
) -> None:
    made: list[tuple[float, str]] = []
    for round_ in range(int(os.environ.get("ABOARD_KILLS", "5"))):
        served = Served(path)
        for _, account_id in made[-20:]:
            assert served.call(f"/v1/accounts/{account_id}")["id"] == account_id
        for _ in range(40 + 17 * round_):
            account = served.call("/v1/accounts", {"type": "express", "country": "US"})
            served.call("/v1/account_links", {"account": account["id"], **LINK})
            made.append((time.monotonic(), account["id"]))
        killed_at = time.monotonic()
        served.kill()
        kept = [one for one in made if one[0] < killed_at - DELAY_SECONDS * 2]
        served = Served(path)
        there = served.call("/v1/accounts?limit=100")["data"]
        assert [one["id"] for one in there][::-1][-len(kept[-50:]) :] or not kept
        for _, account_id in kept:
            assert served.call(f"/v1/accounts/{account_id}")["id"] == account_id
        made = kept
        served.kill()


def _copied(path: Path, name: str) -> Sandbox:
    """Open what a process that was killed right now would leave behind."""
    copy = path.with_name(name)
    for suffix in ("", "-wal"):
        whole = path.with_name(path.name + suffix)
        copy.with_name(copy.name + suffix).write_bytes(whole.read_bytes())
    return Sandbox(save=copy)


async def test_a_running_sandbox_is_in_its_file_a_moment_later(path: Path) -> None:
    opened = Sandbox(seed=1, at=NOW, deliver=Mailbox(), save=path)
    lifespan = await _start(opened)
    for step in range(10):
        await live_a_little(opened, random.Random(step), 3)  # noqa: S311 - a test's choices
        await asyncio.sleep(DELAY_SECONDS / 4)
        at_any_time = _copied(path, f"copy-{step}.db")
        assert at_any_time.export()
        await at_any_time.close()
    await asyncio.sleep(DELAY_SECONDS * 3)
    a_moment_later = _copied(path, "later.db")
    assert a_moment_later.export() == opened.export()
    await a_moment_later.close()
    lifespan.cancel()
    await opened.close()


async def _start(sandbox: Sandbox) -> "asyncio.Task[None]":
    """Let a sandbox live as under a server."""
    started = asyncio.Event()
    messages = iter([{"type": "lifespan.startup"}])

    async def receive() -> Any:  # noqa: ANN401 - a message of ASGI
        for message in messages:
            return message
        return await asyncio.Event().wait()

    async def send(_message: Any) -> None:  # noqa: ANN401 - as above
        started.set()

    task = asyncio.create_task(sandbox.app({"type": "lifespan"}, receive, send))
    await started.wait()
    return task
