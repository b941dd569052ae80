"""Where does a call without a token come from? An address to count by, and what a session shows.

The address is the server's word; behind a proxy on the same machine that is the proxy's. A network
of IPv6 counts as one place: whoever has one has as many addresses as they want.

Source: docs/self-hosting.md, people who sign in here.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from litestar.types import Scope

from aboard.core.identity import Visitor
from aboard.web.exchange import find_header_text

UNKNOWN: Final = "unknown"
_MAX_DEVICE_CHARS: Final = 60
_MAX_AGENT_CHARS: Final = 512
_PREFIX: Final = 64
# The first that is found: many browsers name the ones that they descend from too.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_PRODUCT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+-]{0,40}(?:/[A-Za-z0-9._+-]{1,20})?")


def visitor_of(scope: Scope) -> Visitor:
    """Return where a call comes from."""
    client = scope.get("client")
    agent = (find_header_text(scope, b"user-agent") or "")[:_MAX_AGENT_CHARS]
    try:
        address = ip_address(client[0].partition("%")[0]) if client else None
    except ValueError:
        address = None
    if address is None:
        return Visitor(UNKNOWN, UNKNOWN, device_of(agent))
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return Visitor(_place(address), mask(address), device_of(agent))


def mask(address: IPv4Address | IPv6Address) -> str:
    """Return an address without the part that tells one household from the next.

    >>> mask(ip_address("203.0.113.77")), mask(ip_address("2001:db8:1:2::3"))
    ('203.0.113.*', '2001:db8:1:*')
    """
    if isinstance(address, IPv4Address):
        return f"{str(address).rpartition('.')[0]}.*"
    groups = [format(int(group, 16), "x") for group in address.exploded.split(":")[:3]]
    return f"{':'.join(groups)}:*"


def device_of(agent: str) -> str:
    """Return what a `User-Agent` says in a few plain words.

    >>> device_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    >>> device_of("curl/8.5.0"), device_of("")
    ('curl/8.5.0', 'unknown')
    """
    browser = next((name for mark, name in _BROWSERS if mark in agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in agent), None)
    known = ", ".join(word for word in (browser, system) if word is not None)
    if known:
        return known
    product = _PRODUCT.match(agent)
    return product.group()[:_MAX_DEVICE_CHARS].strip() if product else UNKNOWN


def _place(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return f"{address.exploded[: (_PREFIX // 16) * 5 - 1]}::/{_PREFIX}"
