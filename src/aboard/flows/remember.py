"""Write down what Stripe told us of an account, with everything that follows from it.

What follows is judged from the account as it was read and the new snapshot: what the platform is
told, whether the gate closes, since when the owner must act. It is written in the same commit,
only if the account still is as it was read; otherwise it is read and judged again.

Source: ADR-0006, events are doorbells; ADR-0014, the gate and its announcements.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from aboard.core.account import ConnectedAccount, Snapshot
from aboard.core.announcements import (
    Announcement,
    announce_closing,
    announce_disconnection,
    announce_snapshot,
)
from aboard.core.errors import StoreUnavailable
from aboard.core.go_live import NOT_CONNECTED
from aboard.core.readiness import Actor, assess_snapshot
from aboard.flows.audit import AuditAction
from aboard.flows.blockers import name_blockers
from aboard.flows.journal import LogEvent
from aboard.flows.own_account import NO_ACCESS, require_own_key
from aboard.flows.platform import Platform
from aboard.store import AuditEntry, Consequences
from aboard.stripe_api.v1 import AccountRead

FACTS = "facts"
"""The actor of what no person did."""

# Each try is lost to another writer who came through: so many at once are no longer chance.
_TRIES = 64


def next_sync_at(platform: Platform, snapshot: Snapshot) -> datetime:
    """Return when an account that was read just now is read again, aware UTC, spread by chance."""
    chance = random.random()  # noqa: S311 -- spreads load, guards nothing
    return platform.schedule.next_after(snapshot, platform.clock(), chance=chance)


async def remember_first(
    platform: Platform, account: ConnectedAccount, read: AccountRead, *, read_began_at: datetime
) -> None:
    """Write an account of Stripe's as a reservation's first, to be read again when it has rested.

    Raises:
        StoreUnavailable: the database gives no answer; nothing was written.
    """
    await remember_account(
        platform,
        account,
        read,
        read_began_at=read_began_at,
        next_sync_at=next_sync_at(platform, read.snapshot),
        attach=True,
    )


async def remember_account(
    platform: Platform,
    account: ConnectedAccount,
    read: AccountRead,
    *,
    read_began_at: datetime,
    next_sync_at: datetime,
    attach: bool = False,
) -> None:
    """Write what was read, unless newer news is there; with `attach`, as a reservation's first.

    Announcements, and the closing of the gate with its audit row, are part of the same commit.
    Both points in time are aware UTC.

    Raises:
        StoreUnavailable: the database gives no answer, or too many write this account at once;
            nothing was written.
    """
    assessment = assess_snapshot(read.snapshot)
    seen: ConnectedAccount | None = account
    for _ in range(_TRIES):
        if seen is None or not _is_news(seen, read, read_began_at, attach=attach):
            return
        now = platform.clock()
        consequences = await _judge(platform, seen, read.snapshot, assessment.who_must_act, now)
        if await platform.store.write_snapshot(
            seen,
            read.snapshot,
            read.raw,
            readiness=assessment.readiness,
            who_must_act=assessment.who_must_act,
            read_began_at=read_began_at,
            next_sync_at=next_sync_at,
            now=now,
            attach=attach,
            consequences=consequences,
        ):
            _note_closing(platform, seen, consequences)
            return
        seen = await platform.store.find_account_by_id(account.id)
    raise StoreUnavailable("contended")


async def remember_disconnection(platform: Platform, account: ConnectedAccount, case: str) -> None:
    """Write down that the account is no longer ours, with the case of the closed table.

    Its announcement, and the closing of the gate with its audit row, are part of the same commit.
    Does nothing when it is known already, or when the owner has another account by now. Where
    another platform's key would be told the same, the key is asked first whose it is.

    Raises:
        StripeKeySwapped: the key is another platform's: nobody is disconnected.
        StripeRefused: the key cannot be asked whose it is.
        StripeUnavailable: no usable answer to that; nothing was written.
        StoreUnavailable: the database gives no answer, or too many write this account at once;
            nothing was written.
    """
    if case in NO_ACCESS:
        await require_own_key(platform, account.owner.mode, is_sure=True)
    seen: ConnectedAccount | None = account
    for _ in range(_TRIES):
        if (
            seen is None
            or seen.is_disconnected
            or seen.stripe_account_id != account.stripe_account_id
        ):
            return
        now = platform.clock()
        blockers = (NOT_CONNECTED,) if await _is_gate_open(platform, seen) else ()
        consequences = _consequences(seen, announce_disconnection(seen, case), blockers, now)
        if await platform.store.mark_disconnected(seen, case, now, consequences):
            platform.journal.note(LogEvent.ACCOUNT_DISCONNECTED, owner=seen.owner, case=case)
            _note_closing(platform, seen, consequences)
            return
        seen = await platform.store.find_account_by_id(account.id)
    raise StoreUnavailable("contended")


def _is_news(
    seen: ConnectedAccount, read: AccountRead, read_began_at: datetime, *, attach: bool
) -> bool:
    if seen.is_disconnected:
        return False
    if attach:
        return seen.stripe_account_id is None
    if seen.stripe_account_id != read.snapshot.stripe_account_id:
        return False
    return seen.read_began_at is None or seen.read_began_at <= read_began_at


async def _judge(
    platform: Platform,
    seen: ConnectedAccount,
    snapshot: Snapshot,
    who_must_act: Actor,
    now: datetime,
) -> Consequences:
    blockers: tuple[str, ...] = ()
    if await _is_gate_open(platform, seen):
        after = replace(seen, stripe_account_id=snapshot.stripe_account_id, snapshot=snapshot)
        blockers = await name_blockers(platform, after)
    consequences = _consequences(seen, announce_snapshot(seen, snapshot), blockers, now)
    if who_must_act is not Actor.OWNER:
        return consequences
    return replace(consequences, owner_acts_since=seen.owner_acts_since or now)


async def _is_gate_open(platform: Platform, account: ConnectedAccount) -> bool:
    # Read after the account: whoever turns the gate in between makes the account another one.
    gate = await platform.store.find_gate(account.id)
    return gate is not None and gate.is_open


def _consequences(
    seen: ConnectedAccount,
    told: Sequence[Announcement],
    blockers: tuple[str, ...],
    now: datetime,
) -> Consequences:
    if not blockers:
        return Consequences(tuple(told))
    entry = AuditEntry(
        at=now,
        actor=FACTS,
        action=AuditAction.GATE_CLOSE.value,
        outcome="closed",
        owner=seen.owner,
        details={"blockers": ",".join(blockers)},
    )
    closing = announce_closing(seen.stripe_account_id, blockers, FACTS)
    return Consequences((*told, closing), closing=blockers, audit=(entry,))


def _note_closing(
    platform: Platform, account: ConnectedAccount, consequences: Consequences
) -> None:
    if consequences.closing is not None:
        platform.journal.note(
            LogEvent.GATE_CLOSED, owner=account.owner, reason=",".join(consequences.closing)
        )
