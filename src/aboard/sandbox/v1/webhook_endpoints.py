"""Webhook endpoints: who wants to know of what. The secret is shown once, on creation.

Source: Stripe's API reference, "Webhook Endpoints", API version 2026-10-28.
"""

import re
from typing import Any

from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.events import Endpoint
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.v1.event_types import EVENT_TYPES
from aboard.sandbox.wire.errors import StripeError, bad, no_such, shown
from aboard.sandbox.wire.params import Flag, Items, Kind, Metadata, Text, Url, merge_metadata
from aboard.sandbox.world import World

MOST = 16
_VERSION = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}(\.[a-z]{1,20})?")
_COMMON: dict[str, Kind] = {
    "description": Text(),
    "enabled_events": Items(Text(is_required=True)),
    "metadata": Metadata(),
    "url": Url(),
}
CREATE = with_expand(
    {
        **_COMMON,
        "api_version": Text(is_clearable=False),
        "connect": Flag(),
        "enabled_events": Items(Text(is_required=True), is_required=True),
        "url": Url(is_required=True),
    }
)
UPDATE = with_expand({**_COMMON, "disabled": Flag()})


def _show(world: World, endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "api_version": endpoint.api_version,
        "application": world.application_id if endpoint.is_connect else None,
        "created": endpoint.created,
        "description": endpoint.description,
        "enabled_events": list(endpoint.enabled_events),
        "livemode": world.livemode,
        "metadata": endpoint.metadata,
        "status": "disabled" if endpoint.is_disabled else "enabled",
        "url": endpoint.url,
    }


def _get(call: Call) -> Endpoint:
    endpoint = call.world.shelf(Endpoint, call.owner).get(call.ids[0])
    if endpoint is None:
        raise no_such("webhook endpoint", call.ids[0], "webhook_endpoint", is_in_path=True)
    return endpoint


def _check(call: Call, params: dict[str, Any]) -> None:
    kinds = params.get("enabled_events")
    if kinds is not None and not kinds:
        raise bad("Invalid array: at least one event is needed", "enabled_events")
    for place, kind in enumerate(kinds or ()):
        if kind != "*" and kind not in EVENT_TYPES:
            raise bad(
                f"Invalid enabled_events[{place}]: {shown(kind)} is not a type of event",
                f"enabled_events[{place}]",
            )
    version = params.get("api_version")
    if version is not None and not _VERSION.fullmatch(version):
        raise bad(f"Invalid api_version: {shown(version)} is not a version", "api_version")
    url = params.get("url", "https://")
    if call.world.livemode and not url.lower().startswith("https://"):
        raise bad(
            "Invalid URL: In live mode, webhook endpoints must use HTTPS.", "url", "url_invalid"
        )


def create(call: Call) -> dict[str, Any]:
    """Register an endpoint."""
    world, params = call.world, call.params
    _check(call, params)
    shelf = world.shelf(Endpoint, call.owner)
    if len(shelf) >= MOST:
        mode = "live" if world.livemode else "test"
        raise StripeError(f"You have reached the maximum of {MOST} {mode} webhook endpoints.")
    endpoint = Endpoint(
        id=world.ids.new("we"),
        created=world.now(),
        url=params["url"],
        enabled_events=tuple(params["enabled_events"]),
        is_connect=params.get("connect", False),
        secret=world.ids.secret(),
        owner=call.owner,
        api_version=params.get("api_version"),
        description=params.get("description"),
        metadata=merge_metadata({}, params.get("metadata") or {}),
    )
    shelf.add(endpoint.id, endpoint)
    return {**_show(world, endpoint), "secret": endpoint.secret}


def retrieve(call: Call) -> dict[str, Any]:
    """Read an endpoint, without its secret."""
    return _show(call.world, _get(call))


def update(call: Call) -> dict[str, Any]:
    """Change an endpoint; a disabled one gets nothing, not even what was due."""
    endpoint, params = _get(call), call.params
    _check(call, params)
    endpoint.metadata = merge_metadata(endpoint.metadata, params.get("metadata", {}))
    endpoint.url = params.get("url", endpoint.url)
    endpoint.enabled_events = tuple(params.get("enabled_events", endpoint.enabled_events))
    endpoint.description = params.get("description", endpoint.description)
    endpoint.is_disabled = params.get("disabled", endpoint.is_disabled)
    if endpoint.is_disabled:
        call.world.deliveries.drop(endpoint)
    return _show(call.world, endpoint)


def list_all(call: Call) -> dict[str, Any]:
    """List the endpoints, newest first."""
    return page(
        call,
        call.world.shelf(Endpoint, call.owner),
        "webhook endpoint",
        show=lambda endpoint: _show(call.world, endpoint),
    )


def delete(call: Call) -> dict[str, Any]:
    """Forget an endpoint; what was due to it is not sent any more."""
    endpoint = _get(call)
    call.world.deliveries.drop(endpoint)
    call.world.shelf(Endpoint, call.owner).remove(endpoint.id)
    return {"id": endpoint.id, "object": "webhook_endpoint", "deleted": True}


_ONE = "/v1/webhook_endpoints/{webhook_endpoint}"
ROUTES = (
    Route("GET", "/v1/webhook_endpoints", list_all, with_expand(PAGE), is_list=True),
    Route("POST", "/v1/webhook_endpoints", create, CREATE),
    Route("GET", _ONE, retrieve, with_expand({})),
    Route("POST", _ONE, update, UPDATE),
    Route("DELETE", _ONE, delete),
)
THINGS: tuple[Thing, ...] = ()
