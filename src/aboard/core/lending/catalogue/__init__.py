"""Which operations of Stripe's does the gateway know? 104 of them, as data, in our own words.

The data lies in `data`, one file for each namespace; `scripts/write_operations.py` makes it from
the official SDK's types and the words in `scripts/operation_words`. It is read once, when first
asked for.

Source: ADR-0029, the gateway; docs/gateway/operations.md.
"""

from collections.abc import Sequence
from functools import cache

from aboard.core.lending.catalogue.matching import Match, Matcher
from aboard.core.lending.catalogue.reading import read_operations
from aboard.core.lending.catalogue.searching import search
from aboard.core.lending.operations import Operation

__all__ = [
    "Match",
    "all_operations",
    "api_version",
    "find_operation",
    "match_path",
    "search_operations",
]

_MOST_FOUND = 20


class _Catalogue:
    """Everything that is made of the data, at once."""

    def __init__(self) -> None:
        self.version, self.operations = read_operations()
        self.by_id = {each.id: each for each in self.operations}
        self.matcher = Matcher(self.operations)


@cache
def _catalogue() -> _Catalogue:
    return _Catalogue()


def all_operations() -> Sequence[Operation]:
    """Return every operation, sorted by namespace; within one, as people read them."""
    return _catalogue().operations


def api_version() -> str:
    """Return Stripe's API version that the operations were taken from."""
    return _catalogue().version


def find_operation(operation_id: str) -> Operation | None:
    """Return the operation of an id such as `account_links.create`, or nothing."""
    return _catalogue().by_id.get(operation_id)


def match_path(method: str, path: str) -> Match:
    """Return which operation a method and a raw path mean.

    The path is without its query. Escapes are undone once, in arguments alone; what then is no
    plain id (letters, digits, `_`, `-`, `.`, up to 255 of them) matches nothing.

    Raises:
        CallRefused: `operation_unknown`, or `method_not_allowed`.
    """
    return _catalogue().matcher.match(method, path)


def search_operations(query: str, limit: int = _MOST_FOUND) -> Sequence[Operation]:
    """Return operations in which every word of the query occurs, the nearest first."""
    return search(_catalogue().operations, query, limit)
