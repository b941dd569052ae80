"""How does v2 show an event destination?

Its address is shown to who asks for it (`include`), its secret once, with the answer to its making.

Source: Stripe's API reference, "Event destinations", API version 2026-10-28.
"""

from collections.abc import Collection
from typing import Any

from aboard.sandbox.destinations import Destination
from aboard.sandbox.views.v2.moments import moment
from aboard.sandbox.world import World

URL, SECRET = "webhook_endpoint.url", "webhook_endpoint.signing_secret"


def render(world: World, destination: Destination, include: Collection[str] = ()) -> dict[str, Any]:
    """Return a destination with what was asked for besides."""
    by_user = {"disabled": {"reason": "user"}}
    return {
        "id": destination.id,
        "object": "v2.core.event_destination",
        "amazon_eventbridge": None,
        "azure_event_grid": None,
        "created": moment(destination.created),
        "description": destination.description or "",
        "enabled_events": list(destination.enabled_events),
        "event_payload": "thin" if destination.is_thin else "snapshot",
        "events_from": list(destination.scopes),
        "livemode": world.livemode,
        "metadata": destination.metadata,
        "name": destination.name,
        "snapshot_api_version": destination.api_version,
        "status": "disabled" if destination.is_disabled else "enabled",
        "status_details": by_user if destination.is_disabled else None,
        "type": "webhook_endpoint",
        "updated": moment(destination.updated),
        "webhook_endpoint": {
            "signing_secret": destination.secret if SECRET in include else None,
            "url": destination.url if URL in include else None,
        },
    }
