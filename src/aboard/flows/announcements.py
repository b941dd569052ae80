"""What were we to tell the platform of an owner? Read here; written with what it tells of.

Source: ADR-0014, the gate and its announcements.
"""

from collections.abc import Sequence

from aboard.core.owner import Owner
from aboard.flows.platform import Platform
from aboard.store import StoredAnnouncement


async def list_announcements(
    platform: Platform, owner: Owner, *, limit: int = 100
) -> Sequence[StoredAnnouncement]:
    """Return what there is to tell of this owner, newest first."""
    return await platform.store.list_announcements(owner, limit=limit)
