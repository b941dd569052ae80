"""The road to Stripe: connections that are kept, requests written as they came, answers streamed.

Source: ADR-0029, the gateway, which says why this is no client library's work.
"""

from aboard.gateway.upstream.address import Upstream
from aboard.gateway.upstream.connection import Answer
from aboard.gateway.upstream.pool import Pool

__all__ = ["Answer", "Pool", "Upstream"]
