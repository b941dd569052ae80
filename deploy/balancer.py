"""A balancer for a trial, in the standard library alone: `python3 balancer.py PORT SERVICE...`.

It asks each service for /v1/health/ready ten times a second, and hands every new connection to
the next one that is ready. It is no nginx: it knows connections, not requests.

Source: docs/scaling.md.
"""

import asyncio
import sys
from contextlib import suppress
from itertools import count

_READY = b"GET /v1/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connect(port: int) -> Line:
    """Connect to a service on this machine."""
    return await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 2)


async def watch(port: int, ready: dict[int, bool]) -> None:
    """Keep asking one service whether it is ready."""
    while True:
        try:
            reader, writer = await connect(port)
            writer.write(_READY)
            ready[port] = b" 200 " in await asyncio.wait_for(reader.readline(), 5)
            writer.close()
        except (OSError, TimeoutError):
            ready[port] = False
        await asyncio.sleep(0.1)


async def hand_over(client: Line, turn: int, ready: dict[int, bool]) -> None:
    """Join one connection with the next service that is ready, until either side ends it."""
    able = [port for port, is_ready in ready.items() if is_ready]
    for each in range(len(able)):
        with suppress(OSError, TimeoutError):
            service = await connect(able[(turn + each) % len(able)])
            await asyncio.gather(pass_on(client, service), pass_on(service, client))
            service[1].close()
            break
    client[1].close()


async def pass_on(source: Line, target: Line) -> None:
    """Pass on what one side says, then let the other side know that it has ended."""
    with suppress(OSError):
        while words := await source[0].read(65_536):
            target[1].write(words)
            await target[1].drain()
        target[1].write_eof()


async def main(port: int, services: list[int]) -> None:
    """Listen until Ctrl-C."""
    ready: dict[int, bool] = {}
    turns = count()
    watching = [asyncio.create_task(watch(service, ready)) for service in services]
    server = await asyncio.start_server(
        lambda reader, writer: hand_over((reader, writer), next(turns), ready), "127.0.0.1", port
    )
    async with server:
        await asyncio.gather(server.serve_forever(), *watching)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(int(sys.argv[1]), [int(port) for port in sys.argv[2:]]))
