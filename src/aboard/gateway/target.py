"""Is this a path that everybody on the way reads alike? Asked before anything else.

A target that two servers could read differently is refused and not repaired: the gateway must
allow the same operation that Stripe then runs.

Source: RFC 3986, sections 3.3 and 6.2.2; RFC 9112, section 3.2; ADR-0029, the gateway.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.gateway.masking import holds_token

MAX_TARGET_BYTES: Final = 16 * 1024
_PATH: Final = re.compile(rb"/(?:[A-Za-z0-9_\-.~!$&'()*+,=:@/]|%[0-9A-Fa-f]{2})*\Z")
_QUERY: Final = re.compile(rb"[\x21\x22\x24-\x7e]*\Z")
# What needs no escape, and what must not come in by one: separators, dots, percent, controls.
_NEEDLESS: Final = re.compile(rb"[A-Za-z0-9_\-.~/\\%;#?\x00-\x20\x7f-\xff]")
_READINGS: Final = 3
_ESCAPE: Final = re.compile(rb"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Target:
    """A path and a query as they came, byte for byte. `query` has no question mark."""

    path: str
    query: bytes


def read_target(raw: bytes) -> Target:
    """Take a request's target apart.

    Raises:
        CallRefused: it is no path, it can be read in two ways, or a caller token stands in it.
    """
    if len(raw) > MAX_TARGET_BYTES:
        raise CallRefused(RefusalCode.TARGET_REFUSED, detail="It is too long.")
    if _hides_token(raw):
        raise CallRefused(RefusalCode.TOKEN_MISPLACED, parameter="query")
    if not raw.startswith(b"/") or raw.startswith(b"//"):
        raise CallRefused(RefusalCode.TARGET_REFUSED)
    path, _, query = raw.partition(b"?")
    if not _PATH.match(path) or b"//" in path:
        raise CallRefused(RefusalCode.PATH_REFUSED)
    if any(segment in {b".", b".."} for segment in path.split(b"/")):
        raise CallRefused(RefusalCode.PATH_REFUSED)
    if b"%" in path and any(
        _NEEDLESS.match(unquote_to_bytes(escape)) for escape in _ESCAPE.findall(path)
    ):
        raise CallRefused(RefusalCode.PATH_REFUSED)
    if not _QUERY.match(query):
        raise CallRefused(RefusalCode.TARGET_REFUSED, parameter="query")
    return Target(path.decode("ascii"), query)


def _hides_token(raw: bytes) -> bool:
    """Say whether a caller token stands there as it came, or with escapes undone once or twice."""
    for _ in range(_READINGS):
        if holds_token(raw):
            return True
        raw = unquote_to_bytes(raw)
    return False
