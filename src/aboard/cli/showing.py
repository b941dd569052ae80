"""Where do operators look at a process? On a port of its own, if the settings name one.

Source: ADR-0026, operations; docs/operations.md.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aboard.cli import servers
from aboard.flows.platform import Platform
from aboard.settings import Watching

_NAMED = "ABOARD_METRICS_PORT, ABOARD_WORKER_PORT or ABOARD_GATEWAY_METRICS_PORT"


@asynccontextmanager
async def showing(platform: Platform, watching: Watching, port: int | None) -> AsyncIterator[None]:
    """Show figures and health on a port of their own for the length of the block, if there is one.

    Raises:
        Refusal: the port cannot be taken.
    """
    if port is None:
        yield
        return
    from aboard.operations.application import (  # noqa: PLC0415 - costs a start
        METRICS_PATH,
        build_operations,
    )

    with servers.bind(watching.host, port, named=_NAMED) as listener:
        async with servers.listening(build_operations(platform), listener):
            address = servers.address_of(watching.host, listener)
            print(f"Figures on {address}{METRICS_PATH}.", flush=True)  # noqa: T201 - a command line speaks
            yield
