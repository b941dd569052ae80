"""How are many shown? Pages, newest first, with ids as cursors.

Source: Stripe's API reference, "Pagination" (v1).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from aboard.sandbox.call import Call
from aboard.sandbox.ledger import Ledger
from aboard.sandbox.wire.errors import bad, no_such
from aboard.sandbox.wire.params import Integer, Kind, Text

T = TypeVar("T")

DEFAULT_LIMIT, MOST = 10, 100
PAGE: dict[str, Kind] = {
    "limit": Integer(low=1, high=MOST),
    "starting_after": Text(),
    "ending_before": Text(),
}


def page(
    call: Call,
    ledger: Ledger[T],
    thing: str,
    *,
    show: Callable[[T], dict[str, Any]],
    by: tuple[str, ...] = (),
    keep: Callable[[T], bool] | None = None,
) -> dict[str, Any]:
    """Return the page that a request asks for.

    `by` names the parameters that ask for a field of the same name, as text or as a test of it;
    `keep` says what else must be so.

    Raises:
        StripeError: both cursors are given, or one names nothing.
    """
    keep = _filter(call.params, by, keep)
    after, before = call.params.get("starting_after"), call.params.get("ending_before")
    if after is not None and before is not None:
        raise bad(
            "You cannot parameterize both starting_after and ending_before.",
            "starting_after",
            "parameters_exclusive",
        )
    for name, key in (("starting_after", after), ("ending_before", before)):
        if key is None:
            continue
        item = ledger.get(key)
        if item is None or not (keep is None or keep(item)):
            raise no_such(thing, key, name, is_in_path=False)
    found, has_more = ledger.page(
        limit=call.params.get("limit", DEFAULT_LIMIT), after=after, before=before, keep=keep
    )
    return {
        "object": "list",
        "data": [show(item) for item in found],
        "has_more": has_more,
        "url": call.path,
    }


def _filter(
    params: dict[str, Any], by: tuple[str, ...], keep: Callable[[T], bool] | None
) -> Callable[[T], bool] | None:
    asked = [(name, params[name]) for name in by if params.get(name) is not None]
    if not asked:
        return keep

    def is_meant(item: T) -> bool:
        for name, wanted in asked:
            found = getattr(item, name)
            if not (wanted(found) if callable(wanted) else wanted == found):
                return False
        return keep is None or keep(item)

    return is_meant
