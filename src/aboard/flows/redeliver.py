"""Tell again what was told before, or should have been: one announcement, a window, all that died.

Nobody is told what they do not want, and nobody who is disabled. A receiver sees the same
`webhook-id` again. Each replay is one audit row, also one that was broken off.

Source: ADR-0025, outgoing events; docs/webhooks.md, telling again.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from aboard.core.caller import Caller
from aboard.core.subscribers import Subscriber
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.subscribers import get_subscriber
from aboard.store import DeliveryStatus, StoredDelivery
from aboard.store.records import Detail


class AnnouncementUnknown(Exception):
    """There is no such announcement, or none any more."""


async def list_deliveries(
    platform: Platform,
    subscriber_id: str,
    *,
    status: DeliveryStatus | None = None,
    limit: int = 50,
) -> Sequence[StoredDelivery]:
    """Return a subscriber's deliveries, newest first, of one status or of any.

    Raises:
        SubscriberUnknown: there is none, or none any more.
        StoreUnavailable: they cannot be read.
    """
    await get_subscriber(platform, subscriber_id)
    return await platform.store.list_deliveries(subscriber_id, status=status, limit=limit)


async def replay_announcement(
    platform: Platform, caller: Caller, announcement_id: str, subscriber_id: str | None = None
) -> int:
    """Tell one announcement again to everybody who wants it, or to one; return to how many.

    Raises:
        AnnouncementUnknown: there is none, or none any more.
        SubscriberUnknown: there is no such subscriber.
        StoreUnavailable: it cannot be written down.
    """
    store, now = platform.store, platform.clock()
    announcement = await store.find_announcement(announcement_id)
    if announcement is None:
        raise AnnouncementUnknown
    if subscriber_id is None:
        subscribers = await store.list_subscribers(announcement.owner.mode)
    else:
        subscribers = [await get_subscriber(platform, subscriber_id)]
    count = 0
    for each in subscribers:
        count += await store.replay_announcement(each.id, announcement_id, now)
    details = {"announcement": announcement_id, "subscriber": subscriber_id}
    await _tell(platform, caller, count, details)
    return count


async def replay_window(
    platform: Platform, caller: Caller, subscriber: Subscriber, since: datetime, until: datetime
) -> AsyncIterator[int]:
    """Tell a subscriber again what it wants of a window; yield how many each commit made due.

    `since` is included, `until` is not; both are aware UTC. What was never sent to it is sent too:
    so is told what was announced while it was disabled, or before it was there.

    Raises:
        StoreUnavailable: it cannot be written down; what was yielded is due.
    """
    details = {
        "subscriber": subscriber.id,
        "since": since.isoformat(),
        "until": until.isoformat(),
    }
    portions = platform.store.replay_window(subscriber, since, until, platform.clock())
    async for count in _counted(platform, caller, portions, details):
        yield count


async def replay_dead(
    platform: Platform, caller: Caller, subscriber: Subscriber
) -> AsyncIterator[int]:
    """Tell a subscriber again all that is dead; yield how many each commit made due.

    Nothing is told while it is disabled: enable it first.

    Raises:
        StoreUnavailable: it cannot be written down; what was yielded is due.
    """
    portions = platform.store.replay_dead(subscriber.id, platform.clock())
    details = {"subscriber": subscriber.id, "status": DeliveryStatus.DEAD.value}
    async for count in _counted(platform, caller, portions, details):
        yield count


async def _counted(
    platform: Platform,
    caller: Caller,
    portions: AsyncIterator[int],
    details: dict[str, str],
) -> AsyncIterator[int]:
    total = 0
    try:
        async for count in portions:
            total += count
            yield count
    finally:
        await _tell(platform, caller, total, details)


async def _tell(
    platform: Platform, caller: Caller, count: int, details: dict[str, str] | dict[str, str | None]
) -> None:
    said: dict[str, Detail] = {**details, "count": count}
    await write_audit(
        platform, AuditAction.DELIVERY_REPLAY, outcome="replayed", caller=caller, details=said
    )
    platform.journal.note(
        LogEvent.DELIVERY_REPLAYED, subscriber_id=details.get("subscriber"), count=count
    )
