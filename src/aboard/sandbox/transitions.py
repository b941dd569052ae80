"""What happens next, and when? Every change of an account passes through here.

A review starts when all that is due was given and its facts are new. It ends at once, after so
many reads, or after so long on the clock (`world.Policy`); with each step the events of it.
"""

import heapq
from collections.abc import Iterator
from contextlib import contextmanager

from aboard.sandbox import checks, requirements
from aboard.sandbox.account import Account, Demand, Review
from aboard.sandbox.changes import watched
from aboard.sandbox.emit import emit
from aboard.sandbox.money import is_money_moving
from aboard.sandbox.views.v1 import capability_view, external_account_view
from aboard.sandbox.world import World

DEFAULT_CAPABILITIES = ("card_payments", "transfers")
INACTIVITY = "paused.inactivity"


@contextmanager
def changing(world: World, account: Account) -> Iterator[None]:
    """Wrap a change of an account's facts: reviews follow from it, and events are told."""
    known = len(account.people)
    with watched(world, account):
        yield
        _reconsider(world, account)
    _end_if_immediate(world, account)
    if len(account.people) > known and account.is_approved:
        world.remind(world.now() + requirements.GRACE_SECONDS, account)


def begin(world: World, account: Account) -> None:
    """Tell of a new account's capabilities and bank account; what was given may start a review."""
    for name in account.requested:
        shown = capability_view.render(account, name, world.now())
        emit(world, "capability.updated", shown, account=account)
    for each in account.external_accounts:
        shown = external_account_view.render(account, each)
        emit(world, "account.external_account.created", shown, account=account)
    if _is_filled_in(account):
        with changing(world, account):
            pass


def submit(world: World, account: Account) -> None:
    """Take the finished form: `details_submitted`, and a review of what was given."""
    with changing(world, account):
        if not account.requested:
            account.requested = dict.fromkeys(DEFAULT_CAPABILITIES, world.now())
        account.details_submitted = True


def _is_filled_in(account: Account) -> bool:
    current, _ = requirements.wanted(account)
    return all(
        key == requirements.EXTERNAL_ACCOUNT or requirements.is_given(account, key)
        for key in current
    )


def _reconsider(world: World, account: Account) -> None:
    if account.is_platform or not _is_filled_in(account):
        return
    if not account.controller.is_stripe_collecting:
        account.details_submitted = True
    if not account.details_submitted:
        return
    facts = checks.checked_facts(account)
    if facts == account.reviewed:
        return
    account.reviewed = facts
    account.review = Review(checks.pending_keys(account), checks.judge(account))
    if checks.is_endless(account):
        return
    policy = world.policy
    account.review.reads_left = policy.review_reads
    if policy.review_seconds is not None:
        account.review.ends_at = world.now() + policy.review_seconds
        world.remind(account.review.ends_at, account)


def _end_if_immediate(world: World, account: Account) -> None:
    review = account.review
    if review is None or checks.is_endless(account):
        return
    has_no_wait = review.reads_left is None and review.ends_at is None
    if has_no_wait or checks.is_immediate(account):
        end_review(world, account)


def end_review(world: World, account: Account) -> None:
    """End a review with what it finds, which is the end of waiting, good or bad."""
    review = account.review
    if review is None:
        return
    with watched(world, account):
        account.review = None
        account.findings = review.findings
        account.is_under_review = checks.is_sanctioned(account)
        account.matched |= checks.addresses(account)
        is_stopped = any("charges" in finding.stops for finding in review.findings)
        account.is_approved = account.is_approved or not is_stopped
        _pause_if_inactive(account)
        _ask_for_more(world, account)


def _pause_if_inactive(account: Account) -> None:
    """Pause the capabilities of a business that sells nothing, until it says otherwise."""
    account.lost = {name: why for name, why in account.lost.items() if why != INACTIVITY}
    if checks.is_inactive(account):
        account.lost = dict.fromkeys(account.requested, INACTIVITY) | account.lost


def _ask_for_more(world: World, account: Account) -> None:
    """Ask somebody of higher risk for a document, which has time until a deadline."""
    key = checks.risk_document(account)
    known = {demand.requirement for demand in account.demands}
    if key is None or key in known or requirements.is_given(account, key):
        return
    due_at = world.now() + requirements.GRACE_SECONDS
    account.demands.append(Demand(key, due_at))
    world.remind(due_at, account)


def count_read(world: World, account: Account) -> None:
    """Count a read of the account: reviews that end after so many reads end here."""
    review = account.review
    if review is None or review.reads_left is None:
        return
    if review.reads_left == 0:
        end_review(world, account)
    else:
        review.reads_left -= 1


def run_agenda(world: World) -> None:
    """Let everything happen whose time has come: reviews end, deadlines pass, money arrives."""
    while world.agenda and world.agenda[0][0] <= world.now():
        at, account_id = heapq.heappop(world.agenda)
        is_platform = account_id == world.platform.id
        account = world.platform if is_platform else world.accounts.get(account_id)
        if account is None:
            continue
        if is_money_moving(world, account):
            from aboard.sandbox.moving.payouts import proceed  # noqa: PLC0415 - payouts alone need it

            proceed(world, account)
        review = account.review
        if review is not None and review.ends_at is not None and review.ends_at <= world.now():
            end_review(world, account)
        else:
            _pass_deadline(world, account, at)


def _pass_deadline(world: World, account: Account, at: int) -> None:
    """Tell what a deadline has changed: the facts are the same, the moment is another."""
    with watched(world, account, before_at=at - 1):
        pass
