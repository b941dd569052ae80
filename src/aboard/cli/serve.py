"""`aboard serve` and `aboard work`: the service and its worker, in one process or apart.

Source: docs/self-hosting.md; ADR-0028, deployment; the processes in docs/architecture.md.
"""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from socket import socket

from aboard.app import GATEWAY_PATH, build_app, open_platform
from aboard.cli import servers
from aboard.cli.crew import Crew, refuse_sharing
from aboard.cli.exits import Exit
from aboard.cli.logs import write_log
from aboard.cli.notices import stand_by
from aboard.cli.place import Place
from aboard.cli.showing import showing, taking
from aboard.flows.platform import Platform
from aboard.gateway.listening import StrictProtocol
from aboard.settings import Settings, load_settings
from aboard.webhooks import run_worker


def serve_platform(
    environ: Mapping[str, str],
    place: Place,
    *,
    has_worker: bool,
    is_led: bool = False,
) -> Exit:
    """Serve until Ctrl-C or SIGTERM, then drain; asked twice, leave at once.

    A process that `is_led` also ends when its standard input does: then its leader is gone.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `aboard migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened.
        Refusal: the port cannot be taken, or there is no such socket.
    """
    settings = load_settings(environ)
    write_log(settings.watching)

    async def serve() -> Exit:
        with (
            place.take(environ, settings) as listener,
            taking(settings.watching, settings.watching.port) as figures,
            servers.stop_signals() as stop,
        ):
            if is_led:
                _end_with_leader(stop)
            async with serving(settings, listener, has_worker=has_worker, stop=stop) as platform:
                # The service's own address first: it is what people look for.
                if not is_led:
                    _tell(f"{_where(settings, listener)} Ctrl-C ends it.")
                async with showing(platform, figures):
                    await stand_by(environ, stop)
                    platform.draining.begin()
                    await stop.linger(settings.drain)
        return Exit.OK

    return servers.run(serve())


def lead_processes(
    environ: Mapping[str, str], place: Place, *, processes: int, has_worker: bool
) -> Exit:
    """Serve by several processes on one socket until Ctrl-C or SIGTERM; SIGHUP replaces them.

    Raises:
        SettingsRefused: the settings make no sense.
        Refusal: the port cannot be taken, there is no such socket, the processes cannot share
            the database, or they do not start.
    """
    settings = load_settings(environ)
    write_log(settings.watching)
    refuse_sharing(settings.database.reveal(), processes)

    async def lead() -> Exit:
        with place.take(environ, settings) as listener, servers.stop_signals() as stop:
            crew = Crew(
                environ,
                listener,
                size=processes,
                has_worker=has_worker,
                metrics_port=settings.watching.port,
            )
            async with crew.serving(stop, patience=settings.drain):
                _tell(f"{_where(settings, listener)} Processes: {processes}. Ctrl-C ends them.")
                await stand_by(environ, stop)
        return Exit.OK

    return servers.run(lead())


def work_alone(environ: Mapping[str, str]) -> Exit:
    """Sync accounts that are due until Ctrl-C or SIGTERM, then finish what is under way.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `aboard migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened.
    """
    settings = load_settings(environ)
    write_log(settings.watching)

    async def work() -> Exit:
        with (
            taking(settings.watching, settings.watching.worker_port) as figures,
            servers.stop_signals() as stop,
        ):
            async with (
                open_platform(settings) as platform,
                showing(platform, figures),
                working(platform, stop),
            ):
                _tell("Working. Ctrl-C ends it.")
                await stand_by(environ, stop)
                platform.draining.begin()
        return Exit.OK

    return servers.run(work())


@asynccontextmanager
async def serving(
    settings: Settings, listener: socket, *, has_worker: bool, stop: servers.Stop | None = None
) -> AsyncIterator[Platform]:
    """Serve the application on a bound socket for the length of the block.

    The worker claims nothing more as soon as somebody asks `stop`.
    """
    stop = stop or servers.Stop()
    async with open_platform(settings) as platform:
        app = build_app(platform, settings)
        # What stands now stands for good: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        async with servers.listening(
            app, listener, settings.trusted_proxies, stop=stop, protocol=StrictProtocol
        ):
            if not has_worker:
                yield platform
                return
            async with working(platform, stop):
                yield platform


@asynccontextmanager
async def working(platform: Platform, stop: servers.Stop) -> AsyncIterator[None]:
    """Run the worker until the block ends or somebody asks, then let it finish what it holds."""
    worker = asyncio.create_task(run_worker(platform, stop.asked))
    try:
        yield
    finally:
        stop.asked.set()
        await _finished(worker, stop)


async def _finished(worker: "asyncio.Task[None]", stop: servers.Stop) -> None:
    """Wait for the worker, but not when somebody asks again: what it held runs out by itself."""
    hurried = asyncio.create_task(stop.hurried.wait())
    await asyncio.wait({worker, hurried}, return_when=asyncio.FIRST_COMPLETED)
    hurried.cancel()
    if not worker.done():
        worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker


def _end_with_leader(stop: servers.Stop) -> None:
    loop = asyncio.get_running_loop()

    def ask() -> None:
        loop.remove_reader(sys.stdin)
        stop.asked.set()

    loop.add_reader(sys.stdin, ask)


def _where(settings: Settings, listener: socket) -> str:
    address = servers.address_of(listener.getsockname()[0], listener)
    return (
        f"Aboard on {address}, sellers come back to {settings.public_url}, "
        f"callers of the gateway go to {settings.public_url}{GATEWAY_PATH}."
    )


def _tell(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - a command line speaks by printing
