"""How does v2 show an event, and what of it is sent to a destination?

What is sent is thin: it says what happened to what, and nothing of how that looks now. Who asks
for the event is told besides what changed, and which event of v1 tells the same.

Source: Stripe's API reference, "Events" (v2), API version 2026-10-28.
"""

from typing import Any

import msgspec

from aboard.sandbox.destinations import PING, is_of_v2, thin_id, thin_kind
from aboard.sandbox.events import Endpoint, Event
from aboard.sandbox.views.v2.moments import moment
from aboard.sandbox.world import World

_PERSON, _CAPABILITY = "person.", "capability."


class _Head(msgspec.Struct, frozen=True):
    """The part of an event's object that names it."""

    id: str = ""


def related_object(event: Event) -> dict[str, Any] | None:
    """Return what an event is about, or `None` where Stripe's thin form names nothing."""
    found = msgspec.json.decode(event.object_json, type=_Head)
    account = f"/v1/accounts/{event.account_id}"
    if event.kind == PING:
        kind, url = "v2.core.event_destination", f"/v2/core/event_destinations/{found.id}"
    elif event.kind == "account.updated":
        kind, url = "account", f"/v1/accounts/{found.id}"
    elif event.kind.startswith(_PERSON):
        kind, url = "person", f"{account}/persons/{found.id}"
    elif event.kind.startswith(_CAPABILITY):
        kind, url = "capability", f"{account}/capabilities/{found.id}"
    else:
        return None
    return {"id": found.id, "type": kind, "url": url}


def render_thin(world: World, event: Event) -> dict[str, Any]:
    """Return an event in thin form."""
    cause = event.cause
    request = {"id": cause.request_id, "idempotency_key": cause.idempotency_key or ""}
    shown = {
        "id": thin_id(event, livemode=world.livemode),
        "object": "v2.core.event",
        "type": thin_kind(event.kind),
        "created": moment(event.created),
        "livemode": world.livemode,
        "context": event.account_id,
        "reason": None if cause.request_id is None else {"type": "request", "request": request},
    }
    related = related_object(event)
    if related is not None:
        shown["related_object"] = related
    return shown


def render(world: World, event: Event) -> dict[str, Any]:
    """Return an event as it is shown to who asks for it."""
    shown = {**render_thin(world, event), "changes": _changes(event)}
    if not is_of_v2(event.kind):
        shown["snapshot_event"] = event.id
    return shown


def payload(world: World, event: Event, endpoint: Endpoint) -> bytes:
    """Return the body that goes to a destination; its own account's events have no context."""
    shown = render_thin(world, event)
    if endpoint.owner is not None:
        shown["context"] = None
    return msgspec.json.encode(shown)


def _changes(event: Event) -> dict[str, Any] | None:
    """Return what was before and after, of what changed; `None` where nothing did."""
    if event.previous_json is None:
        return None
    before = msgspec.json.decode(event.previous_json, type=dict[str, Any])
    now = msgspec.json.decode(event.object_json, type=dict[str, Any])
    return {"before": before, "after": _same_keys(before, now)}


def _same_keys(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    after: dict[str, Any] = {}
    for key, old in before.items():
        new = now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            new = _same_keys(old, new)
        after[key] = new
    return after
