"""Which user is behind a creator?

Source: docs/vocabulary.md.
"""

from datetime import datetime

from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.records import Creator
from aboard.store.values import to_micros, to_time


class CreatorQuestions(Questions):
    """The questions about creators' profiles."""

    async def create_creator(self, creator_id: str, user_id: str, now: datetime) -> bool:
        """Remember a creator; False when the id or the user has a profile already."""
        return await self._holds(
            Step(
                self._sql.records.create_creator,
                {"id": creator_id, "user_id": user_id, "created_at": to_micros(now)},
                required=True,
            )
        )

    async def find_creator(self, creator_id: str) -> Creator | None:
        """Return a creator by id."""
        row = await self._driver.read_one(
            self._sql.records.find_creator, {"creator_id": creator_id}
        )
        return None if row is None else _creator_of(row)

    async def find_creator_of_user(self, user_id: str) -> Creator | None:
        """Return the one creator that this user is."""
        row = await self._driver.read_one(
            self._sql.records.find_creator_of_user, {"user_id": user_id}
        )
        return None if row is None else _creator_of(row)


def _creator_of(row: Row) -> Creator:
    creator_id, user_id, created_at = row
    return Creator(creator_id, user_id, to_time(created_at))
