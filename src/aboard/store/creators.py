"""Which user is behind a creator, and what do they say of themselves?

Source: docs/vocabulary.md.
"""

from collections.abc import Mapping
from datetime import datetime

from aboard.core.creator import Creator, ProfileField
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.values import to_micros, to_time


class CreatorQuestions(Questions):
    """The questions about creators' profiles."""

    async def create_creator(
        self,
        creator_id: str,
        user_id: str,
        now: datetime,
        *,
        display_name: str | None = None,
        bio: str | None = None,
    ) -> bool:
        """Remember a creator; False when the id or the user has a profile already."""
        return await self._holds(
            Step(
                self._sql.kyc.create_creator,
                {
                    "id": creator_id,
                    "user_id": user_id,
                    "created_at": to_micros(now),
                    "display_name": display_name,
                    "bio": bio,
                    "updated_at": None,
                },
                required=True,
            )
        )

    async def change_creator(
        self, creator_id: str, changes: Mapping[ProfileField, str | None], now: datetime
    ) -> bool:
        """Change the named parts of a profile, None to nothing; False without one."""
        return await self._holds(
            Step(
                self._sql.kyc.change_creator,
                {
                    "creator_id": creator_id,
                    "has_display_name": int("display_name" in changes),
                    "display_name": changes.get("display_name"),
                    "has_bio": int("bio" in changes),
                    "bio": changes.get("bio"),
                    "now": to_micros(now),
                },
                required=True,
            )
        )

    async def find_creator(self, creator_id: str) -> Creator | None:
        """Return a creator by id."""
        row = await self._driver.read_one(self._sql.kyc.find_creator, {"creator_id": creator_id})
        return None if row is None else creator_of(row)

    async def find_creator_of_user(self, user_id: str) -> Creator | None:
        """Return the one creator that this user is."""
        row = await self._driver.read_one(self._sql.kyc.find_creator_of_user, {"user_id": user_id})
        return None if row is None else creator_of(row)


def creator_of(row: Row) -> Creator:
    """Return the creator in these columns."""
    creator_id, user_id, created_at, display_name, bio, updated_at = row
    made_at = to_time(created_at)
    return Creator(
        creator_id,
        user_id,
        made_at,
        display_name,
        bio,
        made_at if updated_at is None else to_time(updated_at),
    )
