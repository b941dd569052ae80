"""All the worlds of one sandbox, the clock they share, and who is inside their pages."""

from collections.abc import Callable, Iterator

from aboard.sandbox.clock import Clock
from aboard.sandbox.ids import Ids
from aboard.sandbox.transitions import run_agenda
from aboard.sandbox.visits import DashboardVisit, Visit
from aboard.sandbox.world import Policy, World


def _nobody() -> None:
    """Wake nobody: nothing delivers yet."""


class Worlds:
    """Worlds behind keys: they come into being on first use and never meet."""

    def __init__(self, *, clock: Clock, policy: Policy, seed: int | None = None) -> None:
        """Begin with none."""
        self.clock = clock
        self.policy = policy
        self.visits: dict[str, Visit | DashboardVisit] = {}
        self._seed = seed
        self._worlds: dict[str, World] = {}
        self._lent: dict[str, tuple[World, str]] = {}
        self._wakes: Callable[[], None] = _nobody
        clock.when_moved(self.wake)

    def __iter__(self) -> Iterator[World]:
        """Go through the worlds in the order they came into being."""
        return iter(tuple(self._worlds.values()))

    def world(self, key: str) -> World:
        """Return the world that a secret key opens; it comes into being on first use."""
        world = self._worlds.get(key)
        if world is None:
            seed = None if self._seed is None else f"{self._seed} {key}"
            world = World(key, clock=self.clock, ids=Ids(seed), policy=self.policy)
            world.wake = self.wake
            self._worlds[key] = world
        return world

    def lend(self, key: str, world: World, account_id: str) -> None:
        """Let a key that OAuth gave out open a world as one connected account."""
        self._lent[key] = (world, account_id)

    def take_back(self, account_id: str) -> None:
        """Forget the keys that OAuth gave out for an account."""
        self._lent = {
            key: (world, lent_to)
            for key, (world, lent_to) in self._lent.items()
            if lent_to != account_id
        }

    def open(self, key: str) -> tuple[World, str | None]:
        """Return the world that a key opens, and the account that the key itself acts as."""
        return self._lent.get(key) or (self.world(key), None)

    def world_of(self, account_id: str) -> World | None:
        """Return the world in which an account exists, or existed until it was deauthorised."""
        return next((world for world in self if account_id in world.accounts), None)

    def wake(self) -> None:
        """Tell whoever delivers webhooks that there may be something to deliver."""
        self._wakes()

    def when_something_is_due(self, wakes: Callable[[], None]) -> None:
        """Call `wakes` from now on when there may be something to deliver."""
        self._wakes = wakes

    def tick(self) -> None:
        """Let everything happen whose time on the clock has come, except deliveries."""
        for world in self._worlds.values():
            if world.agenda:
                run_agenda(world)

    def reset(self) -> None:
        """Forget all worlds and visits, and let the clock run with the machine's."""
        self._worlds.clear()
        self._lent.clear()
        self.visits.clear()
        self.clock.reset()
