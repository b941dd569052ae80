"""How does an account come into a state that an application must handle? One name for each.

A scenario starts from an account as it is and uses nothing but what a person, a review or a test
could have done.
"""

from collections.abc import Callable

from aboard.sandbox import outcomes
from aboard.sandbox.account import Account
from aboard.sandbox.world import World


def fresh(_world: World, _account: Account) -> None:
    """Leave it as it was made."""


def complete(world: World, account: Account) -> None:
    """Finish the form with data that pass."""
    outcomes.complete(world, account)


SCENARIOS: dict[str, Callable[[World, Account], None]] = {
    "fresh": fresh,
    "half_done": outcomes.half_done,
    "in_review": outcomes.in_review,
    "past_due": outcomes.past_due,
    "restricted_soon": outcomes.restricted_soon,
    "complete": complete,
    "rejected": outcomes.rejected,
    "disconnected": outcomes.disconnected,
}
