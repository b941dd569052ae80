"""Turn the pages of the record of calls: the newest first, each call on one page alone.

Source: docs/gateway/callers.md, the record of calls.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from aboard.core.lending.calls import Call, CallFilter
from aboard.flows.platform import Platform
from aboard.store.gateway_calls import CallKey

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)
_PLACE: Final = re.compile(r"(\d{1,17})-([A-Za-z0-9._-]{1,128})\Z", re.ASCII)


async def find_calls_before(
    platform: Platform, which: CallFilter, *, limit: int, before: str = ""
) -> tuple[Sequence[Call], str]:
    """Return a page of the calls that match, and the word for the next page; empty: the last.

    `before` is such a word. One that is none begins with the newest.

    Raises:
        StoreUnavailable: they cannot be read.
    """
    found = await platform.store.list_calls(which, limit + 1, before=_key_of(before))
    page = found[:limit]
    return page, _word_of(page[-1]) if len(found) > limit else ""


def _word_of(call: Call) -> str:
    return f"{(call.at - _BEGINNING) // _MICRO}-{call.id}"


def _key_of(word: str) -> CallKey | None:
    match = _PLACE.match(word)
    return None if match is None else CallKey(_BEGINNING + int(match[1]) * _MICRO, match[2])
