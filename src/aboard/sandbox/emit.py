"""Something happened: remember it, and queue it for those who want to know."""

import msgspec

from aboard.sandbox.account import Account
from aboard.sandbox.events import Delivery, Event
from aboard.sandbox.world import World


def emit(
    world: World,
    kind: str,
    thing: object,
    *,
    account: Account | None,
    previous: object = None,
) -> Event:
    """Remember that something happened, and queue it for every endpoint that wants to know."""
    event = Event(
        id=world.ids.new("evt"),
        kind=kind,
        created=world.now(),
        account_id=None if account is None else account.id,
        object_json=msgspec.json.encode(thing),
        previous_json=None if previous is None else msgspec.json.encode(previous),
        cause=world.cause,
    )
    world.events.add(event.id, event)
    for endpoint in world.endpoints:
        if endpoint.is_disabled or not endpoint.listens_to(event.account_id):
            continue
        if endpoint.hears(kind):
            delivery = Delivery(world.ids.new("del"), event, endpoint, event.created, event.created)
            world.deliveries.add(delivery.id, delivery)
            world.waiting[delivery.id] = delivery
            event.pending += 1
            event.is_delivered = False
    if event.pending:
        world.wake()
    return event
