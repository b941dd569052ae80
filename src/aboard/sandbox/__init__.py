"""The sandbox: Stripe Connect, local and stateful, in process or as a server.

An island: it imports nothing else of Aboard. What it does not imitate stands in LIMITS.md.
"""

from aboard.sandbox.app import Sandbox
from aboard.sandbox.chaos import Chaos
from aboard.sandbox.clock import Clock

__all__ = ["Chaos", "Clock", "Sandbox"]
