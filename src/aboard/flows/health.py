"""Can this process do its work? One answer for each thing it stands on.

Source: docs/api/organizations.md, health.
"""

from collections.abc import Mapping

from aboard.flows.platform import Platform
from aboard.store import StoreUnavailable


async def check_health(platform: Platform) -> Mapping[str, bool]:
    """Ask each part one cheap question. Stripe is not asked: its absence is not our illness."""
    try:
        await platform.store.ping()
    except StoreUnavailable:
        return {"database": False}
    return {"database": True}
