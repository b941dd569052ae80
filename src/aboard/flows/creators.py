"""Who is a creator? A signed-in user with a creator profile.

Source: docs/api/creators.md.
"""

from aboard.core.caller import Caller
from aboard.core.errors import OwnerUnknown
from aboard.core.owner import Owner, OwnerKind
from aboard.flows.platform import Platform


async def become_creator(platform: Platform, caller: Caller) -> str:
    """Make the caller's creator profile, once, and return its id; the same id when repeated."""
    await platform.store.create_creator(caller.user_id, caller.user_id, platform.clock())
    return caller.user_id


async def get_creator(platform: Platform, caller: Caller) -> Owner:
    """Return the caller as an owner, in the mode that creators live in.

    Raises:
        OwnerUnknown: the caller has no creator profile, or came for another owner alone.
    """
    creator = await platform.store.find_creator_of_user(caller.user_id)
    if creator is None:
        raise OwnerUnknown
    owner = Owner(OwnerKind.CREATOR, creator.id, platform.creator.mode)
    if not caller.may_reach(owner):
        raise OwnerUnknown
    return owner
