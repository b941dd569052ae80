"""How do several processes serve one socket, and how are they replaced without losing a caller?

One process leads and serves nothing. It opens the socket once and starts the others, which take
connections from its queue; so the socket outlives each of them. SIGHUP replaces them one by one:
a new one serves before an old one drains, and where the new one does not start, the old ones stay.

Source: ADR-0028, deployment.
"""

import asyncio
import logging
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aboard.cli.exits import Exit, Refusal
from aboard.cli.notices import READY
from aboard.cli.servers import Stop

_START_SECONDS = 60.0
# Beyond the time that a process drains: its bound for what is under way, and some.
_END_SECONDS = 30.0
_STEADY_SECONDS = 10.0
_LONGEST_REST_SECONDS = 30.0

_log = logging.getLogger("aboard.cli")


def refuse_sharing(database: str, processes: int) -> None:
    """Refuse more than one process over a SQLite file: they would only wait for each other.

    Raises:
        Refusal: with what to do instead.
    """
    if processes > 1 and not database.startswith("postgres"):
        raise Refusal(
            "Several processes over one SQLite file wait for each other at every write.",
            "Take PostgreSQL (docs/scaling.md), or --processes 1, which SIGHUP can replace.",
            Exit.USAGE,
        )


@dataclass(slots=True)
class Member:
    """One process that serves."""

    process: Process
    slot: int
    began: float
    is_leaving: bool = False


class Crew:
    """The processes over one socket, and whoever starts them anew."""

    def __init__(
        self,
        environ: Mapping[str, str],
        listener: socket.socket,
        *,
        size: int,
        has_worker: bool,
        metrics_port: int | None = None,
    ) -> None:
        """Take what every process is started with.

        Each shows its figures on a port of its own: `metrics_port` and those that follow, one
        more than there are processes, because a new one starts before an old one has ended.
        """
        # What systemd said was said to this process.
        self._environ = {
            name: value for name, value in environ.items() if not name.startswith("LISTEN_")
        }
        self._listener = listener
        self._size = size
        self._metrics_port = metrics_port
        self._command = [sys.executable, "-m", "aboard.cli", "serve", "--led"]
        self._command += ["--fd", str(listener.fileno())]
        if not has_worker:
            self._command.append("--no-worker")
        self._patience_seconds = _END_SECONDS
        self._members: list[Member] = []
        self._taken: set[int] = set()
        self._keepers: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def serving(self, stop: Stop, *, patience: timedelta) -> AsyncIterator[None]:
        """Serve for the length of the block, then let every process drain.

        `patience` is how long they serve on before they finish; beyond that each has half a
        minute, and who asks `stop` again gives them none.

        Raises:
            Refusal: a process does not start.
        """
        self._patience_seconds = patience.total_seconds() + _END_SECONDS
        self._listener.set_inheritable(True)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, lambda: self._keep(self._replace(stop)))
        try:
            # One first: what keeps one from starting keeps them all, and is told once.
            first = [await self._start()]
            others = (self._start() for _ in range(self._size - 1) if first[0] is not None)
            for started in first + await asyncio.gather(*others):
                if started is None:
                    raise Refusal("A process did not start.", "Look at the lines above.")
                self._join(started, stop)
            yield
        finally:
            stop.asked.set()
            loop.remove_signal_handler(signal.SIGHUP)
            await self._end_all(stop)

    async def _start(self) -> Member | None:
        """Start one process and wait until it serves; None when it does not."""
        slot = min(set(range(2 * self._size + 1)) - self._taken)
        self._taken.add(slot)
        with TemporaryDirectory(prefix="aboard-") as folder:
            path = str(Path(folder) / "notices")
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
                notices.bind(path)
                notices.setblocking(False)
                process = await asyncio.create_subprocess_exec(
                    *self._command,
                    env={**self._environ, **self._environ_of(slot), "NOTIFY_SOCKET": path},
                    stdin=asyncio.subprocess.PIPE,
                    pass_fds=(self._listener.fileno(),),
                    # Ctrl-C is the leader's to pass on, once.
                    start_new_session=True,
                )
                member = Member(process, slot, asyncio.get_running_loop().time())
                self._members.append(member)
                if await _said_ready(process, notices):
                    return member
        member.is_leaving = True
        await self._end(member)
        return None

    def _join(self, member: Member, stop: Stop) -> None:
        self._keep(self._watch(member, stop))

    async def _watch(self, member: Member, stop: Stop) -> None:
        """Start another process when this one ends unasked, with growing pauses."""
        code = await member.process.wait()
        self._forget(member)
        lived = asyncio.get_running_loop().time() - member.began
        rest = 0.0 if lived >= _STEADY_SECONDS else 1.0
        while not (member.is_leaving or stop.is_set()):
            _log.error("process.ended code=%s retry_seconds=%.0f", code, rest)
            await stop.rest(rest)
            if stop.is_set():
                return
            another = await self._start()
            if another is not None:
                self._join(another, stop)
                return
            rest = min(max(1.0, 2 * rest), _LONGEST_REST_SECONDS)

    async def _replace(self, stop: Stop) -> None:
        """Replace each process by a new one; stop at the first that does not start."""
        async with self._turn:
            for old in [member for member in self._members if not member.is_leaving]:
                if stop.is_set():
                    return
                new = await self._start()
                if new is None:
                    _log.error("process.refused the older ones go on; see above why")
                    return
                self._join(new, stop)
                old.is_leaving = True
                await self._end(old)
            _log.info("process.replaced count=%d", self._size)

    async def _end_all(self, stop: Stop) -> None:
        for member in self._members:
            member.is_leaving = True
        hurry = asyncio.create_task(self._hurry(stop))
        await asyncio.gather(*(self._end(member) for member in list(self._members)))
        hurry.cancel()
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def _hurry(self, stop: Stop) -> None:
        await stop.hurried.wait()
        for member in self._members:
            _send(member.process, signal.SIGTERM)

    async def _end(self, member: Member) -> None:
        """Let a process drain; kill it when that takes longer than it may."""
        _send(member.process, signal.SIGTERM)
        try:
            await asyncio.wait_for(member.process.wait(), self._patience_seconds)
        except TimeoutError:
            _log.error("process.killed after %.0f seconds", self._patience_seconds)
            _send(member.process, signal.SIGKILL)
            await member.process.wait()
        self._forget(member)

    def _forget(self, member: Member) -> None:
        if member in self._members:
            self._members.remove(member)
            self._taken.discard(member.slot)

    def _environ_of(self, slot: int) -> dict[str, str]:
        if not self._metrics_port:
            return {}
        return {"ABOARD_METRICS_PORT": str(self._metrics_port + slot)}

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        keeper = asyncio.create_task(work)
        self._keepers.add(keeper)
        keeper.add_done_callback(self._keepers.discard)


async def _said_ready(process: Process, notices: socket.socket) -> bool:
    """Wait until the process says that it serves; False when it ends, or takes too long."""
    ended = asyncio.create_task(process.wait())
    ready = asyncio.create_task(_hear_ready(notices))
    await asyncio.wait({ended, ready}, timeout=_START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    is_ready = ready.done()
    for task in (ended, ready):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return is_ready


async def _hear_ready(notices: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    heard = asyncio.Event()
    loop.add_reader(notices, heard.set)
    try:
        while True:
            await heard.wait()
            heard.clear()
            with suppress(BlockingIOError):
                if READY in notices.recv(4096).decode("utf-8", "replace").split("\n"):
                    return
    finally:
        loop.remove_reader(notices)


def _send(process: Process, number: int) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(number)
