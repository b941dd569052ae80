"""A real Redis for tests, behind a line that can be cut: keys of its own, gone afterwards."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from redis import Redis
from redis.exceptions import RedisError

DATABASE = 9
_SHARED_PORT = 6379
_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Shelf:
    """Where one test may write: an address, and a prefix that nobody else uses."""

    port: int
    prefix: str

    @property
    def address(self) -> str:
        return self.address_at(self.port)

    def address_at(self, port: int) -> str:
        """Return the address of the same database behind another port."""
        return f"redis://{_HOST}:{port}/{DATABASE}"

    def keys(self) -> dict[str, bytes]:
        """Return what is written under the prefix."""
        with Redis.from_url(self.address) as client:
            names = list(client.scan_iter(match=f"{self.prefix}*"))
            return {name.decode(): bytes(client.get(name) or b"") for name in names}

    def forget(self) -> None:
        with Redis.from_url(self.address) as client:
            for name in list(client.scan_iter(match=f"{self.prefix}*")):
                client.delete(name)


def free_port() -> int:
    """Return a port where nobody listens."""
    with socket.socket() as listener:
        listener.bind((_HOST, 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def open_shelf() -> Iterator[Shelf]:
    """Yield a shelf in the Redis of this machine, or in one that is started for it; else skip."""
    with _serve() as port:
        shelf = Shelf(port, f"aboard-test:{uuid4().hex}")
        try:
            yield shelf
        finally:
            shelf.forget()


@contextmanager
def _serve() -> Iterator[int]:
    if _answers(_SHARED_PORT):
        yield _SHARED_PORT
        return
    with own_redis() as redis:
        yield redis.port


@dataclass
class OwnRedis:
    """A Redis of one test's own, which can be stopped and started again on its port."""

    program: str
    port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"redis://{_HOST}:{self.port}/0"

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        where = ["--port", str(self.port), "--bind", _HOST]
        command = [self.program, *where, "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - found
        while not _answers(self.port):
            assert self._process.poll() is None, "redis-server ended"

    def stop(self) -> None:
        """End it, with everything it knew."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None


@contextmanager
def own_redis() -> Iterator[OwnRedis]:
    """Yield a Redis that was started for this test; skip where there is no redis-server."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine to start one")
    redis = OwnRedis(program)
    redis.start()
    try:
        yield redis
    finally:
        redis.stop()


def _answers(port: int) -> bool:
    # By its address: a client that is made otherwise tries again for seconds.
    address = f"redis://{_HOST}:{port}"
    with suppress(RedisError), Redis.from_url(address, socket_timeout=5) as client:
        return bool(client.ping())
    return False


@dataclass
class Line:
    """A road to Redis on a port of its own. `cut` ends it; `mend` opens it on the same port.

    While `is_silent` it takes connections and words, and hands nothing on.
    """

    behind: int
    port: int = field(default_factory=free_port)
    is_silent: bool = False
    opened: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._join, _HOST, self.port)

    async def cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(_HOST, self.behind)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(reader, back))
                group.create_task(self._pass_on(there, writer))
        finally:
            for each in (writer, back):
                each.close()
                with suppress(OSError):
                    await each.wait_closed()

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while words := await source.read(65_536):
                if not self.is_silent:
                    target.write(words)
                    await target.drain()
            target.close()


@asynccontextmanager
async def open_line(shelf: Shelf) -> AsyncIterator[Line]:
    """Yield a line to the shelf's Redis that works until it is cut."""
    line = Line(shelf.port)
    await line.mend()
    try:
        yield line
    finally:
        await line.cut()
