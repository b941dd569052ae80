"""How does v1 show an event, and what is sent to an endpoint?

Source: Stripe's API reference, "Events", API version 2026-10-28.
"""

from typing import Any

import msgspec

from aboard.sandbox.events import API_VERSION, Endpoint, Event
from aboard.sandbox.world import World


def render(world: World, event: Event, api_version: str | None = None) -> dict[str, Any]:
    """Return the event as it reads now; its object stays as it was when it happened."""
    data: dict[str, Any] = {"object": msgspec.Raw(event.object_json)}
    if event.previous_json is not None:
        data["previous_attributes"] = msgspec.Raw(event.previous_json)
    shown = {
        "id": event.id,
        "object": "event",
        "api_version": api_version or API_VERSION,
        "created": event.created,
        "data": data,
        "livemode": world.livemode,
        "pending_webhooks": event.pending,
        "request": {
            "id": event.cause.request_id,
            "idempotency_key": event.cause.idempotency_key,
        },
        "type": event.kind,
    }
    if event.account_id is not None:
        shown["account"] = event.account_id
    return shown


def payload(world: World, event: Event, endpoint: Endpoint) -> bytes:
    """Return the body that goes to an endpoint; its own account's events name no account."""
    shown = render(world, event, endpoint.api_version)
    if endpoint.owner is not None:
        shown.pop("account", None)
    return msgspec.json.format(msgspec.json.encode(shown), indent=2)
