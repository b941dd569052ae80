"""All the worlds of one sandbox, the clock they share, and who is inside their pages."""

from collections.abc import Callable, Iterator

from msgspec import structs

from aboard.sandbox.clock import Clock
from aboard.sandbox.faults import Faults
from aboard.sandbox.grants import find_holder
from aboard.sandbox.ids import Ids
from aboard.sandbox.ledger import Keeper
from aboard.sandbox.transitions import run_agenda
from aboard.sandbox.visits import DashboardVisit, Visit
from aboard.sandbox.wire.keys import seal_of
from aboard.sandbox.world import Policy, World


def _nobody() -> None:
    """Wake nobody: nothing delivers yet."""


class Worlds:
    """Worlds behind keys: they come into being on first use and never meet."""

    def __init__(self, *, clock: Clock, policy: Policy, seed: int | None = None) -> None:
        """Begin with none."""
        self.clock = clock
        self.policy = policy
        self._policy_at_start = structs.replace(policy)
        self.visits: dict[str, Visit | DashboardVisit] = {}
        self.faults = Faults()
        self.seed = seed
        """What the ids of worlds that come into being from now on repeat with, if anything."""
        self._worlds: dict[str, World] = {}
        self._wakes: Callable[[], None] = _nobody
        self._new_keeper: Callable[[], Keeper | None] = _nobody
        clock.when_moved(self.wake)

    def __iter__(self) -> Iterator[World]:
        """Go through the worlds in the order they came into being."""
        return iter(tuple(self._worlds.values()))

    def world(self, key: str) -> World:
        """Return the world that a secret key opens; it comes into being on first use."""
        seal = seal_of(key)
        world = self._worlds.get(seal)
        if world is None:
            world = self._worlds[seal] = self.make(seal)
        return world

    def find(self, key: str) -> World | None:
        """Return the world that a secret key opens, if it came into being already."""
        return self._worlds.get(seal_of(key))

    def make(self, seal: str, policy: Policy | None = None, keeper: Keeper | None = None) -> World:
        """Return a new world that no key opens yet; `adopt` puts it behind its own."""
        seed = None if self.seed is None else f"{self.seed} {seal}"
        world = World(
            seal,
            clock=self.clock,
            ids=Ids(seed),
            policy=policy or self.policy,
            keeper=keeper or self._new_keeper(),
        )
        world.wake = self.wake
        return world

    def keep(self, new_keeper: Callable[[], Keeper]) -> None:
        """Let the worlds that come into being from now on each have a keeper."""
        self._new_keeper = new_keeper

    def adopt(self, world: World) -> None:
        """Put a world behind its key.

        A world that was there gives way, and whoever is inside its pages is turned out.
        """
        before = self._worlds.get(world.seal)
        if before is not None:
            for visit_id, visit in list(self.visits.items()):
                if visit.world is before:
                    del self.visits[visit_id]
        self._worlds[world.seal] = world
        self.wake()

    def open(self, key: str) -> tuple[World, str | None]:
        """Return the world that a key opens, and the account that the key itself acts as.

        Raises:
            StripeError: OAuth gave the key out, and it was taken back since.
        """
        if seal_of(key) not in self._worlds:
            for world in self._worlds.values():
                account_id = find_holder(world, key)
                if account_id is not None:
                    return world, account_id
        return self.world(key), None

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
        """Forget all worlds and visits, and whatever was set since the start."""
        self._worlds.clear()
        self.visits.clear()
        self.faults.clear()
        self.clock.reset()
        for name in self.policy.__struct_fields__:
            setattr(self.policy, name, getattr(self._policy_at_start, name))
