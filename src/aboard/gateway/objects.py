"""How is a JSON body read where the gateway itself must understand it? Strictly, in one way only.

Readers of JSON differ over a key that stands twice, over NaN and over depth. What two of them
could read differently is refused.

Source: RFC 8259, section 4; ADR-0029, the gateway.
"""

import json
from collections.abc import Mapping
from typing import Never

from aboard.core.lending.refusals import CallRefused, RefusalCode


def read_object(raw: bytes, *, twice: RefusalCode) -> Mapping[str, object]:
    """Return one JSON object in UTF-8.

    Raises:
        CallRefused: it is something else, or, with the code `twice`, a key of it stands twice.
    """

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        content = dict(pairs)
        if len(content) != len(pairs):
            raise CallRefused(twice, detail="A key of the body stands twice.")
        return content

    try:
        content = json.loads(raw.decode(), object_pairs_hook=once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise CallRefused(RefusalCode.BODY_MALFORMED) from None
    if not isinstance(content, dict):
        raise CallRefused(RefusalCode.BODY_MALFORMED)
    return content


def _refuse(_: str) -> Never:
    raise ValueError
