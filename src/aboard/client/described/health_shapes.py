"""What does `health` answer?

Written from the service's description by `make client-python`; not by hand.
"""

from datetime import datetime

from aboard.client.answers import Answer


class Health(Answer, frozen=True, kw_only=True, rename="camel"):
    """What `health.read` answers."""

    ok: bool
    timestamp: datetime
    services: dict[str, str]
