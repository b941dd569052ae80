"""How does v2 show many? Pages, newest first, each with the addresses of those beside it.

The token in such an address says where the page begins; it belongs to the filters it came with.

Source: Stripe's API reference, "Pagination" (v2).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from aboard.sandbox.call import Call
from aboard.sandbox.ledger import Ledger
from aboard.sandbox.wire.errors import bad
from aboard.sandbox.wire.params import Integer, Kind, Text

T = TypeVar("T")

DEFAULT_LIMIT, MOST = 20, 100
PAGE: dict[str, Kind] = {
    "limit": Integer(low=1, high=MOST),
    "page": Text(is_clearable=False, longest=500),
}
_AFTER, _BEFORE = "a", "b"
_PARTS = 3


class Asked(msgspec.Struct, frozen=True):
    """The filters of a list, as they were sent: pairs of names and texts."""

    pairs: tuple[tuple[str, str], ...] = ()

    def digest(self) -> str:
        """Return what is the same for the same filters."""
        return blake2b(msgspec.json.encode(sorted(self.pairs)), digest_size=6).hexdigest()


def page(
    call: Call,
    ledger: Ledger[T],
    *,
    show: Callable[[T], dict[str, Any]],
    id_of: Callable[[T], str],
    asked: Asked,
    keep: Callable[[T], bool] | None = None,
) -> dict[str, Any]:
    """Return the page that a request asks for.

    Raises:
        StripeError: the token is none, or came with other filters.
    """
    way, place = _place_of(call.params.get("page"), asked, ledger)
    limit = call.params.get("limit", DEFAULT_LIMIT)
    found, has_more = ledger.page(
        limit=limit,
        after=place if way == _AFTER else None,
        before=place if way == _BEFORE else None,
        keep=keep,
    )
    is_before = way == _BEFORE
    older = newer = None
    if found:
        first, last = id_of(found[0]), id_of(found[-1])
        has_newer = (
            has_more if is_before else bool(ledger.page(limit=1, before=first, keep=keep)[0])
        )
        has_older = True if is_before else has_more
        newer = _address(call, asked, limit, _BEFORE, first) if has_newer else None
        older = _address(call, asked, limit, _AFTER, last) if has_older else None
    return {
        "data": [show(item) for item in found],
        "next_page_url": older,
        "previous_page_url": newer,
    }


def _address(call: Call, asked: Asked, limit: int, way: str, place: str) -> str:
    token = urlsafe_b64encode(f"{way} {place} {asked.digest()}".encode()).decode()
    pairs = [*asked.pairs, ("limit", str(limit)), ("page", token)]
    return f"{call.path}?{urlencode(pairs)}"


def _place_of(token: str | None, asked: Asked, ledger: Ledger[T]) -> tuple[str, str | None]:
    if token is None:
        return _AFTER, None
    try:
        parts = urlsafe_b64decode(token.encode()).decode().split(" ")
    except (NotBase64, ValueError):
        parts = []
    if len(parts) != _PARTS or parts[0] not in {_AFTER, _BEFORE} or parts[1] not in ledger:
        raise bad("Invalid page: it is no token of this list", "page")
    if parts[2] != asked.digest():
        raise bad("Invalid page: other filters must stay as they were", "page")
    return parts[0], parts[1]
