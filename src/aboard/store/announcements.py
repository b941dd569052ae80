"""What did we tell the platform of an owner?

Announcements are written by the questions that change an account, in the same commit.

Source: ADR-0014, the gate and its announcements.
"""

from collections.abc import Sequence

import msgspec

from aboard.core.announcements import AnnouncementType
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.store.driver import Row
from aboard.store.questions import Questions
from aboard.store.records import StoredAnnouncement
from aboard.store.values import owner_params, to_time

_decoder = msgspec.json.Decoder(dict[str, str | bool | tuple[str, ...] | None])


class AnnouncementQuestions(Questions):
    """The questions about announcements."""

    async def list_announcements(
        self, owner: Owner, *, limit: int = 100
    ) -> Sequence[StoredAnnouncement]:
        """Return what was told of this owner, newest first."""
        rows = await self._driver.read_all(
            self._sql.announcements.list_of_owner, {**owner_params(owner), "limit": limit}
        )
        return tuple(announcement_of(row) for row in rows)

    async def find_announcement(self, announcement_id: str) -> StoredAnnouncement | None:
        """Return one announcement; None if there is none, or none any more."""
        row = await self._driver.read_one(
            self._sql.announcements.find, {"announcement_id": announcement_id}
        )
        return None if row is None else announcement_of(row)


def announcement_of(row: Row) -> StoredAnnouncement:
    """Return an announcement from its columns."""
    announcement_id, type_, occurred_at, owner_kind, owner_id, mode, says = row
    return StoredAnnouncement(
        announcement_id,
        AnnouncementType(type_),
        to_time(occurred_at),
        Owner(OwnerKind(owner_kind), owner_id, Mode(mode)),
        _decoder.decode(says),
    )
