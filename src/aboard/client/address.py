"""Where is the service? An address that a token may be sent to.

Source: RFC 3986; docs/clients.md.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Scheme, host, port, and the path under which the service is mounted, if any."""

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        """Return the address as one text."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def parse_address(text: str, *, allow_http: bool = False) -> Address:
    """Read a base address such as `https://aboard.example`.

    Plain http is for this machine, unless it is allowed: a token would go over the wire readable.

    >>> parse_address("https://aboard.example/").host
    'aboard.example'

    Raises:
        ValueError: not an absolute http(s) address, or one with credentials, query or fragment.
    """
    is_plain = text.isascii() and text.isprintable() and " " not in text and "\\" not in text
    parts = urlsplit(text) if is_plain else None
    if parts is None or parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("base_url must be an absolute http or https address")
    if "@" in parts.netloc or parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError("base_url must have no credentials, query or fragment")
    path = parts.path.rstrip("/")
    if {".", ".."} & set(path.split("/")):
        raise ValueError("base_url must have no dot segments")
    if parts.scheme == "http" and not allow_http and not _is_this_machine(parts.hostname):
        raise ValueError("base_url must be https outside this machine, or give allow_http=True")
    return Address(parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme], path)


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
