"""The creator: becoming one, what they say of themselves, and how they are paid.

None of it asks Stripe.

Source: docs/api/creators.md.
"""

from dataclasses import dataclass

import msgspec
from litestar import get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from aboard.api.creators.asking import (
    THREE,
    TWELVE,
    ModeAsked,
    OptionalBodyRequest,
    counted,
    refusals,
)
from aboard.api.creators.schemas_profile import (
    NewProfile,
    PayoutSettings,
    Profile,
    ProfileChanges,
    Upgraded,
    payout_settings_of,
    profile_of,
)
from aboard.api.envelope.schemas import Success
from aboard.core.creator import Creator, ProfileField
from aboard.core.owner import Mode
from aboard.flows.creators import (
    become_creator,
    bio_page,
    change_profile,
    get_creator,
    get_profile,
)
from aboard.flows.kyc import standing_of
from aboard.flows.platform import Platform
from aboard.flows.sync import read_account
from aboard.web.answer import Answer
from aboard.web.bodies import StrictRequest, require_no_body
from aboard.web.collaborator import Collaborator


@dataclass(frozen=True, slots=True)
class ProfilesApi(Collaborator):
    """The operations about creators over one platform."""

    platform: Platform

    async def upgrade(
        self, data: JSONBody[NewProfile], request: OptionalBodyRequest
    ) -> Answer[Success[Upgraded]]:
        """Make the caller a creator; the same answer when they already are one.

        The body may be left out. A profile that is there stays as it is.
        """
        creator_id = await become_creator(
            self.platform, request.user, display_name=data.display_name, bio=data.bio
        )
        page = bio_page(self.platform, creator_id)
        upgraded = Upgraded(creator_id, msgspec.UNSET if page is None else page)
        return Answer(Success(data=upgraded), status=201)

    async def read(
        self, request: StrictRequest, mode: ModeAsked = None
    ) -> Answer[Success[Profile]]:
        """Read the caller's profile, with what is remembered of their account."""
        await require_no_body(request.scope, request.receive)
        return await self._profile(request, await get_profile(self.platform, request.user), mode)

    async def change(
        self, data: JSONBody[ProfileChanges], request: StrictRequest, mode: ModeAsked = None
    ) -> Answer[Success[Profile]]:
        """Change what is given of the caller's profile, null to nothing, and answer with all."""
        changes: dict[ProfileField, str | None] = {}
        if data.display_name is not msgspec.UNSET:
            changes["display_name"] = data.display_name
        if data.bio is not msgspec.UNSET:
            changes["bio"] = data.bio
        creator = await change_profile(self.platform, request.user, changes)
        return await self._profile(request, creator, mode)

    async def payout_settings(
        self, request: StrictRequest, mode: ModeAsked = None
    ) -> Answer[Success[PayoutSettings]]:
        """Read how the caller is paid, as it is remembered: good for asking often."""
        await require_no_body(request.scope, request.receive)
        owner = await get_creator(self.platform, request.user, mode)
        reading = await read_account(self.platform, owner, fresh=False)
        return Answer(Success(data=payout_settings_of(reading)))

    async def _profile(
        self, request: StrictRequest, creator: Creator, mode: Mode | None
    ) -> Answer[Success[Profile]]:
        owner = await get_creator(self.platform, request.user, mode)
        reading = await read_account(self.platform, owner, fresh=False)
        standing = await standing_of(self.platform, creator.id)
        return Answer(Success(data=profile_of(creator, standing, reading)))

    def handlers(self) -> list[HTTPRouteHandler]:
        """Return the routes of these operations."""
        return [
            post(
                "/creators/upgrade",
                operation_id="upgradeToCreator",
                summary="Become a creator",
                opt=counted("creators.upgrade", THREE),
                responses=refusals(400, 401, 413, 415, 429, 503),
                request_class=OptionalBodyRequest,
            )(self.upgrade),
            get(
                "/creators/profile",
                operation_id="getCreatorProfile",
                summary="Read the profile",
                opt=counted("creators.profile", TWELVE),
                responses=refusals(400, 401, 404, 413, 429, 503),
            )(self.read),
            patch(
                "/creators/profile",
                operation_id="changeCreatorProfile",
                summary="Change the profile",
                opt=counted("creators.profile.change", THREE),
                responses=refusals(400, 401, 404, 413, 415, 429, 503),
            )(self.change),
            get(
                "/creators/payout-settings",
                operation_id="getPayoutSettings",
                summary="Read how the creator is paid",
                opt=counted("creators.payout-settings", TWELVE),
                responses=refusals(400, 401, 404, 413, 429, 503),
            )(self.payout_settings),
        ]
