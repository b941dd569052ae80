"""Event destinations: who wants to know of what, in which form. The secret is shown once.

Source: Stripe's API reference, "Event destinations", API version 2026-10-28.
"""

import re
from typing import Any

from aboard.sandbox.call import Call, Route, Thing
from aboard.sandbox.destinations import ACCOUNTS, PING, SELF, Destination
from aboard.sandbox.emit import emit_to
from aboard.sandbox.v1.event_types import EVENT_TYPES
from aboard.sandbox.v2.paging import PAGE, Asked, page
from aboard.sandbox.v2.thin_types import THIN_TYPES
from aboard.sandbox.views.v2 import destination_view, event_view
from aboard.sandbox.wire.errors import StripeError, bad, no_such, shown
from aboard.sandbox.wire.params import (
    Choice,
    Hash,
    Items,
    Kind,
    Metadata,
    Params,
    Text,
    Url,
    merge_metadata,
)

MOST = 16
_VERSION = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}(\.[a-z]{1,20})?")
_URL = Items(Choice((destination_view.URL,)))
_COMMON: dict[str, Kind] = {
    "description": Text(),
    "enabled_events": Items(Text(is_required=True)),
    "include": _URL,
    "metadata": Metadata(),
    "name": Text(is_clearable=False),
    "webhook_endpoint": Hash({"url": Url(is_required=True)}),
}
CREATE = Params(
    {
        **_COMMON,
        "enabled_events": Items(Text(is_required=True), is_required=True),
        "event_payload": Choice(("snapshot", "thin"), is_required=True),
        "events_from": Items(Choice((SELF, ACCOUNTS))),
        "include": Items(Choice((destination_view.SECRET, destination_view.URL))),
        "name": Text(is_required=True),
        "snapshot_api_version": Text(),
        "type": Choice(("webhook_endpoint",), is_required=True),
        "webhook_endpoint": Hash({"url": Url(is_required=True)}, is_required=True),
    }
)
UPDATE = Params(_COMMON)
SHOW = Params({"include": _URL})


def _get(call: Call) -> Destination:
    destination = call.world.shelf(Destination, call.owner).get(call.ids[0])
    if destination is None:
        raise no_such("event destination", call.ids[0], "id", is_in_path=True)
    return destination


def _show(call: Call, destination: Destination) -> dict[str, Any]:
    include = call.params.get("include") or ()
    return destination_view.render(call.world, destination, include)


def _check(call: Call, *, is_thin: bool) -> None:
    params = call.params
    kinds = params.get("enabled_events")
    if kinds is not None and not kinds:
        raise bad("Invalid array: at least one event is needed", "enabled_events")
    known = THIN_TYPES if is_thin else EVENT_TYPES
    for place, kind in enumerate(kinds or ()):
        if kind != "*" and kind not in known:
            form = "thin" if is_thin else "snapshot"
            where = f"enabled_events[{place}]"
            raise bad(f"Invalid {where}: {shown(kind)} is not a type of {form} event", where)
    url = (params.get("webhook_endpoint") or {}).get("url", "https://")
    if call.world.livemode and not url.lower().startswith("https://"):
        message = "Invalid URL: In live mode, event destinations must use HTTPS."
        raise bad(message, "webhook_endpoint.url", "url_invalid")


def create(call: Call) -> dict[str, Any]:
    """Register a destination."""
    world, params = call.world, call.params
    is_thin = params["event_payload"] == "thin"
    _check(call, is_thin=is_thin)
    version = params.get("snapshot_api_version")
    if version is not None and (is_thin or not _VERSION.fullmatch(version)):
        raise bad(f"Invalid version: {shown(version)}", "snapshot_api_version")
    shelf = world.shelf(Destination, call.owner)
    if len(shelf) >= MOST:
        raise StripeError(f"You have reached the maximum of {MOST} event destinations.")
    now = world.now()
    destination = Destination(
        id=world.ids.new("ed" if world.livemode else "ed_test"),
        created=now,
        updated=now,
        url=params["webhook_endpoint"]["url"],
        enabled_events=tuple(params["enabled_events"]),
        is_connect=False,
        secret=world.ids.secret(),
        owner=call.owner,
        api_version=version,
        description=params.get("description"),
        metadata=merge_metadata({}, params.get("metadata") or {}),
        name=params["name"],
        is_thin=is_thin,
        scopes=tuple(params.get("events_from") or (SELF,)),
    )
    shelf.add(destination.id, destination)
    return _show(call, destination)


def retrieve(call: Call) -> dict[str, Any]:
    """Read a destination, without its secret."""
    return _show(call, _get(call))


def update(call: Call) -> dict[str, Any]:
    """Change a destination; whose events come, and in which form, stays as it was made."""
    destination, params = _get(call), call.params
    _check(call, is_thin=destination.is_thin)
    destination.metadata = merge_metadata(destination.metadata, params.get("metadata", {}))
    destination.name = params.get("name", destination.name)
    destination.description = params.get("description", destination.description)
    destination.enabled_events = tuple(params.get("enabled_events", destination.enabled_events))
    destination.url = params.get("webhook_endpoint", {}).get("url", destination.url)
    destination.updated = call.world.now()
    return _show(call, destination)


def list_all(call: Call) -> dict[str, Any]:
    """List the destinations, newest first."""
    include = call.params.get("include") or ()
    return page(
        call,
        call.world.shelf(Destination, call.owner),
        show=lambda each: _show(call, each),
        id_of=lambda each: each.id,
        asked=Asked(tuple((f"include[{at}]", name) for at, name in enumerate(include))),
    )


def delete(call: Call) -> dict[str, Any]:
    """Forget a destination; what was due to it is not sent any more."""
    destination = _get(call)
    call.world.deliveries.drop(destination)
    call.world.shelf(Destination, call.owner).remove(destination.id)
    return {"id": destination.id, "object": "v2.core.event_destination"}


def enable(call: Call) -> dict[str, Any]:
    """Let events come again."""
    return _switch(call, is_disabled=False)


def disable(call: Call) -> dict[str, Any]:
    """Let no events come, not even what was due."""
    return _switch(call, is_disabled=True)


def _switch(call: Call, *, is_disabled: bool) -> dict[str, Any]:
    destination = _get(call)
    if destination.is_disabled is not is_disabled:
        destination.is_disabled, destination.updated = is_disabled, call.world.now()
        if is_disabled:
            call.world.deliveries.drop(destination)
    return _show(call, destination)


def ping(call: Call) -> dict[str, Any]:
    """Send an event that says nothing, to see whether it arrives."""
    destination = _get(call)
    if destination.is_disabled:
        raise StripeError("A disabled event destination cannot be pinged.")
    event = emit_to(call.world, destination, PING, {"id": destination.id})
    return event_view.render(call.world, event)


_ONE = "/v2/core/event_destinations/{id}"
ROUTES = (
    Route(
        "GET",
        "/v2/core/event_destinations",
        list_all,
        Params({**PAGE, "include": _URL}),
        is_list=True,
    ),
    Route("POST", "/v2/core/event_destinations", create, CREATE),
    Route("GET", _ONE, retrieve, SHOW),
    Route("POST", _ONE, update, UPDATE),
    Route("DELETE", _ONE, delete),
    Route("POST", f"{_ONE}/enable", enable),
    Route("POST", f"{_ONE}/disable", disable),
    Route("POST", f"{_ONE}/ping", ping),
)
THINGS: tuple[Thing, ...] = ()
