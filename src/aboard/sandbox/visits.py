"""Who is at the door, and where do they go? What the hosted pages ask the world.

For the pages in `hosted/`; every function here is synchronous and complete in itself:

- `open_link` when somebody comes to `/setup/<letter>/<acct>/<code>`: the first visit in time
  uses the link up and gives a `Visit`, whose `id` the pages keep in a cookie; a used or expired
  link, or one of a rejected, lost or deleted account, gives `TurnedAway` with the refresh URL; an
  unknown code gives `None` (show a page that says so, 404).
- `find_visit` on every later page: the visit by its cookie, or `None` when there is none or it
  has ended (sent back with `TurnedAway` is `visit.link.refresh_url`).
- `visit_fields(visit)`: the requirement keys to ask now. `account_update` links: all of them.
- `answers.save_facts(world, account, {path: text})` saves what is good and returns a
  `FieldError(path, code, message)` for what is not; codes are Stripe's. Keys of documents are
  answered at `<key>.front`. Yes/no facts take `"true"` and `"false"`.
- `answers.add_bank_account(world, account, routing_number=..., account_number=..., ...)`.
- `answers.accept_terms(world, account, ip=..., user_agent=...)` answers `tos_acceptance.*`.
- `answers.add_owner(world, account, {key: text})` adds a further person; `company.owners_provided`
  = `"true"` says that all were given.
- `finish(visit)`: the return URL, or the keys still missing. `leave(visit)`: the return URL.
- `open_login_link` when somebody comes to `/express/<acct>/<code>`: gives a `DashboardVisit` once.
- `outcomes` holds what the skip bar does.

Events and webhooks follow from these calls by themselves.

Source: Stripe's documentation of hosted onboarding; the table "where the user ends".
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Protocol

from aboard.sandbox import requirements, transitions
from aboard.sandbox.account import Account
from aboard.sandbox.links import Link
from aboard.sandbox.world import World

VISIT_SECONDS = 3600
KEPT_SECONDS = 2 * VISIT_SECONDS
"""A visit that is over still knows for a while where to send its visitor."""


@dataclass(slots=True)
class Visit:
    """Somebody in the hosted form of one account. `id` is as secret as the link was."""

    id: str = field(repr=False)
    world: World = field(repr=False)
    account: Account = field(repr=False)
    link: Link
    opened_at: int
    ended_at: int | None = None
    is_signed_in: bool = False
    phone: str = field(default="", repr=False)
    """The number that the sign-in code was sent to."""


@dataclass(slots=True)
class DashboardVisit:
    """Somebody in the Express dashboard of one account."""

    id: str = field(repr=False)
    world: World = field(repr=False)
    account: Account = field(repr=False)
    opened_at: int
    ended_at: int | None = None
    is_signed_in: bool = False
    phone: str = field(default="", repr=False)


class Lobby(Protocol):
    """What the door needs of a sandbox: who is inside, and its worlds."""

    visits: dict[str, Visit | DashboardVisit]

    def __iter__(self) -> Iterator[World]:
        """Go through the worlds."""


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """The link does not open any more; the visitor goes to `url`."""

    url: str = field(repr=False)


def open_link(sandbox: Lobby, account_id: str, code: str) -> Visit | TurnedAway | None:
    """Open the hosted form: the first visit in time uses the link up."""
    world = next((each for each in sandbox if code in each.links), None)
    link = None if world is None else world.links.get(code)
    if world is None or link is None or link.account_id != account_id:
        return None
    account = world.account(account_id)
    now = world.now()
    if account is None or account.rejected is not None or link.state(now) != "unused":
        return TurnedAway(link.refresh_url)
    link.used_at = now
    visit = Visit(world.ids.code(), world, account, link, now)
    _enter(sandbox, visit)
    return visit


def _enter(sandbox: Lobby, visit: Visit | DashboardVisit) -> None:
    """Let somebody in, and forget who has been out for long."""
    horizon = visit.opened_at - KEPT_SECONDS
    for old in list(takewhile(lambda each: each.opened_at < horizon, sandbox.visits.values())):
        del sandbox.visits[old.id]
    sandbox.visits[visit.id] = visit


def find_visit(sandbox: Lobby, visit_id: str) -> Visit | None:
    """Return a visit that still goes on: not finished, not left, not an hour old."""
    visit = sandbox.visits.get(visit_id)
    if not isinstance(visit, Visit) or visit.ended_at is not None:
        return None
    is_over = (
        visit.world.now() >= visit.opened_at + VISIT_SECONDS
        or visit.world.account(visit.account.id) is None
        or visit.account.rejected is not None
    )
    return None if is_over else visit


def visit_fields(visit: Visit) -> tuple[str, ...]:
    """Return the requirement keys that the form must ask for now."""
    if visit.link.purpose == "account_update":
        return requirements.all_fields(visit.account)
    return requirements.due_fields(visit.account, collect=visit.link.collect, now=visit.world.now())


def finish(visit: Visit) -> str | tuple[str, ...]:
    """Submit the form: return the return URL, or the keys that are still missing."""
    missing = requirements.due_fields(
        visit.account, collect=visit.link.collect, now=visit.world.now()
    )
    if missing:
        return missing
    visit.ended_at = visit.world.now()
    transitions.submit(visit.world, visit.account)
    return visit.link.return_url


def leave(visit: Visit) -> str:
    """Save for later: what was given stays; return the return URL."""
    visit.ended_at = visit.world.now()
    return visit.link.return_url


def open_login_link(sandbox: Lobby, account_id: str, code: str) -> DashboardVisit | None:
    """Open the Express dashboard: once, in time; afterwards nothing opens."""
    world = next((each for each in sandbox if code in each.login_links), None)
    link = None if world is None else world.login_links.get(code)
    if world is None or link is None or link.account_id != account_id:
        return None
    account = world.account(account_id)
    now = world.now()
    if account is None or link.state(now) != "unused":
        return None
    link.used_at = now
    visit = DashboardVisit(world.ids.code(), world, account, now)
    _enter(sandbox, visit)
    return visit


def find_dashboard_visit(sandbox: Lobby, visit_id: str) -> DashboardVisit | None:
    """Return a dashboard visit that is not an hour old, while the account is there."""
    visit = sandbox.visits.get(visit_id)
    if not isinstance(visit, DashboardVisit) or visit.ended_at is not None:
        return None
    is_over = (
        visit.world.now() >= visit.opened_at + VISIT_SECONDS
        or visit.world.account(visit.account.id) is None
    )
    return None if is_over else visit
