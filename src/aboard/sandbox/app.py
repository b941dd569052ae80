"""The sandbox itself: worlds behind keys, one ASGI app in front of them, webhooks going out.

`Sandbox()` in a test needs no server: drive `sandbox.app` in process and call
`await sandbox.deliver_due()` when webhooks shall go out. Under a server, the app's lifespan
delivers them in the background.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from aboard.sandbox.clock import Clock
from aboard.sandbox.ids import Ids
from aboard.sandbox.transitions import run_agenda
from aboard.sandbox.wire.asgi import Application
from aboard.sandbox.world import Policy, World

if TYPE_CHECKING:
    from aboard.sandbox.delivery import Deliver, Postman
    from aboard.sandbox.visits import DashboardVisit, Visit


class Sandbox:
    """Stripe Connect, local and stateful.

    Any key `sk_test_...`, `rk_test_...`, `sk_live_...` or `rk_live_...` opens a world of its own.

    `seed`: ids and link codes repeat from run to run; without one, codes cannot be guessed.
    `hosted_url`: where links point; by default where the request came to.
    `at`: the clock stands still there (aware) until it is moved.
    `deliver`: sends webhooks in place of real HTTP.
    `review_reads`, `review_seconds`: a verification ends after so many reads of the account, or
    after so long on the clock; by default at once.
    `latency_seconds`: how long every API answer waits, in real time.
    """

    def __init__(
        self,
        *,
        seed: int | None = None,
        hosted_url: str | None = None,
        at: datetime | None = None,
        clock: Clock | None = None,
        deliver: "Deliver | None" = None,
        review_reads: int | None = None,
        review_seconds: int | None = None,
        latency_seconds: float = 0.0,
    ) -> None:
        """Begin with no worlds."""
        self.clock = clock or Clock(at)
        self.policy = Policy(
            review_reads=review_reads,
            review_seconds=review_seconds,
            latency_seconds=latency_seconds,
            hosted_base=None if hosted_url is None else hosted_url.rstrip("/"),
        )
        self.visits: dict[str, Visit | DashboardVisit] = {}
        self._seed = seed
        self._worlds: dict[str, World] = {}
        self._deliver = deliver
        self._postman: Postman | None = None
        self.app: Callable[..., Awaitable[None]] = Application(self)
        self.clock.when_moved(self._wake)

    def world(self, key: str) -> World:
        """Return the world that a secret key opens; it comes into being on first use."""
        world = self._worlds.get(key)
        if world is None:
            seed = None if self._seed is None else f"{self._seed} {key}"
            world = World(key, clock=self.clock, ids=Ids(seed), policy=self.policy)
            world.wake = self._wake
            self._worlds[key] = world
        return world

    @property
    def worlds(self) -> tuple[World, ...]:
        """Return all worlds, in the order they came into being."""
        return tuple(self._worlds.values())

    def world_of(self, account_id: str) -> World | None:
        """Return the world in which an account exists, or existed until it was deauthorised."""
        return next((world for world in self.worlds if account_id in world.accounts), None)

    def tick(self) -> None:
        """Let everything happen whose time on the clock has come, except deliveries."""
        for world in self._worlds.values():
            if world.agenda:
                run_agenda(world)

    def reset(self) -> None:
        """Forget all worlds and visits, and let the clock run with the machine's."""
        self._worlds.clear()
        self.visits.clear()
        self.clock.reset()

    async def deliver_due(self) -> int:
        """Send every webhook that is due by the clock; return how many attempts were made."""
        return await self.postman.deliver_due()

    async def close(self) -> None:
        """Stop delivering and let go of connections."""
        if self._postman is not None:
            await self._postman.close()

    async def start(self) -> None:
        """Deliver in the background from now on; the app's lifespan does this by itself."""
        self.postman.start()

    @property
    def postman(self) -> "Postman":
        """Return the one who delivers webhooks."""
        if self._postman is None:
            from aboard.sandbox.delivery import Postman  # noqa: PLC0415 - only deliveries need it

            self._postman = Postman(self, self._deliver)
        return self._postman

    def _wake(self) -> None:
        if self._postman is not None:
            self._postman.wake()
