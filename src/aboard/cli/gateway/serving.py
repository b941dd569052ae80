"""`aboard gateway serve`: the gateway alone, on a port of its own, with Stripe's paths at the root.

Some of Stripe's libraries can be told a host and a port, but no path before `/v1`.

Source: docs/gateway/index.md; ADR-0029, the gateway.
"""

import gc
from collections.abc import Mapping

from aboard.app import build_gateway, open_platform
from aboard.cli import servers
from aboard.cli.exits import Exit
from aboard.cli.logs import write_log
from aboard.cli.notices import stand_by
from aboard.cli.showing import showing, taking
from aboard.gateway.listening import GatewayProtocol
from aboard.settings import load_settings


def serve_gateway(environ: Mapping[str, str], *, host: str | None, port: int | None) -> Exit:
    """Serve until Ctrl-C or SIGTERM, then drain; asked twice, leave at once.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `aboard migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened.
        Refusal: the port cannot be taken.
    """
    settings = load_settings(environ)
    write_log(settings.watching)
    terms = settings.gateway

    async def serve() -> Exit:
        with (
            servers.bind(
                terms.host if host is None else host, terms.port if port is None else port
            ) as listener,
            taking(settings.watching, settings.watching.gateway_port) as figures,
            servers.stop_signals() as stop,
        ):
            async with (
                open_platform(settings) as platform,
                showing(platform, figures),
            ):
                app = build_gateway(platform)
                # What stands now stands for good: the collector need not look at it again.
                gc.collect()
                gc.freeze()
                async with servers.listening(
                    app, listener, settings.trusted_proxies, stop=stop, protocol=GatewayProtocol
                ):
                    address = servers.address_of(listener.getsockname()[0], listener)
                    print(f"Gateway on {address}. Ctrl-C ends it.", flush=True)  # noqa: T201 - a command line speaks
                    await stand_by(environ, stop)
                    platform.draining.begin()
                    await stop.linger(settings.drain)
        return Exit.OK

    return servers.run(serve())
