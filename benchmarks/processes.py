"""How is a server started on a core of its own, and what did it cost? Linux's /proc knows.

The server under test has one core, the load and everything behind it the other one.
"""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import randrange

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_START_SECONDS = 30.0
_PORTS = (20_000, 32_000)


class ServerFailed(Exception):
    """A process did not come up; carries the end of what it said."""


def cores() -> tuple[int, int]:
    """Return the core of the server and the core of the load; the same one when there is one."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


@contextmanager
def pinned(core: int) -> Generator[None]:
    """Run on one core meanwhile; processes that are started here stay there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_port() -> int:
    """Return a loopback port that was free a moment ago.

    From below the range that the kernel gives out by itself, so that nobody is given it meanwhile.
    """
    while True:
        port = randrange(*_PORTS)  # noqa: S311 - a port is no secret
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def cpu_seconds(pid: int) -> float:
    """Return what a process and its living descendants have burnt, dead children included.

    The resolution is the kernel's tick, usually 10 ms.
    """
    return sum(_ticks(member) for member in _tree(pid)) / _TICKS_A_SECOND


def _ticks(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it ended between listing and reading
    fields = stat.rpartition(")")[2].split()
    return sum(int(fields[place]) for place in range(11, 15))  # utime, stime, cutime, cstime


def _tree(pid: int) -> list[int]:
    members = [pid]
    for member in members:
        for tasks in Path(f"/proc/{member}/task").glob("*/children"):
            try:
                members.extend(int(child) for child in tasks.read_text().split())
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended between listing and reading
    return members


class Server:
    """A process that listens on a loopback port, pinned to one core."""

    def __init__(self, name: str, command: Sequence[str], *, core: int, port: int) -> None:
        """Describe the server; nothing is started yet."""
        self.name = name
        self.command = tuple(command)
        self.core = core
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server

    def start(self, environ: Mapping[str, str], *, folder: Path) -> None:
        """Start the process with exactly these additions to the environment."""
        with pinned(self.core):
            self._process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                cwd=folder,
                env={**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until the port takes connections.

        Raises:
            ServerFailed: the process ended, or did not listen within 30 seconds.
        """
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._running().poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.002)
        raise ServerFailed(f"{self.name} did not come up:\n{self._last_words()}")

    def wait_for_words(self, words: bytes) -> None:
        """Wait until the process has said this, where it listens to nobody.

        Raises:
            ServerFailed: the process ended, or did not say it within 30 seconds.
        """
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if words in self._all_words():
                return
            if self._running().poll() is not None:
                break
            time.sleep(0.01)
        raise ServerFailed(f"{self.name} did not come up:\n{self._last_words()}")

    @property
    def pid(self) -> int:
        """Return the number of the process that was started."""
        return self._running().pid

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of the process tree so far."""
        return cpu_seconds(self._running().pid)

    def is_on(self, core: int) -> bool:
        """Say whether every process of the tree runs on this core alone."""
        found: list[set[int]] = []
        for member in _tree(self._running().pid):
            with suppress(ProcessLookupError):  # ended meanwhile, as PostgreSQL's do
                found.append(os.sched_getaffinity(member))
        return bool(found) and all(each == {core} for each in found)

    def stop(self) -> None:
        """End the process and everything it started; harmless when it never ran."""
        if self._process is not None:
            for ending in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(self._process.pid, ending)
                    self._process.wait(timeout=5)
                except ProcessLookupError:
                    pass  # gone already
                except subprocess.TimeoutExpired:
                    continue
                break
            self._process.wait()
            self._process = None
        self._said.close()

    def kill(self) -> None:
        """End the whole process group at once, as a power cut would: nobody finishes anything."""
        os.killpg(self._running().pid, signal.SIGKILL)
        self._running().wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ServerFailed(f"{self.name} was not started")
        return self._process

    def _last_words(self) -> str:
        return self._all_words()[-4000:].decode(errors="replace")

    def _all_words(self) -> bytes:
        # By place, not by seeking: the process writes at the same file's end.
        size = os.fstat(self._said.fileno()).st_size
        return os.pread(self._said.fileno(), size, 0)
