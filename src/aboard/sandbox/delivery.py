"""How do events reach the platform? Signs, sends, tries again, and remembers every attempt.

Source: Stripe's documentation, "Webhooks": signatures, and retries in test and live mode. The
intervals between retries are unpublished; the ones here are listed in LIMITS.md.
"""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from aboard.sandbox.chaos import Chaos
from aboard.sandbox.destinations import Destination
from aboard.sandbox.emit import find_endpoint
from aboard.sandbox.events import Attempt, Delivery, Endpoint, Event
from aboard.sandbox.views.v1 import event_view
from aboard.sandbox.views.v2 import event_view as thin_event_view
from aboard.sandbox.world import World
from aboard.sandbox.worlds import Worlds

if TYPE_CHECKING:
    from aiohttp import ClientSession

Deliver = Callable[[str, dict[str, str], bytes], Awaitable[int]]
"""Post a body with headers to a URL and return the status; raise when there is no answer."""

HOUR = 3600
TEST_DELAYS = (1 * HOUR, 3 * HOUR)
LIVE_DELAYS = (300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, *[12 * HOUR] * 4)
AT_ONCE = 8
USER_AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"
_LONGEST_SLEEP_SECONDS = 30.0


def sign(payload: bytes, secret: str, at: int) -> str:
    """Return the `Stripe-Signature` header of a payload sent at `at` (unix seconds)."""
    digest = hmac.digest(secret.encode(), b"%d.%s" % (at, payload), "sha256")
    return f"t={at},v1={digest.hex()}"


