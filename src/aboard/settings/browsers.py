"""Which origins' pages may call the APIs from a browser? Named one by one, as a browser says them.

Source: RFC 6454, the origin's serialization; docs/self-hosting.md, browsers on other origins.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from aboard.core.links import LOOPBACK
from aboard.settings.sources import Sources

_NAME: Final = "BROWSER_ORIGINS"
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[::1\]")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def read_browser_origins(given: Sources) -> frozenset[str]:
    """Return the origins; none of them is a pattern."""
    found: set[str] = set()
    for row in given.listed(_NAME):
        wrong = _fault_of(row)
        if wrong:
            given.problem(_NAME, wrong)
        else:
            found.add(row.lower())
    return frozenset(found)


def _fault_of(row: str) -> str:
    """Say what is wrong with one origin, or nothing."""
    if "*" in row or row == "null":
        return "must name each origin; a star or `null` would let anybody in"
    try:
        parts = urlsplit(row.lower())
        port, hostname = parts.port, parts.hostname or ""
    except ValueError:
        return "must be origins such as https://app.example.com"
    host = f"[{hostname}]" if ":" in hostname else hostname
    default = _DEFAULT_PORTS.get(parts.scheme)
    written = f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")
    if default is None or not _HOST.fullmatch(host) or written != row.lower():
        return "must be origins such as https://app.example.com, without a path"
    if port == default:
        return f"must be as browsers say it, without the port {port}"
    if parts.scheme == "http" and hostname not in LOOPBACK:
        return "must be https outside loopback"
    return ""
