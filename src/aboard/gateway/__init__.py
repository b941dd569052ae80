"""The gateway lends Stripe's key without showing it: callers call Stripe's operations through it.

A caller presents a token of ours. The chain in `steps` finds out who it is and what is asked,
refuses what is not allowed, and `chain` sends the rest up with the key, streaming both ways.

Source: ADR-0029, the gateway; docs/gateway/index.md.
"""

from aboard.gateway.application import Gateway
from aboard.gateway.bounds import Bounds, Patience

__all__ = ["Bounds", "Gateway", "Patience"]
