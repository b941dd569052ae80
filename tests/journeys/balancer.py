"""A small balancer: it asks each service for readiness, and repeats nothing that reached one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from tests.flows.redis_server import free_port

_ASKS_EVERY_SECONDS = 0.1
_KEPT = {"content-type", "stripe-signature", "authorization", "accept"}


@dataclass(slots=True)
class Balancer:
    """Which services are ready, and what became of the requests.

    `broken` had reached a service, `refused` found nobody at the address of one that was ready.
    """

    port: int
    session: aiohttp.ClientSession
    services: Callable[[], Sequence[str]]
    ready: set[str] = field(default_factory=set)
    taken: int = 0
    broken: int = 0
    refused: int = 0
    turned_away: int = 0

    @property
    def address(self) -> str:
        """Return where callers find it."""
        return f"http://127.0.0.1:{self.port}"

    async def watch(self) -> None:
        """Ask every service for its readiness, for ever."""
        while True:
            await asyncio.gather(*(self._ask(address) for address in self.services()))
            await asyncio.sleep(_ASKS_EVERY_SECONDS)

    async def _ask(self, address: str) -> None:
        is_ready = False
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self.session.get(
                f"{address}/v1/health/ready", timeout=aiohttp.ClientTimeout(total=5)
            ) as answer:
                is_ready = answer.status == 200
        (self.ready.add if is_ready else self.ready.discard)(address)

    async def pass_on(self, request: web.Request) -> web.Response:
        """Pass a request on to a service that is ready; to another if there is no connection."""
        body = await request.read()
        headers = {name: told for name, told in request.headers.items() if name.lower() in _KEPT}
        self.taken += 1
        candidates = sorted(self.ready)
        turn = self.taken % len(candidates) if candidates else 0
        for address in candidates[turn:] + candidates[:turn]:
            try:
                async with self.session.request(
                    request.method, address + request.path_qs, data=body, headers=headers
                ) as answer:
                    return web.Response(status=answer.status, body=await answer.read())
            except aiohttp.ClientConnectorError:
                self.refused += 1
                self.ready.discard(address)
            except aiohttp.ClientError:
                self.broken += 1
                return web.Response(status=502)
        self.turned_away += 1
        return web.Response(status=503)


@asynccontextmanager
async def open_balancer(services: Callable[[], Sequence[str]]) -> AsyncIterator[Balancer]:
    """Listen, and keep asking for readiness, for the length of the block."""
    # A connection for each request: what comes back tells whether the request reached anybody.
    connector = aiohttp.TCPConnector(force_close=True, limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        balancer = Balancer(free_port(), session, services)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", balancer.pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", balancer.port).start()
        watching = asyncio.create_task(balancer.watch())
        try:
            yield balancer
        finally:
            watching.cancel()
            await runner.cleanup()
