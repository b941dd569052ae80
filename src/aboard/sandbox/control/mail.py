"""What happened, who was told, and how did that go? Events, deliveries, endpoints and chaos."""

from collections.abc import Iterator

from aboard.sandbox.chaos import NO_CHAOS, Chaos
from aboard.sandbox.control.desk import MOST_ROWS, Answer, Visitor, chosen_worlds, listed
from aboard.sandbox.destinations import ACCOUNTS, Destination, event_id_of, is_of_v2
from aboard.sandbox.emit import listeners, new_delivery
from aboard.sandbox.events import Delivery, Endpoint, Event
from aboard.sandbox.views.v1 import event_view
from aboard.sandbox.views.v2 import event_view as thin_event_view
from aboard.sandbox.wire.errors import bad, no_such
from aboard.sandbox.world import World


def _is_of(visitor: Visitor, account_id: str | None) -> bool:
    wanted = visitor.params.get("account")
    return wanted is None or wanted == account_id


def show_events(visitor: Visitor) -> Answer:
    """List the latest events of all accounts, newest first."""
    rows = (
        _show_event(world, event)
        for world in chosen_worlds(visitor)
        for event in reversed(tuple(world.news))
        if _is_of(visitor, event.account_id)
    )
    return listed(visitor, rows)


def _show_event(world: World, event: Event) -> Answer:
    if is_of_v2(event.kind):
        return thin_event_view.render(world, event)
    return event_view.render(world, event)


def show_delivery(world: World, delivery: Delivery) -> Answer:
    """Return a delivery with every attempt."""
    return {
        "id": delivery.id,
        "object": "delivery",
        "account": delivery.account_id,
        "attempts": [
            {
                "at": tried.at,
                "status": tried.status,
                "failure": tried.failure,
                "milliseconds": tried.milliseconds,
                "manual": tried.is_manual,
            }
            for tried in delivery.attempts
        ],
        "created": delivery.created,
        "endpoint": delivery.endpoint_id,
        "event": delivery.event_id,
        "livemode": world.livemode,
        "next_at": delivery.next_at,
        "repeated": delivery.is_extra,
        "state": delivery.state,
        "type": delivery.kind,
    }


def show_deliveries(visitor: Visitor) -> Answer:
    """List the deliveries with every attempt, newest first."""

    def rows() -> Iterator[Answer]:
        for world in chosen_worlds(visitor):
            newest, _ = world.deliveries.shelf.page(
                limit=MOST_ROWS + 1, keep=lambda each: _is_of(visitor, each.account_id)
            )
            yield from (show_delivery(world, delivery) for delivery in newest)

    return listed(visitor, rows())


def show_endpoints(visitor: Visitor) -> Answer:
    """List the webhook endpoints and event destinations, without their secrets."""

    def rows() -> Iterator[Answer]:
        for world in chosen_worlds(visitor):
            for endpoint in _endpoints(world):
                yield {
                    "id": endpoint.id,
                    "object": _name_of(endpoint),
                    "account": endpoint.owner,
                    "connect": _is_for_accounts(endpoint),
                    "enabled_events": list(endpoint.enabled_events),
                    "livemode": world.livemode,
                    "platform": world.platform.id,
                    "status": "disabled" if endpoint.is_disabled else "enabled",
                    "url": endpoint.url,
                    "chaos": None if endpoint.chaos is None else _show_chaos(endpoint.chaos),
                }

    return listed(visitor, rows())


def _endpoints(world: World) -> Iterator[Endpoint]:
    for kind, _, shelf in world.shelves.every():
        if kind in {Endpoint, Destination}:
            yield from shelf


def _is_for_accounts(endpoint: Endpoint) -> bool:
    if isinstance(endpoint, Destination):
        return ACCOUNTS in endpoint.scopes
    return endpoint.is_connect


def _name_of(endpoint: Endpoint) -> str:
    return "event_destination" if isinstance(endpoint, Destination) else "webhook_endpoint"


async def resend(visitor: Visitor) -> Answer:
    """Try a delivery once more, now, whatever its state."""
    key = visitor.ids[0]
    for world in visitor.worlds:
        delivery = world.deliveries.shelf.get(key)
        if delivery is not None:
            if await visitor.postman().resend(world, delivery) is None:
                raise bad("Its event or its endpoint is gone, or the endpoint is disabled.", "id")
            return show_delivery(world, delivery)
    raise no_such("delivery", key, "id", is_in_path=True)


