"""What can be done to one account from outside the API, and what does it look like whole?"""

from collections.abc import Iterator

from aboard.sandbox import outcomes, requirements
from aboard.sandbox.account import Account
from aboard.sandbox.changes import watched
from aboard.sandbox.control.desk import (
    MOST_ROWS,
    Answer,
    Visitor,
    chosen_worlds,
    find_account,
    listed,
    show_account,
)
from aboard.sandbox.demands import SOON_SECONDS
from aboard.sandbox.wire.errors import no_such
from aboard.sandbox.world import World


def summarize(world: World, account: Account) -> Answer:
    """Return how an account stands, in one row."""
    owed = requirements.owed(account, world.now())
    name = account.fact("business_profile.name") or account.fact("company.name")
    return {
        "id": account.id,
        "object": "account",
        "business_type": account.business_type,
        "charges_enabled": owed.is_charging,
        "country": account.country,
        "created": account.created,
        "currently_due": len(owed.currently_due),
        "dashboard": account.controller.dashboard,
        "deauthorized": account.deauthorised_at is not None,
        "details_submitted": account.details_submitted,
        "disabled_reason": owed.disabled_reason,
        "email": account.email,
        "livemode": world.livemode,
        "name": name,
        "past_due": len(owed.past_due),
        "payouts_enabled": owed.is_paying_out,
        "pending_verification": len(owed.pending),
        "platform": world.platform.id,
    }


def show_accounts(visitor: Visitor) -> Answer:
    """List the accounts and how each stands, newest first, disconnected ones too."""

    def rows() -> Iterator[Answer]:
        for world in chosen_worlds(visitor):
            newest, _ = world.accounts.page(limit=MOST_ROWS + 1)
            yield from (summarize(world, account) for account in newest)

    return listed(visitor, rows())


def retrieve(visitor: Visitor) -> Answer:
    """Show one account as its platform sees it; reviews that count reads do not count this one."""
    return show_account(*find_account(visitor, visitor.ids[0]))


def complete(visitor: Visitor) -> Answer:
    """Answer everything due with test data that pass, and submit."""
    world, account = find_account(visitor, visitor.ids[0])
    outcomes.complete(world, account, collect=visitor.params.get("collect") or "currently_due")
    return show_account(world, account)


def verify(visitor: Visitor) -> Answer:
    """End what is being reviewed, well."""
    world, account = find_account(visitor, visitor.ids[0])
    outcomes.verify(world, account)
    return show_account(world, account)


def review(visitor: Visitor) -> Answer:
    """Hold the account until `verify` ends it: under Stripe's review, or for another `reason`."""
    world, account = find_account(visitor, visitor.ids[0])
    outcomes.hold(world, account, visitor.params.get("reason") or "under_review")
    return show_account(world, account)


def reject(visitor: Visitor) -> Answer:
    """Reject the account."""
    world, account = find_account(visitor, visitor.ids[0])
    outcomes.reject(world, account, visitor.params.get("reason") or outcomes.LATEST_REJECTION)
    return show_account(world, account)


def reject_document(visitor: Visitor) -> Answer:
    """Ask for an identity document again, as if the one given could not be read."""
    world, account = find_account(visitor, visitor.ids[0])
    outcomes.reject_document(world, account)
    return show_account(world, account)


def require(visitor: Visitor) -> Answer:
    """Ask for something more: past due at once, `in` so many seconds, or eventually.

    With `from` it is a future requirement for so many seconds; with `capability` only that one
    needs it.
    """
    world, account = find_account(visitor, visitor.ids[0])
    params = visitor.params
    wait, starts = params.get("in"), params.get("from")
    if starts is not None and wait is None:
        wait = starts + SOON_SECONDS
    outcomes.require(
        world,
        account,
        params["requirement"],
        due_at=None if wait is None else world.now() + wait,
        is_eventual=params.get("eventually", False),
        code=params.get("code"),
        reason=params.get("reason"),
        starts_at=None if starts is None else world.now() + starts,
        capability=_requested(account, params.get("capability")),
    )
    return show_account(world, account)


def lose(visitor: Visitor) -> Answer:
    """Take a requested capability away."""
    world, account = find_account(visitor, visitor.ids[0])
    name = _requested(account, visitor.params["capability"])
    outcomes.lose_capability(
        world, account, str(name), visitor.params.get("reason") or "rejected.other"
    )
    return show_account(world, account)


def regain(visitor: Visitor) -> Answer:
    """Give a capability back that was taken away."""
    world, account = find_account(visitor, visitor.ids[0])
    name = _requested(account, visitor.params["capability"])
    outcomes.regain_capability(world, account, str(name))
    return show_account(world, account)


def _requested(account: Account, name: str | None) -> str | None:
    if name is not None and name not in account.requested:
        raise no_such("capability", name, "capability", is_in_path=False)
    return name


def pause(visitor: Visitor) -> Answer:
    """Pause charges and payouts, as a platform does in its dashboard; `verify` ends it."""
    world, account = find_account(visitor, visitor.ids[0])
    with watched(world, account):
        account.is_paused = True
    return show_account(world, account)


def deauthorize(visitor: Visitor) -> Answer:
    """Let the holder disconnect the platform."""
    world, account = find_account(visitor, visitor.ids[0])
    if account.deauthorised_at is None:
        outcomes.deauthorise(world, account)
    return {"object": "account", "id": account.id, "deauthorized": True}
