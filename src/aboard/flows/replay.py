"""Look again where Stripe rang before: events become pending once more, their accounts due.

What an event said is not kept, and need not be: the account is read anew. So a replay repeats
nothing that was told or done; it makes sure of what is known. Events whose account is not, or no
longer, a connected account of ours are left as they are.

Source: ADR-0024, what was missed is asked for, and what is old is forgotten.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from aboard.core.caller import Caller
from aboard.core.owner import Mode
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.store.records import (
    Detail,
    EventFilter,
    EventKey,
    Replayed,
    StoredEvent,
    WalkedEvent,
)

PORTION = 500
_MOMENT = timedelta(microseconds=1)
_MOST_IDS_TOLD = 20

Told = Callable[[int], None]
"""Hears how many events were gone through since it was told the last time."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How many events a replay means, of how many accounts; how many it must leave alone."""

    events: int
    accounts: int
    left_alone: int = 0


async def measure_replay(
    platform: Platform, which: EventFilter, *, tell: Told | None = None
) -> Extent:
    """Count what a replay of these events would do; change nothing.

    Reads them in portions, and remembers the ids of their accounts while it does.
    """
    accounts: set[tuple[Mode, str | None]] = set()
    events = left_alone = 0
    async for page in _walk(platform, _until_now(platform, which)):
        ours = [one.event for one in page if one.is_of_ours]
        events += len(ours)
        left_alone += len(page) - len(ours)
        accounts.update((event.mode, event.stripe_account_id) for event in ours)
        if tell is not None:
            tell(len(page))
    return Extent(events, len(accounts), left_alone)


async def replay_window(
    platform: Platform,
    caller: Caller,
    which: EventFilter,
    extent: Extent,
    *,
    tell: Told | None = None,
) -> Replayed:
    """Replay the events that match, a portion in each commit; return how many it were.

    One audit row is written before the first of them: who, which, and the extent as it was
    measured. Harmless when repeated or broken off: what was replayed is pending, the rest as it
    was. An account of several portions is counted in each of them, because each makes it due.

    Raises:
        StoreUnavailable: the database gives no answer; the portions before stay replayed.
    """
    which = _until_now(platform, which)
    details: dict[str, Detail] = {**_told(which), **_sizes(extent.events, extent.accounts)}
    await write_audit(
        platform, AuditAction.EVENT_REPLAY, outcome="begun", caller=caller, details=details
    )
    events = accounts = 0
    after: EventKey | None = None
    async for page in _walk(platform, which):
        done = await platform.store.replay_events(
            which, after=after, upto=page[-1].key, now=platform.clock()
        )
        after = page[-1].key
        events += done.events
        accounts += done.accounts
        if tell is not None:
            tell(len(page))
    platform.journal.note(LogEvent.EVENT_REPLAYED, count=events)
    return Replayed(events, accounts)


async def find_events(
    platform: Platform, ids: Sequence[str], mode: Mode | None
) -> tuple[Sequence[StoredEvent], Sequence[str]]:
    """Return the events of these ids, in one mode or any, and the ids that nobody knows."""
    found: list[StoredEvent] = []
    unknown: list[str] = []
    for event_id in dict.fromkeys(ids):
        before = len(found)
        for each in (mode,) if mode else tuple(Mode):
            event = await platform.store.find_event(event_id, each)
            if event is not None:
                found.append(event)
        if len(found) == before:
            unknown.append(event_id)
    return found, unknown


async def measure_events(platform: Platform, events: Sequence[StoredEvent]) -> Extent:
    """Count what a replay of exactly these events would do; change nothing."""
    meant: list[tuple[Mode, str]] = []
    for event in events:
        name = event.stripe_account_id
        account = name and await platform.store.find_account_by_stripe_id(name, event.mode)
        if name and account and not account.is_disconnected:
            meant.append((event.mode, name))
    return Extent(len(meant), len(set(meant)), len(events) - len(meant))


async def replay_these(
    platform: Platform, caller: Caller, events: Sequence[StoredEvent]
) -> Replayed:
    """Replay exactly these events, each in a commit of its own, with one audit row before all.

    Raises:
        StoreUnavailable: the database gives no answer; the events before stay replayed.
    """
    told = ",".join(event.id for event in events[:_MOST_IDS_TOLD])
    extent = await measure_events(platform, events)
    await write_audit(
        platform,
        AuditAction.EVENT_REPLAY,
        outcome="begun",
        caller=caller,
        details={"ids": told, **_sizes(extent.events, extent.accounts)},
    )
    replayed = 0
    for event in events:
        done = await platform.store.replay_event(event.id, event.mode, platform.clock())
        replayed += done.events
    platform.journal.note(LogEvent.EVENT_REPLAYED, count=replayed)
    return Replayed(replayed, extent.accounts)


async def _walk(platform: Platform, which: EventFilter) -> AsyncIterator[Sequence[WalkedEvent]]:
    after: EventKey | None = None
    while page := await platform.store.walk_events(which, after=after, limit=PORTION):
        after = page[-1].key
        yield page


def _until_now(platform: Platform, which: EventFilter) -> EventFilter:
    # What comes in from now on is new: a replay that ran after it would never end.
    now = platform.clock() + _MOMENT
    return replace(which, before=min(which.before or now, now))


def _told(which: EventFilter) -> dict[str, Detail]:
    words: dict[str, Detail] = {
        "mode": which.mode,
        "endpoint": which.endpoint,
        "status": which.status,
        "account": which.stripe_account_id,
        "type": which.type,
        "since": which.since.isoformat() if which.since else None,
        "before": which.before.isoformat() if which.before else None,
    }
    return {name: word for name, word in words.items() if word is not None}


def _sizes(events: int, accounts: int) -> dict[str, Detail]:
    return {"events": events, "accounts": accounts}
