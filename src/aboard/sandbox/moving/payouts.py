"""How do payouts and top-ups go their way? Sent, then step by step with the clock.

A payout is pending until the next midnight (UTC), in transit until its arrival date, and then
paid; or it fails there, the money comes back and the bank account is no longer used.

Source: Stripe's API reference, "Payouts" and "Top-ups"; connect testing, "Account numbers".
"""

from aboard.sandbox.account import Account, BankAccount
from aboard.sandbox.changes import View, difference, watched
from aboard.sandbox.charges import midnight_after
from aboard.sandbox.emit import emit
from aboard.sandbox.magic import BANK_FAILURES
from aboard.sandbox.money import post, purse_of
from aboard.sandbox.payouts import FAILURES, Payout, TopUp
from aboard.sandbox.views.v1 import external_account_view, payout_view
from aboard.sandbox.world import World

DAYS_TO_ARRIVE = 2
INSTANT_SECONDS = 30 * 60
TOPUP_DAYS = 1
_FAILING_CARD = "4000056655665572"


def owner_of(account: Account) -> str | None:
    """Return whose shelves are an account's: the platform's own have no name."""
    return None if account.is_platform else account.id


def _event_account(account: Account) -> Account | None:
    return None if account.is_platform else account


def _tell(
    world: World, account: Account, payout: Payout, kind: str, *, before: View | None = None
) -> None:
    shown = payout_view.render(world, payout)
    previous = None if before is None else difference(before, shown)
    emit(world, kind, shown, account=_event_account(account), previous=previous)


def arrival(world: World, method: str) -> int:
    """Return when (unix seconds) a payout that is sent now arrives."""
    now = world.now()
    return now + INSTANT_SECONDS if method == "instant" else midnight_after(now, DAYS_TO_ARRIVE)


def send(world: World, account: Account, payout: Payout) -> None:
    """Take a payout's money off the balance, and send it on its way."""
    owner = owner_of(account)
    is_reversal = payout.amount < 0
    posted = post(
        world,
        owner,
        kind="payout",
        amount=-payout.amount,
        currency=payout.currency,
        source=payout.id,
        available_on=payout.arrival_date if is_reversal else None,
        description=payout.description,
    )
    payout.balance_transaction = posted.id
    if payout.method == "instant":
        payout.status, payout.next_at = "in_transit", payout.arrival_date
    else:
        payout.next_at = midnight_after(world.now(), 1)
    world.shelf(Payout, owner).add(payout.id, payout)
    _set_out(world, account, payout.id, payout.next_at)
    _tell(world, account, payout, "payout.created")


def _set_out(world: World, account: Account, key: str, at: int) -> None:
    purse_of(world, owner_of(account)).moving.append(key)
    world.remind(at, account)


def cancel(world: World, account: Account, payout: Payout) -> None:
    """Call a pending payout back: its money is available again."""
    posted = _return_money(world, account, payout, "payout_cancel")
    payout.failure_balance_transaction = posted
    payout.status, payout.next_at = "canceled", None
    _tell(world, account, payout, "payout.canceled")


def _return_money(world: World, account: Account, payout: Payout, kind: str) -> str:
    posted = post(
        world,
        owner_of(account),
        kind=kind,
        amount=payout.amount,
        currency=payout.currency,
        source=payout.id,
    )
    return posted.id


def reverse(
    world: World, account: Account, payout: Payout, metadata: dict[str, str] | None = None
) -> Payout:
    """Fetch a payout back from its bank, by another one."""
    fetching = Payout(
        id=world.ids.new("po"),
        created=world.now(),
        amount=-payout.amount,
        currency=payout.currency,
        arrival_date=arrival(world, "standard"),
        destination=payout.destination,
        destination_kind=payout.destination_kind,
        balance_transaction="",
        metadata=metadata or {},
        original_payout=payout.id,
    )
    payout.reversed_by = fetching.id
    world.shelf(Payout, owner_of(account)).touch(payout.id)
    send(world, account, fetching)
    return fetching


def charge_bank(world: World, account: Account, topup: TopUp) -> None:
    """Send a top-up on its way into the balance."""
    topup.next_at = topup.expected_availability_date
    world.shelf(TopUp, owner_of(account)).add(topup.id, topup)
    _set_out(world, account, topup.id, topup.next_at)
    tell_topup(world, account, topup, "topup.created")


def tell_topup(world: World, account: Account, topup: TopUp, kind: str) -> None:
    """Emit what became of a top-up."""
    shown = payout_view.render_topup(world, topup)
    emit(world, kind, shown, account=_event_account(account))


def proceed(world: World, account: Account) -> None:
    """Let all that is on its way take the steps whose time has come."""
    owner, now = owner_of(account), world.now()
    purse = purse_of(world, owner)
    for key in list(purse.moving):
        payout = world.shelf(Payout, owner).get(key)
        topup = world.shelf(TopUp, owner).get(key)
        while payout is not None and payout.next_at is not None and payout.next_at <= now:
            _step(world, account, payout)
        if topup is not None and topup.next_at is not None and topup.next_at <= now:
            _arrive(world, account, topup)
        thing = payout or topup
        if thing is None or thing.next_at is None:
            purse_of(world, owner).moving.remove(key)


def _step(world: World, account: Account, payout: Payout) -> None:
    if payout.status == "pending":
        before = payout_view.render(world, payout)
        payout.status, payout.next_at = "in_transit", payout.arrival_date
        world.remind(payout.arrival_date, account)
        _tell(world, account, payout, "payout.updated", before=before)
        return
    payout.next_at = None
    failure = None if payout.amount < 0 else _failure_of(account, payout)
    if failure is None:
        payout.status = "paid"
        _tell(world, account, payout, "payout.paid")
        return
    payout.status, payout.failure_code = "failed", failure
    payout.failure_message = FAILURES[failure]
    payout.failure_balance_transaction = _return_money(world, account, payout, "payout_failure")
    _tell(world, account, payout, "payout.failed")
    _give_up_on(world, account, payout.destination)


def _failure_of(account: Account, payout: Payout) -> str | None:
    for each in account.external_accounts:
        if each.id == payout.destination and isinstance(each, BankAccount):
            return BANK_FAILURES.get(each.country, {}).get(each.number)
        if each.id == payout.destination:
            return "could_not_process" if each.number == _FAILING_CARD else None
    return None


def _give_up_on(world: World, account: Account, destination: str) -> None:
    """Mark where a payout failed: nothing is paid out there until its owner corrects it."""
    with watched(world, account):
        for each in account.external_accounts:
            if each.id == destination:
                each.status = "errored"
    for each in account.external_accounts:
        if each.id == destination and not account.is_platform:
            shown = external_account_view.render(account, each)
            previous = {"status": "new"}
            kind = "account.external_account.updated"
            emit(world, kind, shown, account=account, previous=previous)


def _arrive(world: World, account: Account, topup: TopUp) -> None:
    topup.next_at = None
    if topup.will_fail:
        topup.status, topup.failure_code = "failed", "no_account"
        topup.failure_message = FAILURES["no_account"]
        tell_topup(world, account, topup, "topup.failed")
        return
    posted = post(
        world,
        owner_of(account),
        kind="topup",
        amount=topup.amount,
        currency=topup.currency,
        source=topup.id,
        description=topup.description,
    )
    topup.status, topup.balance_transaction = "succeeded", posted.id
    tell_topup(world, account, topup, "topup.succeeded")
