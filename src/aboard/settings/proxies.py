"""Whose word is believed about where a call comes from? Proxies that the operator names, no others.

Source: docs/self-hosting.md, start; the `X-Forwarded-For` header.
"""

from ipaddress import ip_network
from typing import Final

from aboard.settings.sources import Sources

_NAME: Final = "TRUSTED_PROXIES"


def read_trusted_proxies(given: Sources) -> tuple[str, ...]:
    """Return the addresses and networks of the proxies; what is no such thing is a problem."""
    found = given.listed(_NAME)
    for row in found:
        try:
            everybody = ip_network(row).prefixlen == 0
        except ValueError:
            given.problem(_NAME, "must be addresses or networks, such as 10.0.0.7 or 10.0.0.0/24")
            continue
        if everybody:
            given.problem(_NAME, "must name your proxies: else anybody says where they come from")
    return tuple(found)
