"""What if Stripe decides otherwise? Outcomes that a person or a test can force on an account.

Used by the skip bar of the hosted pages and by `/_sandbox/accounts/...`. Each tells its events.
"""

from aboard.sandbox import answers, banks, grants, requirements, transitions
from aboard.sandbox.account import Account, BankAccount, Demand
from aboard.sandbox.changes import watched
from aboard.sandbox.emit import emit
from aboard.sandbox.samples import bank_sample, find_sample
from aboard.sandbox.views.v1 import application_view
from aboard.sandbox.world import World

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
    for _ in range(4):
        due = requirements.due_fields(account, collect=collect, now=world.now())
        found = {key: find_sample(key, country=account.country) for key in due}
        paths = {
            f"{key}.front" if key.endswith("document") else key: text
            for key, text in found.items()
            if text is not None
        }
        if not paths:
            break
        answers.save_facts(world, account, paths)
    if account.fact("tos_acceptance.date") is None:
        answers.accept_terms(world, account, ip="127.0.0.1")
    if not requirements.is_given(account, requirements.EXTERNAL_ACCOUNT):
        _add_test_bank(world, account)
    with watched(world, account):
        account.demands = [demand for demand in account.demands if demand.is_eventual]
    transitions.submit(world, account)
    if account.review is not None:
        verify(world, account)


def _add_test_bank(world: World, account: Account) -> None:
    sample = bank_sample(account.country)
    bank = BankAccount(
        id=world.ids.new("ba"),
        created=world.now(),
        country=account.country,
        currency=account.currency,
        routing_number=sample.routing_number or banks.routing_of(sample.account_number),
        number=sample.account_number,
    )
    banks.attach(world, account, bank)


def verify(world: World, account: Account) -> None:
    """End what is being reviewed, well: no findings, no hold."""
    with watched(world, account):
        account.review = None
        account.findings = ()
        account.is_under_review = False
        account.is_paused = False
        account.is_approved = account.is_approved or account.details_submitted


def send_to_review(world: World, account: Account) -> None:
    """Put the account under Stripe's review until `verify` ends it."""
    with watched(world, account):
        account.is_under_review = True


def reject_document(world: World, account: Account) -> None:
    """Ask for an identity document, as if the one given could not be read."""
    person = account.representative
    is_named = person is not None and account.is_company
    prefix = person.id if person is not None and is_named else "individual"
    require(
        world,
        account,
        f"{prefix}.verification.document",
        code="verification_document_not_readable",
        reason="The document could not be read. Upload a clearer one.",
    )


def require(
    world: World,
    account: Account,
    requirement: str,
    *,
    due_at: int | None = None,
    is_eventual: bool = False,
    code: str | None = None,
    reason: str | None = None,
) -> None:
    """Ask for something more: past due at once, by a deadline (unix seconds), or eventually."""
    with watched(world, account):
        account.demands = [
            demand for demand in account.demands if demand.requirement != requirement
        ]
        account.demands.append(Demand(requirement, due_at, is_eventual, code, reason))
    if due_at is not None:
        world.remind(due_at, account)


def reject(world: World, account: Account, reason: str = LATEST_REJECTION) -> None:
    """Reject the account for good; `reason` is one of `REJECTIONS`."""
    with watched(world, account):
        account.rejected = reason
        account.review = None


def lose_capability(world: World, account: Account, name: str) -> None:
    """Take a requested capability away."""
    with watched(world, account):
        account.lost.add(name)


def deauthorise(world: World, account: Account) -> None:
    """Let the holder disconnect the platform: from now on the account is out of reach."""
    account.deauthorised_at = world.now()
    grants.revoke(world, account.id)
    application = application_view.render(world.application_id)
    emit(world, "account.application.deauthorized", application, account=account)
