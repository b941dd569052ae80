"""Does somebody work, and what was given up? Events, accounts, deliveries and their subscribers.

Source: docs/operations.md, runbooks.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from aboard.cli.doctor.findings import Finding, bad, good, note
from aboard.cli.doctor.webhooks import ago
from aboard.core.owner import Mode
from aboard.flows.health import LATE
from aboard.settings import Settings
from aboard.store import COUNTED_TO, EventStatus, Store, Waiting

_SWEEP_BEHIND: Final = timedelta(hours=1)
_DELIVERY_LATE: Final = timedelta(minutes=15)


async def look_at_work(settings: Settings, store: Store, now: datetime) -> list[Finding]:
    """Say for each mode whether events wait too long, were given up, or do not get through."""
    due = await store.count_due_accounts(now)
    pending = await store.count_pending_deliveries()
    dead = await store.count_dead_deliveries()
    findings: list[Finding] = []
    for mode in settings.stripe:
        events = {
            status: await store.count_waiting_events(mode, status)
            for status in (EventStatus.PENDING, EventStatus.DEAD)
        }
        findings.append(_of_events(mode, events[EventStatus.PENDING], now))
        findings += _of_dead_letters(mode, events[EventStatus.DEAD])
        findings += _of_accounts(mode, due.get(mode, Waiting()), now)
        findings += _of_deliveries(mode, pending.get(mode, Waiting()), dead.get(mode, 0), now)
        disabled = await store.count_disabled_subscribers(mode)
        if disabled:
            findings.append(
                note(
                    f"{mode} subscribers",
                    f"{disabled} told nothing",
                    "`aboard subscribers list` says which, and why.",
                )
            )
    return findings


def _of_events(mode: Mode, pending: Waiting, now: datetime) -> Finding:
    name = f"{mode} events"
    if pending.first_at is None:
        return good(name, "none is waiting")
    told = f"{counted(pending.count)} wait, the first since {ago(now - pending.first_at)}"
    if now - pending.first_at > LATE:
        return bad(
            name,
            told,
            "Is `aboard serve` or `aboard work` running? Then look for account.sync_failed and "
            "worker.failed in its log: they name the reason.",
        )
    return note(name, told)


def _of_dead_letters(mode: Mode, dead: Waiting) -> Iterator[Finding]:
    if dead.count:
        yield bad(
            f"{mode} dead letters",
            f"{counted(dead.count)} could not be processed",
            f"`aboard events dead --mode {mode}` lists them. When the reason is gone: "
            f"`aboard events replay --mode {mode} --status dead`.",
        )


def _of_accounts(mode: Mode, due: Waiting, now: datetime) -> Iterator[Finding]:
    if due.first_at is not None and now - due.first_at > _SWEEP_BEHIND:
        yield bad(
            f"{mode} accounts",
            f"{counted(due.count)} are due, the first since {ago(now - due.first_at)}",
            "Is a worker running? If it is, it has more to read than it may ask Stripe for: see "
            "docs/operations.md, the backlog grows.",
        )


def _of_deliveries(mode: Mode, pending: Waiting, dead: int, now: datetime) -> Iterator[Finding]:
    name = f"{mode} deliveries"
    if dead:
        yield bad(
            name,
            f"{counted(dead)} were given up",
            "`aboard subscribers list` says who is not reached. docs/operations.md, deliveries "
            "fail, says how to send them again.",
        )
    if pending.first_at is not None and now - pending.first_at > _DELIVERY_LATE:
        yield bad(
            name,
            f"{counted(pending.count)} wait, the first since {ago(now - pending.first_at)}",
            "Is `aboard serve` or `aboard work` running?",
        )


def counted(number: int) -> str:
    """Return a number as a person reads it; beyond the bound it is only known to be more."""
    return f"{number:,} or more" if number >= COUNTED_TO else f"{number:,}"
