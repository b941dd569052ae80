"""Who is told announcements, where, and of what? Addresses of the platform's own.

An address is https, or http on this machine. What it resolves to is looked at again whenever
something is sent: names may lead elsewhere later.

Source: ADR-0025, outgoing events; docs/webhooks.md, what Aboard tells you.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from aboard.core.announcements import AnnouncementType
from aboard.core.errors import AddressRefused, InputRefused
from aboard.core.links import LOOPBACK, split_address
from aboard.core.owner import Mode

MOST_SUBSCRIBERS = 16
"""How many there may be in each mode."""
LONGEST_DESCRIPTION = 200

Address = IPv4Address | IPv6Address

# What no receiver lives at, and what lends credentials to whoever asks: a cloud's own addresses.
_NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "224.0.0.0/3",
            "::/128",
            "2001::/32",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
            "fd00:ec2::/32",
            "fd20:ce::/32",
        ),
    )
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# Networks whose addresses hold one of the older kind, by the place of its four bytes.
_CARRIERS = ((ip_network("64:ff9b::/96"), 12), (ip_network("2002::/16"), 2))


class DisabledFor(StrEnum):
    """Why a subscriber is told nothing."""

    OPERATOR = "operator"
    """Somebody switched it off."""
    GONE = "gone"
    """It answered that it is gone for good: 410."""
    FAILING = "failing"
    """It took nothing in for days."""
    REMOVED = "removed"
    """It was removed; only what was sent there is remembered."""


@dataclass(frozen=True, slots=True)
class Generation:
    """Which signing secret: by which key it is made, and the how manyeth it is."""

    key_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An address that is told announcements of one mode. No `types` means all of them.

    The secret before signs too until `previous_until`. `failing_since` is when the first of an
    unbroken row of failures was.
    """

    id: str
    mode: Mode
    url: str
    description: str
    types: tuple[AnnouncementType, ...]
    created_at: datetime
    created_by: str
    secret: Generation
    previous: Generation | None = None
    previous_until: datetime | None = None
    disabled_at: datetime | None = None
    disabled_for: DisabledFor | None = None
    failing_since: datetime | None = None

    @property
    def origin(self) -> str:
        """Return scheme, host and port: a path may hold a word that opens something."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def read_url(text: str) -> str:
    """Return an address that may be told announcements, unchanged.

    A path and a query may be in it; credentials and a fragment may not.

    Raises:
        AddressRefused: it is not https (or http on this machine), could be read in two ways, or
            names an address that nobody is told anything at.
    """
    parts = split_address(text, "url")
    host = (parts.hostname or "").lower()
    if parts.scheme == "http" and host not in LOOPBACK:
        raise AddressRefused("url", "must be https outside loopback")
    address = _literal(host)
    if address is None and _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        raise AddressRefused("url", "has a number for a host that could be read in two ways")
    if address is not None and not may_be_told(address, host=host):
        raise AddressRefused("url", "is an address that is told nothing")
    return text


def read_types(words: Iterable[str]) -> tuple[AnnouncementType, ...]:
    """Return the types by their names, each once, in the order of the list; none for all.

    Raises:
        InputRefused: there is no such type.
    """
    wanted = set(words)
    unknown = wanted - set(AnnouncementType)
    if unknown:
        raise InputRefused([("type", f"{word[:60]!r} is not told") for word in sorted(unknown)])
    return tuple(each for each in AnnouncementType if each in wanted)


def read_description(text: str) -> str:
    """Return a description as it is kept.

    Raises:
        InputRefused: it is too long, or has more than one line.
    """
    stripped = text.strip()
    if len(stripped) > LONGEST_DESCRIPTION or (stripped and not stripped.isprintable()):
        raise InputRefused(
            [("description", f"has at most {LONGEST_DESCRIPTION} characters on one line")]
        )
    return stripped


def may_be_told(address: Address, *, host: str) -> bool:
    """Say whether something may be sent to an address that a subscriber's `host` leads to.

    Private networks are allowed: that is where a platform's own receivers live. This machine is,
    where its name or number is what was written.

    >>> may_be_told(ip_address("10.0.0.7"), host="receiver.internal")
    True
    >>> may_be_told(ip_address("::ffff:169.254.169.254"), host="receiver.example")
    False
    >>> may_be_told(ip_address("127.0.0.1"), host="receiver.example")
    False
    """
    within = _carried(address)
    if within.is_loopback:
        written = _literal(host)
        return host.lower() in LOOPBACK or (written is not None and written.is_loopback)
    return not any(within in network for network in _NEVER)


def _carried(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    for network, place in _CARRIERS:
        if address in network:
            return IPv4Address(address.packed[place : place + 4])
    # Also the deprecated spelling of an older address: zeros, then its four bytes.
    if address.packed[:12] == bytes(12) and int(address) > 1:
        return IPv4Address(address.packed[12:])
    return address


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
