"""What exists for one platform in one mode? All state of the sandbox, world by world.

A world belongs to one secret key: the same key opens the same world, another key another one,
so test and live never meet. Everything is in memory and plain; the views and rules around it
hold no state of their own.
"""

import heapq
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from aboard.sandbox.account import STANDARD, Account
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.chaos import NO_CHAOS, Chaos
from aboard.sandbox.clock import Clock
from aboard.sandbox.events import Cause, Delivery, Event
from aboard.sandbox.ids import Ids
from aboard.sandbox.ledger import Keeper, Ledger
from aboard.sandbox.links import Link, LoginLink
from aboard.sandbox.outbox import Outbox
from aboard.sandbox.shelves import EVERY, Shelves
from aboard.sandbox.wire import v2
from aboard.sandbox.wire.idempotency import Replies, Reply

T = TypeVar("T")

REQUESTS_REMEMBERED = 1000
NEWS_REMEMBERED = 1000


def _nobody() -> None:
    """Wake nobody: nothing delivers yet."""


class Policy(Struct):
    """How the sandbox behaves where Stripe's behaviour is a matter of luck or time."""

    review_reads: int | None = None
    """A review ends after the account was read so often."""
    review_seconds: int | None = None
    """A review ends after so long on the clock. Both `None`: it ends at once."""
    latency_seconds: float = 0.0
    """How long every API answer waits (real time)."""
    hosted_base: str | None = None
    """Where links point, without a slash at the end; `None`: where the request came to."""
    is_lenient: bool = False
    """An unknown id comes into being when it is first named."""
    chaos: Chaos = NO_CHAOS
    """What goes wrong on the way to endpoints that have no chaos of their own."""
    platform_country: str = "US"
    """Where platforms are at home; in France details of accounts come in tokens only."""
    receiver_seconds: float = 10.0
    """How long a receiver of webhooks may take (real time)."""


def checked_country(country: str) -> str:
    """Return the code of a country in which Stripe is.

    Raises:
        ValueError: it is not there.
    """
    if country not in COUNTRIES:
        raise ValueError(f"Stripe is not in {country!r}: give one of {', '.join(COUNTRIES)}.")
    return country


class RequestRow(Struct, frozen=True):
    """One request as the log remembers it: no bodies, no keys, no query."""

    id: str
    at: int
    method: str
    path: str
    account_id: str | None
    status: int
    code: str | None


class World:
    """One platform's world in one mode."""

    __slots__ = (
        "accounts",
        "agenda",
        "application_id",
        "cause",
        "clock",
        "conjured",
        "deliveries",
        "ids",
        "keeper",
        "links",
        "livemode",
        "login_links",
        "news",
        "platform",
        "policy",
        "replies",
        "replies_v2",
        "requests",
        "seal",
        "shelves",
        "swept_at",
        "wake",
    )

    def __init__(
        self, seal: str, *, clock: Clock, ids: Ids, policy: Policy, keeper: Keeper | None = None
    ) -> None:
        """Begin with nothing but the platform's own account and application."""
        self.seal = seal
        """What stands for the key that opens it (`wire.keys.seal_of`)."""
        self.livemode = seal.startswith(("sk_live_", "rk_live_"))
        self.clock = clock
        self.ids = ids
        self.policy = policy
        self.keeper = keeper
        """Who keeps it beyond this process, if anybody does."""
        self.shelves = Shelves(keeper)
        """Everything that there is, by kind and owner."""
        self.accounts: Ledger[Account] = self.shelves.of(Account, EVERY)
        self.links: Ledger[Link] = self.shelves.of(Link, EVERY)
        self.login_links: Ledger[LoginLink] = self.shelves.of(LoginLink, EVERY)
        self.news: deque[Event] = deque(maxlen=NEWS_REMEMBERED)
        """The latest events of all owners; all that are kept stand on their owners' shelves."""
        self.swept_at = clock.unix()
        """When old events were forgotten (unix seconds)."""
        self.deliveries = Outbox(self.shelf(Delivery))
        self.replies = Replies(self.shelves.of(Reply, EVERY))
        self.replies_v2 = Replies(self.shelves.of(Reply, "v2"), v2.KEPT_SECONDS)
        """What v2 answered: its keys are apart from those of v1, and are remembered for longer."""
        self.requests: deque[RequestRow] = deque(maxlen=REQUESTS_REMEMBERED)
        self.conjured: set[str] = set()
        """Accounts that came into being because somebody named them (`lenient`)."""
        self.wake: Callable[[], None] = _nobody
        """Tell whoever delivers webhooks that there is something to deliver."""
        self.cause = Cause()
        """The request that is being answered right now."""
        self.agenda: list[tuple[int, str]] = []
        """When (unix seconds) which account changes by itself; a heap."""
        self.application_id = ids.of("ca", seal)
        self.platform = Account(
            id=ids.new("acct"),
            created=clock.unix(),
            country=policy.platform_country,
            currency=COUNTRIES[policy.platform_country].currency,
            controller=STANDARD,
            is_platform=True,
            details_submitted=True,
            is_approved=True,
        )

    @property
    def masked_key(self) -> str:
        """Return what may be shown of the key that opens it."""
        return self.seal.rpartition(".")[0]

    def now(self) -> int:
        """Return now in unix seconds."""
        return self.clock.unix()

    def shelf(self, kind: type[T], owner: str | None = None) -> Ledger[T]:
        """Return all things of a kind that the platform (`None`) or one connected account has."""
        return self.shelves.of(kind, owner)

    def account(self, account_id: str) -> Account | None:
        """Return a connected account that this platform may still reach."""
        account = self.accounts.get(account_id)
        return None if account is None or account.deauthorised_at is not None else account

    def remind(self, at: int, account: Account) -> None:
        """Put an account on the agenda: at that time it changes by itself."""
        heapq.heappush(self.agenda, (at, account.id))
