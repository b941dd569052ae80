"""How are the operations of `health` called?

Written from the service's description by `make client-python`; not by hand.
"""

from aboard.client.asking import Calls
from aboard.client.described import health_operations as operations
from aboard.client.described.health_shapes import Health


class HealthCalls(Calls):
    """The operations of `health`: each raises `CallFailed`, or a kind of it."""

    def read(self) -> Health:
        """Say whether the service can do its work, and how each part stands."""
        return self._ask(operations.READ)
