"""The sandbox itself: worlds behind keys, one ASGI app in front of them, webhooks going out.

`Sandbox()` in a test needs no server: drive `sandbox.app` in process and call
`await sandbox.deliver_due()` when webhooks shall go out. Under a server, the app's lifespan
delivers them in the background.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from aboard.sandbox.asgi import Application
from aboard.sandbox.clock import Clock
from aboard.sandbox.world import Policy, World
from aboard.sandbox.worlds import Worlds

if TYPE_CHECKING:
    from aboard.sandbox.delivery import Deliver, Postman
    from aboard.sandbox.visits import DashboardVisit, Visit


class Sandbox:
    """Stripe Connect, local and stateful.

    Any key `sk_test_...`, `rk_test_...`, `sk_live_...` or `rk_live_...` opens a world of its own.

    `seed`: ids and link codes repeat from run to run; without one, codes cannot be guessed.
    `hosted_url`: where links point; by default where the request came to.
    `at`: the clock stands still there (aware) until it is moved; `clock`: one of your own.
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
        self._worlds = Worlds(clock=self.clock, policy=self.policy, seed=seed)
        self._deliver = deliver
        self._postman: Postman | None = None
        self.app = Application(self._worlds, self._get_postman)

    @property
    def worlds(self) -> tuple[World, ...]:
        """Return all worlds, in the order they came into being."""
        return tuple(self._worlds)

    @property
    def visits(self) -> "dict[str, Visit | DashboardVisit]":
        """Return who is inside the hosted pages, by the secret id of each visit."""
        return self._worlds.visits

    def world(self, key: str) -> World:
        """Return the world that a secret key opens; it comes into being on first use."""
        return self._worlds.world(key)

    def world_of(self, account_id: str) -> World | None:
        """Return the world in which an account exists, or existed until it was deauthorised."""
        return self._worlds.world_of(account_id)

    def reset(self) -> None:
        """Forget all worlds and visits, and let the clock run with the machine's."""
        self._worlds.reset()

    async def deliver_due(self) -> int:
        """Send every webhook that is due by the clock; return how many attempts were made."""
        return await self._get_postman().deliver_due()

    async def close(self) -> None:
        """Stop delivering and let go of connections."""
        if self._postman is not None:
            await self._postman.close()

    def _get_postman(self) -> "Postman":
        if self._postman is None:
            from aboard.sandbox.delivery import Postman  # noqa: PLC0415 - only deliveries need it

            self._postman = Postman(self._worlds, self._deliver)
            self._worlds.when_something_is_due(self._postman.wake)
        return self._postman
