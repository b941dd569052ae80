"""Something happened: remember it, and queue it for those who want to know.

What this costs does not grow with how many accounts there are, nor with how much happened before.
"""

from collections.abc import Iterator

import msgspec

from aboard.sandbox.account import Account
from aboard.sandbox.destinations import Destination, thin_kind
from aboard.sandbox.events import Delivery, Endpoint, Event
from aboard.sandbox.forgetting import forget
from aboard.sandbox.world import World

KEPT_SECONDS = 30 * 24 * 3600
_SWEEP_SECONDS = 24 * 3600


def emit(
    world: World,
    kind: str,
    thing: object,
    *,
    account: Account | None,
    previous: object = None,
) -> Event:
    """Remember that something happened, and queue it for every endpoint that wants to know."""
    account_id = None if account is None else account.id
    event = _remember(world, kind, thing, account_id, previous)
    for endpoint in listeners(world, event):
        _queue(world, event, endpoint)
    if event.pending:
        world.wake()
    return event


def emit_to(world: World, destination: Destination, kind: str, thing: object) -> Event:
    """Remember that something happened, and queue it for one destination alone."""
    event = _remember(world, kind, thing, destination.owner, None)
    _queue(world, event, destination)
    world.wake()
    return event


def _remember(
    world: World, kind: str, thing: object, account_id: str | None, previous: object
) -> Event:
    event = Event(
        id=world.ids.new("evt"),
        kind=kind,
        created=world.now(),
        account_id=account_id,
        object_json=msgspec.json.encode(thing),
        previous_json=None if previous is None else msgspec.json.encode(previous),
        cause=world.cause,
    )
    _sweep(world, event.created)
    world.shelf(Event, event.account_id).add(event.id, event)
    world.news.append(event)
    return event


def listeners(world: World, event: Event) -> Iterator[Endpoint]:
    """Go through the endpoints and destinations that want to know of an event."""
    owners = (None,) if event.account_id is None else (None, event.account_id)
    for kind in (Endpoint, Destination):
        for owner in owners:
            for endpoint in world.shelves.find(kind, owner):
                is_meant = endpoint.listens_to(event.account_id) and endpoint.hears(event.kind)
                if is_meant and not endpoint.is_disabled:
                    yield endpoint


def _queue(world: World, event: Event, endpoint: Endpoint) -> None:
    chaos = endpoint.chaos or world.policy.chaos
    delivery = new_delivery(world, event, endpoint, at=event.created + chaos.delay_seconds)
    event.pending += 1
    if chaos.drops(delivery.id):
        delivery.is_dropped, delivery.next_at = True, None
    elif chaos.duplicates(delivery.id):
        extra = new_delivery(world, event, endpoint, at=delivery.next_at)
        extra.is_extra = True
        world.deliveries.add(extra)
    world.deliveries.add(delivery)


def new_delivery(world: World, event: Event, endpoint: Endpoint, *, at: int | None) -> Delivery:
    """Return a delivery of an event to an endpoint, due at `at` (unix seconds) or never."""
    return Delivery(
        id=world.ids.new("del"),
        event_id=event.id,
        kind=_kind_for(endpoint, event),
        account_id=event.account_id,
        endpoint_id=endpoint.id,
        endpoint_owner=endpoint.owner,
        created=world.now(),
        next_at=at,
    )


def _kind_for(endpoint: Endpoint, event: Event) -> str:
    is_thin = isinstance(endpoint, Destination) and endpoint.takes_thin(event.kind)
    return thin_kind(event.kind) or event.kind if is_thin else event.kind


def find_endpoint(world: World, endpoint_id: str, owner: str | None) -> Endpoint | None:
    """Return the endpoint or destination with an id, if it is still there."""
    kind = Destination if endpoint_id.startswith("ed_") else Endpoint
    return world.shelf(kind, owner).get(endpoint_id)


def _sweep(world: World, now: int) -> None:
    """Forget events that the API does not show any more, once a day on the clock."""
    if now < world.swept_at + _SWEEP_SECONDS:
        return
    world.swept_at = now
    for kind, _, shelf in world.shelves.every():
        if kind is Event:
            forget(shelf, now - KEPT_SECONDS + 1)
