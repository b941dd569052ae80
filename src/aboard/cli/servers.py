"""How do several servers live in one process, on one event loop, and leave in order?

uvicorn takes over the process's signals for each server it runs. Here the command owns them: it
binds the sockets first, so that every address is known before anything starts, and stops the
servers in the reverse order of their start.

Source: ADR-0003, stack; ADR-0028, deployment; uvicorn's documentation, "Server Behavior".
"""

import asyncio
import errno
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from typing import Any, TypeVar

import uvicorn

from aboard.cli.exits import Refusal

_GRACE_SECONDS = 5
# How long a connection that was just taken may wait for its first words: hundredths of a second.
_LAST_WORDS_HUNDREDTHS = 25
_T = TypeVar("_T")

AsgiApp = Callable[..., Any]


class QuietServer(uvicorn.Server):
    """One server among several: signals belong to the command that started them all."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, hear out those just taken, and let what has begun finish.

        uvicorn hangs up on every connection without a request as soon as it takes no more, also
        on one that was taken a moment ago and whose request is on its way.
        """
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for _ in range(_LAST_WORDS_HUNDREDTHS):
            if not self.server_state.connections or self.force_exit:
                break
            await asyncio.sleep(0.01)
        await super().shutdown()


class Stop:
    """Whether somebody asked this process to end, and whether they asked again."""

    def __init__(self) -> None:
        """Begin unasked."""
        self.asked = asyncio.Event()
        self.hurried = asyncio.Event()

    def ask(self) -> None:
        """Ask to end; a second time, to end without waiting for anything."""
        (self.hurried if self.asked.is_set() else self.asked).set()

    def is_set(self) -> bool:
        """Say whether somebody asked."""
        return self.asked.is_set()

    async def wait(self) -> None:
        """Wait until somebody asks."""
        await self.asked.wait()

    async def rest(self, seconds: float) -> None:
        """Wait so long, or until somebody asks."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.asked.wait(), seconds)

    async def linger(self, longest: timedelta) -> None:
        """Wait so long, or until somebody asks again."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.hurried.wait(), longest.total_seconds())


def bind(host: str, port: int, *, or_free: bool = False) -> socket.socket:
    """Take a port; 0 takes a free one, and so does a busy one with `or_free`.

    Raises:
        Refusal: the port is taken or not ours to take, or there is no such address here.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and or_free:
            return bind(host, 0)
        if error.errno == errno.EADDRINUSE:
            problem = f"Port {port} of {host} is taken."
            raise Refusal(problem, "Stop what listens there, or choose another --port.") from error
        if error.errno == errno.EACCES:
            problem = f"This user may not listen on port {port}."
            raise Refusal(problem, "Choose a --port above 1023.") from error
        problem = f"Cannot listen on {host}: there is no such address on this machine."
        raise Refusal(problem, "Choose another --host, such as 127.0.0.1.") from error


def port_of(listener: socket.socket) -> int:
    """Return the port that was taken."""
    return int(listener.getsockname()[1])


def address_of(host: str, listener: socket.socket) -> str:
    """Return the address as a browser writes it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port_of(listener)}"


@asynccontextmanager
async def listening(
    app: AsgiApp,
    listener: socket.socket,
    trusted_proxies: Sequence[str] = (),
    *,
    stop: Stop | None = None,
    protocol: type[asyncio.Protocol] | None = None,
) -> AsyncIterator[None]:
    """Serve an application on a bound socket for the length of the block, then let it finish.

    No access log: addresses here can be bearer links. Only these proxies are believed about where
    a call comes from. Who asks `stop` a second time ends what has not finished by then. `protocol`
    replaces uvicorn's way of reading requests.
    """
    server = QuietServer(
        uvicorn.Config(
            app,
            access_log=False,
            forwarded_allow_ips=list(trusted_proxies),
            http=protocol or "auto",
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )

    async def hurry() -> None:
        if stop is not None:
            await stop.hurried.wait()
            server.force_exit = True

    serving = asyncio.create_task(server.serve([listener]))
    hurrying = asyncio.create_task(hurry())
    try:
        while not server.started:
            if serving.done():
                await serving
                raise Refusal("A server ended before it began.", "Look at the log above.")
            await asyncio.sleep(0.001)
        yield
    finally:
        server.should_exit = True
        await serving
        hurrying.cancel()


@contextmanager
def stop_signals() -> Iterator[Stop]:
    """Give what Ctrl-C and SIGTERM ask, in place of their usual ends."""
    loop = asyncio.get_running_loop()
    stop = Stop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.ask)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def run(main: Coroutine[Any, Any, _T]) -> _T:
    """Run until done on uvicorn's choice of event loop, which is uvloop where there is one."""
    factory = uvicorn.Config(app="", log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(main)