async def resend_event(visitor: Visitor) -> Answer:
    """Send an event once more, now, to all who listen or to one `endpoint`."""
    world, event = _find_event(visitor, event_id_of(visitor.ids[0]))
    endpoints = list(listeners(world, event))
    wanted = visitor.params.get("endpoint")
    if wanted is not None:
        endpoints = [each for each in endpoints if each.id == wanted]
        if not endpoints:
            raise no_such("webhook endpoint", wanted, "endpoint", is_in_path=False)
    sent = []
    for endpoint in endpoints:
        delivery = _delivery_of(world, event, endpoint)
        if await visitor.postman().resend(world, delivery) is not None:
            sent.append(show_delivery(world, delivery))
    return {"object": "list", "data": sent, "has_more": False}


def _delivery_of(world: World, event: Event, endpoint: Endpoint) -> Delivery:
    found, _ = world.deliveries.shelf.page(
        limit=1,
        keep=lambda each: each.event_id == event.id and each.endpoint_id == endpoint.id,
    )
    if found:
        return found[0]
    delivery = new_delivery(world, event, endpoint, at=None)
    delivery.is_extra = True
    world.deliveries.add(delivery)
    return delivery


def _find_event(visitor: Visitor, event_id: str) -> tuple[World, Event]:
    for world in visitor.worlds:
        for kind, _, shelf in world.shelves.every():
            if kind is Event and event_id in shelf:
                found: Event | None = shelf.get(event_id)
                if found is not None:
                    return world, found
    raise no_such("event", event_id, "id", is_in_path=True)


def _show_chaos(chaos: Chaos) -> Answer:
    return {
        "duplicate": chaos.duplicate,
        "drop": chaos.drop,
        "delay": chaos.delay_seconds,
        "reverse": chaos.is_reversed,
        "slow": chaos.slow_seconds,
    }


def show_chaos(visitor: Visitor) -> Answer:
    """Tell what goes wrong on the way to endpoints that have no chaos of their own."""
    return {"object": "chaos", **_show_chaos(visitor.worlds.policy.chaos)}


def change_chaos(visitor: Visitor) -> Answer:
    """Let deliveries go wrong, to all endpoints or to one; what is not named goes well again.

    `duplicate`, `drop`: chances from 0 to 1. `delay`: seconds on the clock. `slow`: seconds of
    real time before each attempt. `reverse`: what is due together goes newest first.
    """
    params = visitor.params
    for name in ("duplicate", "drop"):
        if not 0 <= params.get(name, 0.0) <= 1:
            raise bad("A chance is a number from 0 to 1.", name)
    if not 0 <= params.get("slow", 0.0) <= 60:  # noqa: PLR2004 - nobody waits longer
        raise bad("An attempt may wait from 0 to 60 seconds.", "slow")
    chaos = Chaos(
        duplicate=params.get("duplicate", 0.0),
        drop=params.get("drop", 0.0),
        delay_seconds=params.get("delay", 0),
        is_reversed=params.get("reverse", False),
        slow_seconds=params.get("slow", 0.0),
    )
    wanted = params.get("endpoint")
    if wanted is None:
        visitor.worlds.policy.chaos = chaos
        return show_chaos(visitor)
    world, endpoint = _find_endpoint(visitor, wanted)
    endpoint.chaos = chaos
    world.shelf(type(endpoint), endpoint.owner).touch(endpoint.id)
    return {"object": "chaos", "endpoint": endpoint.id, **_show_chaos(chaos)}


def end_chaos(visitor: Visitor) -> Answer:
    """Let everything go well again, to all endpoints."""
    visitor.worlds.policy.chaos = NO_CHAOS
    for world in visitor.worlds:
        for endpoint in _endpoints(world):
            endpoint.chaos = None
            world.shelf(type(endpoint), endpoint.owner).touch(endpoint.id)
    return show_chaos(visitor)


def _find_endpoint(visitor: Visitor, endpoint_id: str) -> tuple[World, Endpoint]:
    for world in visitor.worlds:
        for endpoint in _endpoints(world):
            if endpoint.id == endpoint_id:
                return world, endpoint
    raise no_such("webhook endpoint", endpoint_id, "endpoint", is_in_path=False)
