"""What if Stripe decides otherwise? Outcomes that a person or a test can force on an account.

Used by the skip bar of the hosted pages and by `/_sandbox/accounts/...`. Each tells its events.
"""

from collections.abc import Iterable

from aboard.sandbox import answers, banks, grants, requirements, transitions
from aboard.sandbox.account import Account, Demand
from aboard.sandbox.changes import watched
from aboard.sandbox.demands import (
    SOON_SECONDS,
    announce,
    block_charges,
    block_payouts,
    document_of,
    next_requirements,
    require,
)
from aboard.sandbox.emit import emit
from aboard.sandbox.samples import bank_sample, find_sample
from aboard.sandbox.views.v1 import application_view
from aboard.sandbox.wanted import GROUPS
from aboard.sandbox.world import World

__all__ = [
    "HOLDS",
    "LATEST_REJECTION",
    "REJECTIONS",
    "announce",
    "block_charges",
    "block_payouts",
    "complete",
    "deauthorise",
    "disconnected",
    "document_of",
    "half_done",
    "hold",
    "in_review",
    "lose_capability",
    "next_requirements",
    "past_due",
    "regain_capability",
    "reject",
    "reject_document",
    "rejected",
    "require",
    "restricted_soon",
    "send_to_review",
    "verify",
]

HOLDS = frozenset({"listed", "other", "platform_paused", "under_review"})
LATEST_REJECTION = "rejected.other"
REJECTIONS = frozenset(
    {
        "rejected.fraud",
        "rejected.incomplete_verification",
        "rejected.listed",
        "rejected.other",
        "rejected.platform_fraud",
        "rejected.platform_other",
        "rejected.platform_terms_of_service",
        "rejected.terms_of_service",
    }
)


def complete(world: World, account: Account, *, collect: str = "currently_due") -> None:
    """Answer everything due with test data that pass, and submit; a running review ends well."""
    _let_in(world, account)
    for _ in range(4):
        if not _answer(world, account, collect):
            break
    if account.fact("tos_acceptance.date") is None:
        answers.accept_terms(world, account, ip="127.0.0.1")
    if not requirements.is_given(account, requirements.EXTERNAL_ACCOUNT):
        _add_test_bank(world, account)
    with watched(world, account):
        account.demands = [demand for demand in account.demands if _may_wait(demand, world)]
    transitions.submit(world, account)
    if account.review is not None:
        verify(world, account)


def _let_in(world: World, account: Account) -> None:
    """Have the holder come by a link, as nobody else finishes the form where Stripe collects.

    What the platform may read and write from then on is what it may of real accounts.
    """
    if account.first_link_at is None:
        account.first_link_at = world.now()


def _may_wait(demand: Demand, world: World) -> bool:
    is_ahead = demand.starts_at is not None and demand.starts_at > world.now()
    return demand.is_eventual or is_ahead


def _answer(world: World, account: Account, collect: str) -> bool:
    """Answer what is due as far as there are samples; say whether there were any."""
    due = requirements.due_fields(account, collect=collect, now=world.now())
    paths = {
        f"{key}.front" if key.endswith("document") else key: text
        for key, text in _samples(account, due)
    }
    if paths:
        answers.save_facts(world, account, paths)
    return bool(paths)


def _samples(account: Account, due: Iterable[str]) -> list[tuple[str, str]]:
    """Return an answer to each key that has one; of people not there yet none is known."""
    return [
        (key, text)
        for key in due
        if key.partition(".")[0] not in GROUPS
        and (text := find_sample(key, country=account.country)) is not None
    ]


def _add_test_bank(world: World, account: Account) -> None:
    sample = bank_sample(account.country)
    bank = banks.make(
        world,
        country=account.country,
        currency=account.currency,
        account_number=sample.account_number,
        routing_number=sample.routing_number,
    )
    banks.attach(world, account, bank)


def verify(world: World, account: Account) -> None:
    """End what is being reviewed, well: no findings, no hold."""
    with watched(world, account):
        account.review = None
        account.findings = ()
        account.is_under_review = False
        account.is_paused = False
        account.held_for = None
        account.is_approved = account.is_approved or account.details_submitted


def send_to_review(world: World, account: Account) -> None:
    """Put the account under Stripe's review until `verify` ends it."""
    hold(world, account, "under_review")


def hold(world: World, account: Account, reason: str) -> None:
    """Hold the account, for one of `HOLDS`, until `verify` ends it."""
    with watched(world, account):
        account.is_under_review = account.is_under_review or reason == "under_review"
        account.is_paused = account.is_paused or reason == "platform_paused"
        if reason in {"listed", "other"}:
            account.held_for = reason


def reject_document(world: World, account: Account) -> None:
    """Ask for an identity document, as if the one given could not be read."""
    require(
        world,
        account,
        document_of(account),
        code="verification_document_not_readable",
        reason="The document could not be read. Upload a clearer one.",
    )


def half_done(world: World, account: Account) -> None:
    """Answer the first half of what is due, and leave the form for later."""
    _let_in(world, account)
    if account.business_type is None:
        answers.save_facts(world, account, {"business_type": "individual"})
    due = requirements.due_fields(account, collect="currently_due", now=world.now())
    given = [(key, text) for key, text in _samples(account, due) if not key.endswith("document")]
    answers.save_facts(world, account, dict(given[: max(len(given) // 2, 1)]))


def in_review(world: World, account: Account) -> None:
    """Finish the form, and have Stripe look at it."""
    complete(world, account)
    send_to_review(world, account)


def past_due(world: World, account: Account) -> None:
    """Finish the form; then miss a deadline."""
    complete(world, account)
    require(world, account, document_of(account))


def restricted_soon(world: World, account: Account) -> None:
    """Finish the form; then be asked for more, in two weeks at the latest."""
    complete(world, account)
    require(world, account, document_of(account), due_at=world.now() + SOON_SECONDS)


def rejected(world: World, account: Account) -> None:
    """Finish the form, and be rejected."""
    complete(world, account)
    reject(world, account)


def disconnected(world: World, account: Account) -> None:
    """Finish the form; then disconnect the platform."""
    complete(world, account)
    deauthorise(world, account)


def reject(world: World, account: Account, reason: str = LATEST_REJECTION) -> None:
    """Reject the account for good; `reason` is one of `REJECTIONS`."""
    with watched(world, account):
        account.rejected = reason
        account.is_rejected_by_platform = reason.startswith("rejected.platform_")
        account.is_rejection_paying_out = False
        account.review = None


def lose_capability(
    world: World, account: Account, name: str, reason: str = "rejected.other"
) -> None:
    """Take a requested capability away; `reason` is one of `capabilities.REASONS_LOST`."""
    with watched(world, account):
        account.lost[name] = reason


def regain_capability(world: World, account: Account, name: str) -> None:
    """Give a capability back that was taken away; whether it is active follows from the facts."""
    with watched(world, account):
        account.lost.pop(name, None)


def deauthorise(world: World, account: Account) -> None:
    """Let the holder disconnect the platform: from now on the account is out of reach."""
    account.deauthorised_at = world.now()
    grants.revoke(world, account.id)
    application = application_view.render(world.application_id)
    emit(world, "account.application.deauthorized", application, account=account)
