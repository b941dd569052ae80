"""Forget what has had its time: keys, spent states and tickets, sessions; old rows of every kind.

What is old is deleted a portion at a time, each a short commit of its own, so that nobody waits
for it. Several workers at once do each other no harm.

Source: ADR-0024, what was missed is asked for, and what is old is forgotten; docs/self-hosting.md.
"""

from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform

PORTION = 1000
PORTIONS = 50
"""How many portions of a kind one round deletes; what is left waits for the next round."""


async def forget_expired(platform: Platform) -> int:
    """Delete rows whose time is over, in one commit; return how many went."""
    return await platform.store.forget_expired(platform.clock())


async def prune_old(platform: Platform) -> bool:
    """Delete rows that are older than they are kept; say whether there are more of them.

    Events that are pending stay, and so do announcements that somebody is still to be told.

    Raises:
        StoreUnavailable: the database gives no answer; the portions before are gone.
    """
    store, keep, now = platform.store, platform.retention, platform.clock()
    is_more = False
    for name, kept_for, prune in (
        ("events", keep.events, store.prune_events),
        ("announcements", keep.announcements, store.prune_announcements),
        ("audit", keep.audit, store.prune_audit),
        ("gateway_calls", keep.gateway_calls, store.prune_gateway_calls),
    ):
        if kept_for is None:
            continue
        count = last = 0
        for _ in range(PORTIONS):
            last = await prune(now - kept_for, limit=PORTION)
            count += last
            if last < PORTION:
                break
        if count:
            platform.journal.note(LogEvent.ROWS_PRUNED, case=name, count=count)
        is_more = is_more or last == PORTION
    return is_more
