"""Events in thin form: what happened in the last 30 days, on the platform or on one account.

Source: Stripe's API reference, "Events" (v2), API version 2026-10-28.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from aboard.sandbox.call import Call, Route, Thing
from aboard.sandbox.destinations import event_id_of, thin_id, thin_kind
from aboard.sandbox.emit import KEPT_SECONDS
from aboard.sandbox.events import Event
from aboard.sandbox.v2.paging import PAGE, Asked, page
from aboard.sandbox.views.v2 import event_view
from aboard.sandbox.wire.errors import bad, no_such, shown
from aboard.sandbox.wire.form import Raw
from aboard.sandbox.wire.params import Hash, Items, Params, Text

MOST_TYPES = 20


class Moment(Struct, frozen=True):
    """A point in time as RFC 3339 writes it, with its zone; read as unix seconds."""

    is_required: bool = False

    def read(self, raw: Raw, path: str) -> float:
        """Return the point in time."""
        try:
            at = datetime.fromisoformat(raw) if isinstance(raw, str) else None
            if at is not None and at.tzinfo is not None:
                return (at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
        except (ValueError, OverflowError):
            pass
        raise bad(f"Invalid timestamp: {shown(raw)}", path)


_BOUNDS = ("gt", "gte", "lt", "lte")
LIST = Params(
    {
        **PAGE,
        "created": Hash(dict.fromkeys(_BOUNDS, Moment())),
        "object_id": Text(is_clearable=False),
        "types": Items(Text(is_required=True), most=MOST_TYPES),
    }
)


def _is_shown(call: Call, event: Event) -> bool:
    is_kept = event.created > call.world.now() - KEPT_SECONDS
    return is_kept and thin_kind(event.kind) is not None


def _test_of(params: dict[str, Any]) -> Callable[[Event], bool]:
    kinds, object_id = params.get("types"), params.get("object_id")
    tests: dict[str, Callable[[int, float], bool]] = {
        "gt": lambda at, bound: at > bound,
        "gte": lambda at, bound: at >= bound,
        "lt": lambda at, bound: at < bound,
        "lte": lambda at, bound: at <= bound,
    }
    bounds = params.get("created") or {}

    def is_meant(event: Event) -> bool:
        if kinds is not None and thin_kind(event.kind) not in kinds:
            return False
        if not all(tests[name](event.created, bound) for name, bound in bounds.items()):
            return False
        if object_id is None:
            return True
        related = event_view.related_object(event)
        return related is not None and related["id"] == object_id

    return is_meant


def _asked(params: dict[str, Any]) -> Asked:
    pairs = [(f"types[{at}]", kind) for at, kind in enumerate(params.get("types") or ())]
    pairs += [
        (f"created[{name}]", datetime.fromtimestamp(bound, UTC).isoformat())
        for name, bound in (params.get("created") or {}).items()
    ]
    if params.get("object_id") is not None:
        pairs.append(("object_id", params["object_id"]))
    return Asked(tuple(pairs))


def list_all(call: Call) -> dict[str, Any]:
    """List events, newest first; those of a connected account by acting as it."""
    is_meant = _test_of(call.params)
    return page(
        call,
        call.world.shelf(Event, call.owner),
        show=lambda event: event_view.render(call.world, event),
        id_of=lambda event: event.id,
        asked=_asked(call.params),
        keep=lambda event: _is_shown(call, event) and is_meant(event),
    )


def retrieve(call: Call) -> dict[str, Any]:
    """Read one event."""
    event = call.world.shelf(Event, call.owner).get(event_id_of(call.ids[0]))
    is_named = event is not None and thin_id(event, livemode=call.world.livemode) == call.ids[0]
    if event is None or not is_named or not _is_shown(call, event):
        raise no_such("event", call.ids[0], "id", is_in_path=True)
    return event_view.render(call.world, event)


ROUTES = (
    Route("GET", "/v2/core/events", list_all, LIST, is_list=True),
    Route("GET", "/v2/core/events/{id}", retrieve),
)
THINGS: tuple[Thing, ...] = ()
