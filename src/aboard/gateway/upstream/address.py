"""Where does a call go? One base address of Stripe's, or of a sandbox.

Source: ADR-0029, the gateway.
"""

import ssl
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Upstream:
    """A base address, taken apart once. `prefix` is its path, without a slash at the end."""

    host: str
    port: int
    trust: ssl.SSLContext | None
    authority: bytes
    prefix: bytes

    @classmethod
    def parse(cls, base: str, trust: ssl.SSLContext | None = None) -> "Upstream":
        """Take an address such as `https://api.stripe.com`; `trust` replaces the system's.

        Raises:
            ValueError: it is no address of this kind.
        """
        parts = urlsplit(base)
        if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.query:
            raise ValueError(f"no base address: {base!r}")
        context = None
        if parts.scheme == "https":
            context = trust or ssl.create_default_context()
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            trust=context,
            authority=parts.netloc.encode("ascii"),
            prefix=parts.path.rstrip("/").encode("ascii"),
        )
