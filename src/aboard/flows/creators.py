"""Who is a creator? A signed-in user with a creator profile.

Source: docs/api/creators.md.
"""

from aboard.core.caller import Caller
from aboard.core.errors import OwnerUnknown
from aboard.core.owner import Owner, OwnerKind
from aboard.flows.platform import Platform


async def become_creator(platform: Platform, caller: Caller) -> str:
    """Make the caller's creator profile, once, and return its id; the same id when repeated."""
    await platform.store.create_creator(caller.user_id, platform.clock())
    return caller.user_id


async def get_creator(platform: Platform, caller: Caller) -> Owner:
    """Return the caller as an owner, in the mode that creators live in.

    Raises:
        OwnerUnknown: the caller has no creator profile.
    """
    if not await platform.store.has_creator(caller.user_id):
        raise OwnerUnknown
    return Owner(OwnerKind.CREATOR, caller.user_id, platform.creator.mode)
