"""How large may a call be, and how long may anything take? Plain numbers, given by settings.

Source: docs/gateway/index.md, bounds; ADR-0029, the gateway.
"""

from dataclasses import dataclass
from typing import Final

from aboard.flows.lending_terms import Lending

_CALLER_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `whole` bounds one call, `body` how long its body may take to come."""

    connect: float = 10.0
    first_byte: float = 80.0
    between_bytes: float = 30.0
    caller: float = _CALLER_SECONDS
    body: float = 120.0
    whole: float = 300.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes of a body, and how many connections go up at the same time."""

    body_bytes: int = 1 << 20
    file_bytes: int = 32 << 20
    connections: int = 256
    patience: Patience = Patience()


def bounds_of(terms: Lending) -> Bounds:
    """Return what the terms of lending say about sizes and times."""
    stripe, body = terms.upstream_timeout.total_seconds(), terms.body_timeout.total_seconds()
    patience = Patience(
        first_byte=stripe,
        between_bytes=stripe,
        caller=min(body, _CALLER_SECONDS),
        body=body,
        whole=body + 4 * stripe,
    )
    return Bounds(
        body_bytes=terms.most_body_bytes, file_bytes=terms.most_file_bytes, patience=patience
    )
