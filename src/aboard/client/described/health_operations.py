"""Where is each operation of `health`, and what does it take?

Written from the service's description by `make client-python`; not by hand.
"""

from typing import Final

from aboard.client.described.health_shapes import Health
from aboard.client.operation import Operation

READ: Final = Operation("GET", "/v1/health", Health, is_public=True)
