"""Where does a call go? One base address of Stripe's, or of a sandbox.

Source: ADR-0029, the gateway.
"""

import ssl
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Upstream:
    """A base address, taken apart once. `prefix` is its path, without a slash at the end."""

    host: str
    port: int
    is_tls: bool
    authority: bytes
    prefix: bytes

    @classmethod
    def parse(cls, base: str) -> "Upstream":
        """Take an address such as `https://api.stripe.com`.

        Raises:
            ValueError: it is no address of this kind.
        """
        parts = urlsplit(base)
        if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.query:
            raise ValueError(f"no base address: {base!r}")
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            is_tls=parts.scheme == "https",
            authority=parts.netloc.encode("ascii"),
            prefix=parts.path.rstrip("/").encode("ascii"),
        )

    @property
    def trust(self) -> ssl.SSLContext | None:
        """Return which certificates are believed; nothing where none is shown."""
        return _system_trust() if self.is_tls else None


@cache
def _system_trust() -> ssl.SSLContext:
    """Read the system's certificates, once and not before they are asked for: it takes a while.

    OpenSSL's `SSL_CERT_FILE` and `SSL_CERT_DIR` name others, as for every program that uses it.
    """
    return ssl.create_default_context()
