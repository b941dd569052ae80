"""Events: what happened in the last 30 days, on the platform or on one connected account.

Source: Stripe's API reference, "Events", API version 2026-10-28.
"""

from collections.abc import Callable
from typing import Any

from aboard.sandbox.call import Call, Route, Thing, with_expand
from aboard.sandbox.destinations import is_of_v2
from aboard.sandbox.emit import KEPT_SECONDS
from aboard.sandbox.events import Event
from aboard.sandbox.paging import PAGE, page
from aboard.sandbox.views.v1 import event_view
from aboard.sandbox.wire.errors import bad, no_such
from aboard.sandbox.wire.params import Flag, Items, Text, Times

MOST_TYPES = 20
LIST = with_expand(
    {
        **PAGE,
        "created": Times(),
        "delivery_success": Flag(),
        "type": Text(),
        "types": Items(Text(is_required=True), most=MOST_TYPES),
    }
)


def _is_kept(call: Call, event: Event) -> bool:
    is_kept = event.created > call.world.now() - KEPT_SECONDS
    return is_kept and not is_of_v2(event.kind)


def _type_test(params: dict[str, Any]) -> Callable[[str], bool]:
    one, several = params.get("type"), params.get("types")
    if one is not None and several is not None:
        raise bad(
            "You may only specify one of these parameters: type, types.",
            "type",
            "parameters_exclusive",
        )
    if several is not None:
        return lambda kind: kind in several
    if one is None:
        return lambda _kind: True
    if one.endswith("*"):
        return lambda kind: kind.startswith(one[:-1])
    return lambda kind: kind == one


def list_all(call: Call) -> dict[str, Any]:
    """List events, newest first; those of a connected account by acting as it."""
    has_type = _type_test(call.params)
    delivered = call.params.get("delivery_success")

    def keep(event: Event) -> bool:
        return (
            _is_kept(call, event)
            and has_type(event.kind)
            and (delivered is None or (event.pending == 0) is delivered)
        )

    return page(
        call,
        call.world.shelf(Event, call.owner),
        "event",
        show=lambda event: event_view.render(call.world, event),
        by=("created",),
        keep=keep,
    )


def retrieve(call: Call) -> dict[str, Any]:
    """Read one event."""
    event = call.world.shelf(Event, call.owner).get(call.ids[0])
    if event is None or not _is_kept(call, event):
        raise no_such("event", call.ids[0], "id", is_in_path=True)
    return event_view.render(call.world, event)


ROUTES = (
    Route("GET", "/v1/events", list_all, LIST, is_list=True),
    Route("GET", "/v1/events/{id}", retrieve, with_expand({})),
)
THINGS: tuple[Thing, ...] = ()