class Postman:
    """Carries deliveries of all worlds: endpoints side by side, a few at once to each.

    They are begun in order and may arrive in another, as Stripe's do.
    """

    def __init__(self, worlds: Worlds, deliver: Deliver | None) -> None:
        """Send by `deliver`, or by real HTTP."""
        self._worlds = worlds
        self._deliver = deliver or self._post
        self._session: ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._bell = asyncio.Event()

    async def deliver_due(self) -> int:
        """Make every attempt that is due by the clock, also those that become due meanwhile."""
        made = 0
        while True:
            self._worlds.tick()
            queues = self._take_due()
            if not queues:
                return made
            try:
                counts = await asyncio.gather(*(self._send_all(*queue) for queue in queues))
            finally:
                _give_back(queues)
            made += sum(counts)

    def _take_due(self) -> list[tuple[World, Chaos, list[Delivery]]]:
        now = self._worlds.clock.unix()
        queues: list[tuple[World, Chaos, list[Delivery]]] = []
        for world in self._worlds:
            by_endpoint: dict[str, list[Delivery]] = {}
            for delivery in world.deliveries.take_due(now):
                by_endpoint.setdefault(delivery.endpoint_id, []).append(delivery)
            for queue in by_endpoint.values():
                endpoint = _endpoint_of(world, queue[0])
                chaos = endpoint.chaos if endpoint is not None else None
                queues.append((world, chaos or world.policy.chaos, queue))
        return queues

    async def _send_all(self, world: World, chaos: Chaos, queue: list[Delivery]) -> int:
        made = 0
        waiting = queue[::-1] if chaos.is_reversed else queue[:]
        together = 1 if chaos.is_reversed else AT_ONCE
        while waiting:
            begun, waiting = waiting[:together], waiting[together:]
            tries = await asyncio.gather(*(self._try(world, chaos, each) for each in begun))
            made += sum(tries)
        return made

    async def _try(self, world: World, chaos: Chaos, delivery: Delivery) -> bool:
        """Try once because it is due, and say when it is tried again."""
        if delivery.next_at is None:
            return False
        attempt = await self._attempt(world, chaos, delivery)
        delays = LIVE_DELAYS if world.livemode else TEST_DELAYS
        tries = sum(not each.is_manual for each in delivery.attempts)
        if delivery.next_at is not None:  # meanwhile the endpoint may have been switched off
            delivery.next_at = None
            if attempt is not None and not attempt.is_success and tries <= len(delays):
                delivery.next_at = attempt.at + delays[tries - 1]
            world.deliveries.shelf.touch(delivery.id)
            world.deliveries.schedule(delivery)
        return attempt is not None

    async def resend(self, world: World, delivery: Delivery) -> Attempt | None:
        """Try once more, now, whatever the schedule says; what is scheduled stays so."""
        endpoint = _endpoint_of(world, delivery)
        chaos = world.policy.chaos if endpoint is None else endpoint.chaos or world.policy.chaos
        return await self._attempt(world, chaos, delivery, is_manual=True)

    async def _attempt(
        self, world: World, chaos: Chaos, delivery: Delivery, *, is_manual: bool = False
    ) -> Attempt | None:
        """Try once and write down what came of it; nothing when event or endpoint are gone."""
        endpoint = _endpoint_of(world, delivery)
        event = world.shelf(Event, delivery.account_id).get(delivery.event_id)
        if endpoint is None or endpoint.is_disabled or event is None:
            return None
        if chaos.slow_seconds:
            await asyncio.sleep(chaos.slow_seconds)
        at = world.now()
        body = _body(world, event, endpoint)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": USER_AGENT,
            "Stripe-Signature": sign(body, endpoint.secret, at),
        }
        status, failure = None, None
        began = time.perf_counter()
        try:
            async with asyncio.timeout(world.policy.receiver_seconds):
                status = await self._deliver(endpoint.url, headers, body)
        except Exception as problem:  # noqa: BLE001 - a receiver's failure of any kind is a result
            failure = type(problem).__name__
        took = round((time.perf_counter() - began) * 1000)
        attempt = Attempt(at, status, failure, took, is_manual)
        if attempt.is_success and not delivery.has_succeeded and not delivery.is_extra:
            event.pending -= 1
            world.shelf(Event, delivery.account_id).touch(event.id)
        delivery.attempts.append(attempt)
        world.deliveries.shelf.touch(delivery.id)
        return attempt

    async def _post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        import aiohttp  # noqa: PLC0415 - costs 100 ms, and only real deliveries need it

        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(
            url, data=body, headers=headers, allow_redirects=False
        ) as response:
            return response.status

    def start(self) -> None:
        """Deliver in the background of the running loop."""
        if self._task is None:
            self._loop = asyncio.get_running_loop()
            self._bell = asyncio.Event()
            self._task = self._loop.create_task(self._run())

    def wake(self) -> None:
        """Look for due deliveries now; may be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._bell.set)

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            await self.deliver_due()
            try:
                await asyncio.wait_for(self._bell.wait(), self._sleep_seconds())
            except TimeoutError:
                continue

    def _sleep_seconds(self) -> float:
        if self._worlds.clock.is_frozen:
            return _LONGEST_SLEEP_SECONDS
        times = [world.agenda[0][0] for world in self._worlds if world.agenda]
        times += [at for world in self._worlds if (at := world.deliveries.next_at()) is not None]
        if not times:
            return _LONGEST_SLEEP_SECONDS
        wait = min(times) - self._worlds.clock.exact()
        return min(max(wait, 0.01), _LONGEST_SLEEP_SECONDS)

    async def close(self) -> None:
        """Stop, and close the HTTP session."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
            self._loop = None
        if self._session is not None:
            await self._session.close()
            self._session = None


def _endpoint_of(world: World, delivery: Delivery) -> Endpoint | None:
    return find_endpoint(world, delivery.endpoint_id, delivery.endpoint_owner)


def _body(world: World, event: Event, endpoint: Endpoint) -> bytes:
    if isinstance(endpoint, Destination) and endpoint.takes_thin(event.kind):
        return thin_event_view.payload(world, event, endpoint)
    return event_view.payload(world, event, endpoint)


def _give_back(queues: Iterable[tuple[World, Chaos, list[Delivery]]]) -> None:
    """Put back what was taken and not tried, because somebody stopped us."""
    for world, _, queue in queues:
        now = world.now()
        for delivery in queue:
            if delivery.next_at is not None and delivery.next_at <= now:
                world.deliveries.schedule(delivery)
