"""Who is a creator, and what do they say of themselves? A signed-in user with a profile.

Source: docs/api/creators.md.
"""

from collections.abc import Mapping
from urllib.parse import quote

from aboard.core.caller import Caller
from aboard.core.creator import Creator, ProfileField
from aboard.core.errors import FeatureDisabled, OwnerUnknown
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.platform import Platform


async def become_creator(
    platform: Platform,
    caller: Caller,
    *,
    display_name: str | None = None,
    bio: str | None = None,
) -> str:
    """Make the caller's creator profile, once, and return its id; the same id when repeated.

    Name and bio are those of the first call: a profile that is there is changed by asking for it.

    Raises:
        FeatureDisabled: becoming a creator is switched off.
    """
    if not platform.switches.creator_upgrade:
        raise FeatureDisabled("creator_upgrade")
    await platform.store.create_creator(
        caller.user_id, caller.user_id, platform.clock(), display_name=display_name, bio=bio
    )
    return caller.user_id


async def get_profile(platform: Platform, caller: Caller) -> Creator:
    """Return the caller's own profile.

    Raises:
        OwnerUnknown: the caller has none.
    """
    creator = await platform.store.find_creator_of_user(caller.user_id)
    if creator is None:
        raise OwnerUnknown
    return creator


async def change_profile(
    platform: Platform, caller: Caller, changes: Mapping[ProfileField, str | None]
) -> Creator:
    """Change the named parts of the caller's profile, None to nothing, and return it.

    Raises:
        OwnerUnknown: the caller has none.
    """
    creator = await get_profile(platform, caller)
    if changes:
        await platform.store.change_creator(creator.id, changes, platform.clock())
    return await get_profile(platform, caller)


async def get_creator(platform: Platform, caller: Caller, mode: Mode | None = None) -> Owner:
    """Return the caller as an owner in this mode; without one, in the usual mode.

    A visitor who came for one creator in one mode is meant in that mode.

    Raises:
        OwnerUnknown: the caller has no creator profile, or came for another owner alone.
    """
    creator = await get_profile(platform, caller)
    if mode is None:
        is_visitor = caller.only is not None and caller.only.kind is OwnerKind.CREATOR
        mode = caller.only.mode if caller.only and is_visitor else platform.creator.mode
    owner = Owner(OwnerKind.CREATOR, creator.id, mode)
    if not caller.may_reach(owner):
        raise OwnerUnknown
    return owner


def bio_page(platform: Platform, creator_id: str) -> str | None:
    """Return the address of the creator's page at the platform, where there is one."""
    template = platform.creator.bio_page
    return template.replace("{creatorId}", quote(creator_id, safe="")) if template else None
