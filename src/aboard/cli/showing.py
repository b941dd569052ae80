"""Where do operators look at a process? On a port of its own, if the settings name one.

Source: ADR-0026, operations; docs/operations.md.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from socket import socket

from aboard.cli import servers
from aboard.flows.platform import Platform
from aboard.settings import Watching

_NAMED = "ABOARD_METRICS_PORT, ABOARD_WORKER_PORT or ABOARD_GATEWAY_METRICS_PORT"


@contextmanager
def taking(watching: Watching, port: int | None) -> Iterator[socket | None]:
    """Take the port that operators look at, before anything else starts; None if there is none.

    Raises:
        Refusal: the port cannot be taken.
    """
    if port is None:
        yield None
        return
    with servers.bind(watching.host, port, named=_NAMED) as listener:
        yield listener


@asynccontextmanager
async def showing(platform: Platform, listener: socket | None) -> AsyncIterator[None]:
    """Show figures and health on a bound socket for the length of the block, if there is one."""
    if listener is None:
        yield
        return
    from aboard.operations.application import (  # noqa: PLC0415 - costs a start
        METRICS_PATH,
        build_operations,
    )

    async with servers.listening(build_operations(platform), listener):
        address = servers.address_of(listener.getsockname()[0], listener)
        print(f"Figures on {address}{METRICS_PATH}.", flush=True)  # noqa: T201 - a command line speaks
        yield
