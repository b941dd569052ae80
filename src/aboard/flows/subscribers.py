"""Say who is told what happens: addresses of the platform's own, each with a secret of its own.

The secret is told once when it is made, and again only to who asks for it on purpose. Whatever is
done here is audited, in the commit that does it.

Source: ADR-0025, outgoing events; docs/webhooks.md, what Aboard tells you.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from aboard.core.caller import Caller
from aboard.core.deliveries import Answered, write_ping
from aboard.core.errors import StoreUnavailable
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.core.signing import GRACE, make_secret, signing_secrets
from aboard.core.state import KeyRing
from aboard.core.subscribers import (
    DisabledFor,
    Generation,
    Subscriber,
    read_description,
    read_types,
    read_url,
)
from aboard.flows.audit import AuditAction, write_audit
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.post import Parcel
from aboard.store import AuditEntry, DeliveryCounts
from aboard.store.records import Detail

LONGEST_GRACE = timedelta(days=30)
_ID_BYTES = 12
_TRIES = 20


class SubscriberUnknown(Exception):
    """There is no such subscriber, or none any more."""


class SubscribersFull(Exception):
    """The mode has as many subscribers as there may be."""


class NothingToSignWith(Exception):
    """There are no keys in the settings that secrets could be made by."""


class NothingToSendWith(Exception):
    """This process was built without a way to send anything."""


@dataclass(frozen=True, slots=True)
class Told:
    """A subscriber and its signing secret, which was made just now or asked for on purpose."""

    subscriber: Subscriber
    secret: Secret


async def add_subscriber(
    platform: Platform,
    caller: Caller,
    mode: Mode,
    url: str,
    *,
    description: str = "",
    types: Iterable[str] = (),
) -> Told:
    """Add an address that is told what is announced from now on; no types for all of them.

    Raises:
        AddressRefused: the address will not do.
        InputRefused: there is no such type, or the description will not do.
        NothingToSignWith: the settings have no keys for secrets.
        SubscribersFull: the mode has its fill.
        StoreUnavailable: it cannot be written down.
    """
    keys, now = _keys(platform), platform.clock()
    subscriber = Subscriber(
        id=f"sub_{secrets.token_hex(_ID_BYTES)}",
        mode=mode,
        url=read_url(url),
        description=read_description(description),
        types=read_types(types),
        created_at=now,
        created_by=caller.user_id,
        secret=Generation(keys.current, 1),
    )
    audit = _audit(platform, caller, subscriber, "added", origin=subscriber.origin)
    if not await platform.store.add_subscriber(subscriber, audit):
        raise SubscribersFull
    _note(platform, subscriber, "added")
    return Told(subscriber, make_secret(keys, subscriber.id, subscriber.secret))


async def list_subscribers(platform: Platform) -> Sequence[Subscriber]:
    """Return all subscribers by mode, the oldest first.

    Raises:
        StoreUnavailable: they cannot be read.
    """
    return [each for mode in Mode for each in await platform.store.list_subscribers(mode)]


async def get_subscriber(platform: Platform, subscriber_id: str) -> Subscriber:
    """Return one subscriber.

    Raises:
        SubscriberUnknown: there is none, or none any more.
        StoreUnavailable: it cannot be read.
    """
    subscriber = await platform.store.find_subscriber(subscriber_id)
    if subscriber is None:
        raise SubscriberUnknown
    return subscriber


async def count_deliveries(platform: Platform, subscriber_id: str) -> DeliveryCounts:
    """Return how many deliveries of a subscriber are open, and how many are dead.

    Raises:
        StoreUnavailable: they cannot be read.
    """
    return await platform.store.count_deliveries(subscriber_id)


async def change_subscriber(
    platform: Platform,
    caller: Caller,
    subscriber_id: str,
    *,
    url: str | None = None,
    description: str | None = None,
    types: Iterable[str] | None = None,
) -> Subscriber:
    """Change what is given, and leave the rest; what is on its way goes to the new address.

    Raises:
        AddressRefused: the address will not do.
        InputRefused: there is no such type, or the description will not do.
        SubscriberUnknown: there is none, or none any more.
        StoreUnavailable: it cannot be written down.
    """
    before = await get_subscriber(platform, subscriber_id)
    after = replace(
        before,
        url=before.url if url is None else read_url(url),
        description=before.description if description is None else read_description(description),
        types=before.types if types is None else read_types(types),
    )
    audit = _audit(platform, caller, after, "changed", origin=after.origin)
    if not await platform.store.change_subscriber(after, audit):
        raise SubscriberUnknown
    _note(platform, after, "changed")
    return after


async def disable_subscriber(platform: Platform, caller: Caller, subscriber_id: str) -> Subscriber:
    """Tell it nothing any more; what is on its way becomes dead. Harmless when repeated.

    Raises:
        SubscriberUnknown: there is none, or none any more.
        StoreUnavailable: it cannot be written down.
    """
    subscriber = await get_subscriber(platform, subscriber_id)
    audit = _audit(platform, caller, subscriber, "disabled", reason=DisabledFor.OPERATOR.value)
    now = platform.clock()
    if await platform.store.disable_subscriber(subscriber_id, DisabledFor.OPERATOR, now, audit):
        _note(platform, subscriber, "disabled")
    return await get_subscriber(platform, subscriber_id)


async def enable_subscriber(platform: Platform, caller: Caller, subscriber_id: str) -> Subscriber:
    """Tell it again what is announced from now on. Harmless when repeated.

    Raises:
        SubscriberUnknown: there is none, or none any more.
        StoreUnavailable: it cannot be written down.
    """
    subscriber = await get_subscriber(platform, subscriber_id)
    audit = _audit(platform, caller, subscriber, "enabled")
    if await platform.store.enable_subscriber(subscriber_id, audit):
        _note(platform, subscriber, "enabled")
    return await get_subscriber(platform, subscriber_id)


async def remove_subscriber(platform: Platform, caller: Caller, subscriber_id: str) -> None:
    """Forget a subscriber's address for good; what is on its way becomes dead.

    Raises:
        SubscriberUnknown: there is none, or none any more.
        StoreUnavailable: it cannot be written down.
    """
    subscriber = await get_subscriber(platform, subscriber_id)
    audit = _audit(platform, caller, subscriber, "removed", origin=subscriber.origin)
    if not await platform.store.remove_subscriber(subscriber_id, platform.clock(), audit):
        raise SubscriberUnknown
    _note(platform, subscriber, "removed")


async def rotate_secret(
    platform: Platform, caller: Caller, subscriber_id: str, *, grace: timedelta = GRACE
) -> Told:
    """Make a new secret, by the first of the keys; the one before signs too for the grace.

    Raises:
        NothingToSignWith: the settings have no keys for secrets.
        SubscriberUnknown: there is none, or none any more.
        StoreUnavailable: it cannot be written down, or too many rotate it at once.
    """
    keys = _keys(platform)
    until = platform.clock() + min(max(grace, timedelta(0)), LONGEST_GRACE)
    for _ in range(_TRIES):
        seen = await get_subscriber(platform, subscriber_id)
        audit = _audit(platform, caller, seen, "rotated", generation=seen.secret.number + 1)
        if await platform.store.rotate_secret(seen, keys.current, audit, previous_until=until):
            _note(platform, seen, "rotated")
            secret = Generation(keys.current, seen.secret.number + 1)
            rotated = replace(seen, secret=secret, previous=seen.secret, previous_until=until)
            return Told(rotated, make_secret(keys, subscriber_id, secret))
    raise StoreUnavailable("contended")


async def show_secret(platform: Platform, caller: Caller, subscriber_id: str) -> Told:
    """Make a subscriber's secret once more, to be told to who asked; audited.

    Raises:
        SigningKeyMissing: the key that it is made by is not in the settings.
        SubscriberUnknown: there is none, or none any more.
        StoreUnavailable: it cannot be written down that somebody saw it.
    """
    subscriber = await get_subscriber(platform, subscriber_id)
    secret = make_secret(platform.outgoing_keys, subscriber_id, subscriber.secret)
    await _write_audit(platform, caller, subscriber, "secret_shown")
    return Told(subscriber, secret)


async def try_subscriber(platform: Platform, caller: Caller, subscriber_id: str) -> Answered:
    """Send a signed `connect.test.ping` once, whatever types it wants; say how it was answered.

    Raises:
        NothingToSendWith: this process cannot send.
        SigningKeyMissing: the key that its secret is made by is not in the settings.
        SubscriberUnknown: there is none, or none any more.
        StoreUnavailable: it cannot be read, or not be written down.
    """
    if platform.post is None:
        raise NothingToSendWith
    subscriber, now = await get_subscriber(platform, subscriber_id), platform.clock()
    event_id = f"ping_{secrets.token_hex(_ID_BYTES)}"
    parcel = Parcel(
        url=subscriber.url,
        event_id=event_id,
        sent_at=now,
        body=write_ping(event_id, now, subscriber.mode, subscriber.id),
        secrets=signing_secrets(platform.outgoing_keys, subscriber, now),
    )
    answered = await platform.post(parcel)
    await _write_audit(platform, caller, subscriber, "tried", answer=answered.word)
    return answered


def _keys(platform: Platform) -> KeyRing:
    if platform.outgoing_keys is None:
        raise NothingToSignWith
    return platform.outgoing_keys


def _audit(
    platform: Platform, caller: Caller, subscriber: Subscriber, outcome: str, **details: Detail
) -> AuditEntry:
    return AuditEntry(
        at=platform.clock(),
        actor=caller.user_id,
        action=AuditAction.SUBSCRIBER_CHANGE.value,
        outcome=outcome,
        details={"subscriber": subscriber.id, "mode": subscriber.mode.value, **details},
    )


async def _write_audit(
    platform: Platform, caller: Caller, subscriber: Subscriber, outcome: str, **details: Detail
) -> None:
    await write_audit(
        platform,
        AuditAction.SUBSCRIBER_CHANGE,
        outcome=outcome,
        caller=caller,
        details={"subscriber": subscriber.id, "mode": subscriber.mode.value, **details},
    )


def _note(platform: Platform, subscriber: Subscriber, outcome: str) -> None:
    platform.journal.note(
        LogEvent.SUBSCRIBER_CHANGED,
        subscriber_id=subscriber.id,
        mode=subscriber.mode,
        outcome=outcome,
    )
