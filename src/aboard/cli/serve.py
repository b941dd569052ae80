"""`aboard serve` and `aboard work`: the service and its worker, in one process or apart.

Source: docs/self-hosting.md; the four processes in docs/architecture.md.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from socket import socket

from aboard.app import build_app, open_platform
from aboard.cli import servers
from aboard.cli.exits import Exit, Refusal
from aboard.cli.logs import write_log
from aboard.cli.showing import showing
from aboard.core.identity import Registration
from aboard.core.links import LOOPBACK
from aboard.flows.platform import Platform
from aboard.settings import Settings, load_settings
from aboard.webhooks import run_worker


def serve_platform(
    environ: Mapping[str, str], *, host: str | None, port: int | None, has_worker: bool
) -> Exit:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `aboard migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened.
        Refusal: the port cannot be taken.
    """
    settings = load_settings(environ)
    write_log(settings.watching)

    async def serve() -> Exit:
        name = settings.host if host is None else host
        if settings.registration is Registration.OPEN and name not in LOOPBACK:
            raise Refusal(
                "Anybody on the network could register here (ABOARD_REGISTRATION=open).",
                "Take `confirmed` or `closed`, or listen on 127.0.0.1.",
                Exit.USAGE,
            )
        taken = servers.bind(name, settings.port if port is None else port)
        with taken as listener, servers.stop_signals() as stopped:
            async with serving(settings, listener, has_worker=has_worker) as platform:
                print(  # noqa: T201 - a command line speaks by printing
                    f"Aboard on {servers.address_of(name, listener)}"
                    f", sellers come back to {settings.public_url}. Ctrl-C ends it.",
                    flush=True,
                )
                async with showing(platform, settings.watching, settings.watching.port):
                    await stopped.wait()
        return Exit.OK

    return servers.run(serve())


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
        with servers.stop_signals() as stopped:
            async with (
                open_platform(settings) as platform,
                showing(platform, settings.watching, settings.watching.worker_port),
                working(platform),
            ):
                print("Working. Ctrl-C ends it.", flush=True)  # noqa: T201 - a command line speaks
                await stopped.wait()
        return Exit.OK

    return servers.run(work())


@asynccontextmanager
async def serving(
    settings: Settings, listener: socket, *, has_worker: bool
) -> AsyncIterator[Platform]:
    """Serve the application on a bound socket for the length of the block."""
    async with open_platform(settings) as platform:
        app = build_app(platform, settings)
        # What stands now stands for good: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        async with servers.listening(app, listener, settings.trusted_proxies):
            if not has_worker:
                yield platform
                return
            async with working(platform):
                yield platform


@asynccontextmanager
async def working(platform: Platform) -> AsyncIterator[None]:
    """Run the worker for the length of the block, then let it finish what it holds."""
    stopped = asyncio.Event()
    worker = asyncio.create_task(run_worker(platform, stopped))
    try:
        yield
    finally:
        stopped.set()
        await worker
