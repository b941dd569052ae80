"""The sandbox itself: worlds behind keys, one ASGI app in front of them, webhooks going out.

`Sandbox()` in a test needs no server: drive `sandbox.app` in process and call
`await sandbox.deliver_due()` when webhooks shall go out. Under a server, the app's lifespan
delivers them in the background.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aboard.sandbox.asgi import Application
from aboard.sandbox.chaos import NO_CHAOS, Chaos
from aboard.sandbox.clock import Clock
from aboard.sandbox.world import Policy, World, checked_country
from aboard.sandbox.worlds import Worlds

if TYPE_CHECKING:
    from os import PathLike

    from aboard.sandbox.delivery import Deliver, Postman
    from aboard.sandbox.saving.file import SaveFile
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
    `save`: a file that the worlds live in, so that they outlive the process (`close` writes it).
    `is_lenient`: unknown ids come into being when they are first named, for suites that were
    written for stripe-mock.
    `chaos`: what goes wrong on the way of webhooks.
    `platform_country`: where the platforms are at home, in two letters.
    """

    def __init__(  # noqa: PLR0913 - each one a choice of its own, all of them optional
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
        chaos: Chaos = NO_CHAOS,
        is_lenient: bool = False,
        platform_country: str = "US",
        save: "str | PathLike[str] | None" = None,
    ) -> None:
        """Begin with no worlds, or with those that were saved.

        Raises:
            ValueError: Stripe is not in the platform's country.
            aboard.sandbox.saving.kinds.Unreadable: the file is in use, or not ours.
        """
        self.clock = clock or Clock(at)
        self.policy = Policy(
            review_reads=review_reads,
            review_seconds=review_seconds,
            latency_seconds=latency_seconds,
            chaos=chaos,
            is_lenient=is_lenient,
            platform_country=checked_country(platform_country),
            hosted_base=None if hosted_url is None else hosted_url.rstrip("/"),
        )
        self._worlds = Worlds(clock=self.clock, policy=self.policy, seed=seed)
        self._deliver = deliver
        self._postman: Postman | None = None
        self._file: SaveFile | None = None
        if save is not None:
            from aboard.sandbox.saving import file  # noqa: PLC0415 - loads a database

            self._file = file.SaveFile(Path(save), self._worlds)
        self.app = Application(self._worlds, self._get_postman, self._file)

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

    def export(self, key: str | None = None) -> bytes:
        """Write down all worlds, or the one behind a key; the bytes hold secrets, and no key.

        Raises:
            LookupError: there is no world behind the key.
        """
        from aboard.sandbox.saving import lines  # noqa: PLC0415 - only who carries worlds needs it

        one = None if key is None else self._worlds.find(key)
        if key is not None and one is None:
            raise LookupError("there is no world behind this key")
        return lines.export(self._worlds, one)

    def load(self, exported: bytes, key: str | None = None) -> None:
        """Be what was exported; with `key`, its one world becomes the world behind that key.

        Raises:
            aboard.sandbox.saving.kinds.Unreadable: it cannot be read; nothing has changed.
        """
        from aboard.sandbox.saving import lines  # noqa: PLC0415 - only who carries worlds needs it

        lines.load(self._worlds, exported, key)

    def reset(self) -> None:
        """Forget all worlds and visits, and whatever was set since the start, the clock too."""
        self._worlds.reset()

    async def deliver_due(self) -> int:
        """Send every webhook that is due by the clock; return how many attempts were made."""
        return await self._get_postman().deliver_due()

    async def close(self) -> None:
        """Stop delivering, let go of connections, and write what is not saved yet."""
        if self._postman is not None:
            await self._postman.close()
        if self._file is not None:
            self._file.close()

    def _get_postman(self) -> "Postman":
        if self._postman is None:
            from aboard.sandbox.delivery import Postman  # noqa: PLC0415 - only deliveries need it

            self._postman = Postman(self._worlds, self._deliver)
            self._worlds.when_something_is_due(self._postman.wake)
        return self._postman
