"""How do events reach the platform? Signs, sends, tries again, and remembers every attempt.

Source: Stripe's documentation, "Webhooks": signatures, and retries in test and live mode. The
intervals between retries are unpublished; the ones here are listed in LIMITS.md.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aboard.sandbox.events import Attempt, Delivery
from aboard.sandbox.views.v1 import event_view
from aboard.sandbox.world import World
from aboard.sandbox.worlds import Worlds

if TYPE_CHECKING:
    from aiohttp import ClientSession

Deliver = Callable[[str, dict[str, str], bytes], Awaitable[int]]
"""Post a body with headers to a URL and return the status; raise when there is no answer."""

HOUR = 3600
TEST_DELAYS = (1 * HOUR, 3 * HOUR)
LIVE_DELAYS = (300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, *[12 * HOUR] * 4)
TIMEOUT_SECONDS = 10
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
            queues = self._due()
            if not queues:
                return made
            counts = await asyncio.gather(*(self._send_all(*queue) for queue in queues))
            made += sum(counts)

    def _due(self) -> list[tuple[World, list[Delivery]]]:
        now = self._worlds.clock.unix()
        queues: list[tuple[World, list[Delivery]]] = []
        for world in self._worlds:
            by_endpoint: dict[str, list[Delivery]] = {}
            for delivery in list(world.waiting.values()):
                is_due = delivery.next_at is not None and delivery.next_at <= now
                if is_due and not delivery.is_being_sent:
                    by_endpoint.setdefault(delivery.endpoint.id, []).append(delivery)
            queues += [(world, queue) for queue in by_endpoint.values()]
        return queues

    async def _send_all(self, world: World, queue: list[Delivery]) -> int:
        for first in range(0, len(queue), AT_ONCE):
            together = queue[first : first + AT_ONCE]
            await asyncio.gather(*(self.attempt(world, delivery) for delivery in together))
        return len(queue)

    async def attempt(self, world: World, delivery: Delivery) -> Attempt:
        """Try once, whatever the schedule says, and write down what came of it."""
        delivery.is_being_sent = True
        at = world.now()
        body = event_view.payload(world, delivery.event, delivery.endpoint)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": USER_AGENT,
            "Stripe-Signature": sign(body, delivery.endpoint.secret, at),
        }
        try:
            status = await self._deliver(delivery.endpoint.url, headers, body)
        except Exception as problem:  # noqa: BLE001 - a receiver's failure of any kind is a result
            attempt = Attempt(at, None, type(problem).__name__)
        else:
            attempt = Attempt(at, status, None)
        finally:
            delivery.is_being_sent = False
        self._remember(world, delivery, attempt)
        return attempt

    def _remember(self, world: World, delivery: Delivery, attempt: Attempt) -> None:
        was_open = not delivery.has_succeeded
        delivery.attempts.append(attempt)
        if was_open and attempt.is_success:
            delivery.event.pending -= 1
        delays = LIVE_DELAYS if world.livemode else TEST_DELAYS
        tries = len(delivery.attempts)
        is_over = delivery.has_succeeded or tries > len(delays) or delivery.endpoint.is_disabled
        delivery.next_at = None if is_over else attempt.at + delays[tries - 1]
        if is_over:
            world.waiting.pop(delivery.id, None)

    async def _post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        import aiohttp  # noqa: PLC0415 - costs 100 ms, and only real deliveries need it

        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout)
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
        times += [
            delivery.next_at
            for world in self._worlds
            for delivery in world.waiting.values()
            if delivery.next_at is not None
        ]
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
