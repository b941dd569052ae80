"""How does an account come into a state that an application must handle? One name for each.

A scenario starts from an account as it is and uses nothing but what a person, a review or a test
could have done.
"""

from collections.abc import Callable

from aboard.sandbox import answers, outcomes, requirements
from aboard.sandbox.account import Account
from aboard.sandbox.samples import find_sample
from aboard.sandbox.world import World

SOON_SECONDS = 14 * 24 * 3600


def fresh(_world: World, _account: Account) -> None:
    """Leave it as it was made."""


def half_done(world: World, account: Account) -> None:
    """Answer the first half of what is due, and leave the form for later."""
    if account.business_type is None:
        answers.save_facts(world, account, {"business_type": "individual"})
    due = requirements.due_fields(account, collect="currently_due", now=world.now())
    found = {key: find_sample(key, country=account.country) for key in due}
    given = [(key, text) for key, text in found.items() if text and not key.endswith("document")]
    answers.save_facts(world, account, dict(given[: max(len(given) // 2, 1)]))


def in_review(world: World, account: Account) -> None:
    """Finish the form, and have Stripe look at it."""
    outcomes.complete(world, account)
    outcomes.send_to_review(world, account)


def past_due(world: World, account: Account) -> None:
    """Finish the form; then miss a deadline."""
    outcomes.complete(world, account)
    outcomes.require(world, account, _document_of(account))


def restricted_soon(world: World, account: Account) -> None:
    """Finish the form; then be asked for more, in two weeks at the latest."""
    outcomes.complete(world, account)
    due_at = world.now() + SOON_SECONDS
    outcomes.require(world, account, _document_of(account), due_at=due_at)


def complete(world: World, account: Account) -> None:
    """Finish the form with data that pass."""
    outcomes.complete(world, account)


def rejected(world: World, account: Account) -> None:
    """Finish the form, and be rejected."""
    outcomes.complete(world, account)
    outcomes.reject(world, account)


def disconnected(world: World, account: Account) -> None:
    """Finish the form; then disconnect the platform."""
    outcomes.complete(world, account)
    outcomes.deauthorise(world, account)


def _document_of(account: Account) -> str:
    person = account.representative
    prefix = person.id if person is not None and account.is_company else "individual"
    return f"{prefix}.verification.document"


SCENARIOS: dict[str, Callable[[World, Account], None]] = {
    "fresh": fresh,
    "half_done": half_done,
    "in_review": in_review,
    "past_due": past_due,
    "restricted_soon": restricted_soon,
    "complete": complete,
    "rejected": rejected,
    "disconnected": disconnected,
}
