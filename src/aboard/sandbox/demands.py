"""What more is asked of an account, and from when? By a risk review, at a threshold, or by a test.

Source: Stripe's documentation, "Testing account verification during API onboarding": the cards
that trigger the next requirements and the blocks.
"""

from aboard.sandbox import requirements
from aboard.sandbox.account import Account, Demand
from aboard.sandbox.changes import watched
from aboard.sandbox.world import World

SOON_SECONDS = requirements.GRACE_SECONDS


def document_of(account: Account) -> str:
    """Return the key of the identity document of whoever answers for the account."""
    person = account.representative
    prefix = person.id if person is not None and account.is_company else "individual"
    return f"{prefix}.verification.document"


def require(  # noqa: PLR0913 - a demand has so many sides
    world: World,
    account: Account,
    requirement: str,
    *,
    due_at: int | None = None,
    is_eventual: bool = False,
    code: str | None = None,
    reason: str | None = None,
    starts_at: int | None = None,
    capability: str | None = None,
    stops: frozenset[str] = requirements.BOTH,
) -> None:
    """Ask for something more: past due at once, by a deadline (unix seconds), or eventually.

    Until `starts_at` (unix seconds) it is only announced. With a `capability` only that one needs
    it; `stops` is what it switches off once it is past due.
    """
    demand = Demand(requirement, due_at, is_eventual, code, reason, starts_at, capability, stops)
    _demand(world, account, [demand])


def _demand(world: World, account: Account, demands: list[Demand]) -> None:
    keys = {demand.requirement for demand in demands}
    with watched(world, account):
        kept = [demand for demand in account.demands if demand.requirement not in keys]
        account.demands = [*kept, *demands]
    for at in {at for demand in demands for at in (demand.starts_at, demand.due_at)}:
        if at is not None:
            world.remind(at, account)


def announce(world: World, account: Account, requirement: str, *, starts_at: int) -> None:
    """Ask for something from a date on (unix seconds): until then a future requirement."""
    due_at = starts_at + SOON_SECONDS
    require(world, account, requirement, starts_at=starts_at, due_at=due_at)


def next_requirements(world: World, account: Account) -> tuple[str, ...]:
    """Let the account cross a threshold: what was due eventually is due now, by a deadline.

    Where nothing is left, documents are asked for. Returns what is newly due.
    """
    keys = _next_keys(world, account)
    due_at = world.now() + SOON_SECONDS
    _demand(world, account, [Demand(key, due_at) for key in keys])
    return keys


def block_charges(world: World, account: Account) -> None:
    """Let the account cross a threshold too far: no charges until what is due was given."""
    _block(world, account, frozenset({"charges"}))


def block_payouts(world: World, account: Account) -> None:
    """Let the account cross a threshold too far: no payouts until what is due was given."""
    _block(world, account, requirements.PAYOUTS)


def _block(world: World, account: Account, stops: frozenset[str]) -> None:
    debts = requirements.owed(account, world.now())
    keys = [key for key in debts.currently_due if key not in debts.past_due]
    keys = keys or list(_next_keys(world, account))
    _demand(world, account, [Demand(key, stops=stops) for key in keys])


def _next_keys(world: World, account: Account) -> tuple[str, ...]:
    debts = requirements.owed(account, world.now())
    later = tuple(key for key in debts.eventually_due if key not in debts.currently_due)
    if later:
        return later
    document = document_of(account)
    papers = [document, document.replace("document", "additional_document")]
    if account.is_company:
        papers.append("company.verification.document")
    due = set(debts.currently_due)
    for key in papers:
        if key not in due and not requirements.is_given(account, key):
            return (key,)
    return () if due else (papers[-1],)
