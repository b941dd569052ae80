"""What the skip bar's buttons do. They are the sandbox's own: Stripe's pages have none of them."""

from collections.abc import Callable

from aboard.sandbox import outcomes
from aboard.sandbox.account import Account
from aboard.sandbox.hosted.desk import Desk
from aboard.sandbox.hosted.exchange import Answer, redirect
from aboard.sandbox.visits import DashboardVisit
from aboard.sandbox.world import World


def take_shortcut(desk: Desk, name: str) -> Answer | None:
    """Bring the outcome about and send the visitor back to the platform; `None`: no such button."""
    outcome = _OUTCOMES.get(name)
    if outcome is None or isinstance(desk.visit, DashboardVisit):
        return None
    visit = desk.visit
    outcome(desk.world, desk.account, visit.link.collect)
    visit.ended_at = desk.world.now()
    return redirect(visit.link.return_url)


def _finish(world: World, account: Account, collect: str) -> None:
    outcomes.complete(world, account, collect=collect)


def _review(world: World, account: Account, collect: str) -> None:
    outcomes.complete(world, account, collect=collect)
    outcomes.send_to_review(world, account)


def _document(world: World, account: Account, collect: str) -> None:
    outcomes.complete(world, account, collect=collect)
    outcomes.reject_document(world, account)


def _reject(world: World, account: Account, _: str) -> None:
    outcomes.reject(world, account)


def _capability(world: World, account: Account, collect: str) -> None:
    """Complete the account, then take away card payments, or whatever it has first."""
    outcomes.complete(world, account, collect=collect)
    names = [name for name in account.requested if name not in account.lost]
    if names:
        wanted = "card_payments" if "card_payments" in names else names[0]
        outcomes.lose_capability(world, account, wanted)


def _deauthorise(world: World, account: Account, _: str) -> None:
    outcomes.deauthorise(world, account)


_OUTCOMES: dict[str, Callable[[World, Account, str], None]] = {
    "finish": _finish,
    "review": _review,
    "document": _document,
    "reject": _reject,
    "capability": _capability,
    "deauthorise": _deauthorise,
}
