"""How does a check of who a creator is stand? One row each, changed only as it was seen.

Source: ADR-0018, knowing your creators.
"""

from collections.abc import Sequence
from datetime import datetime

from aboard.core.creator import CreatorCheck
from aboard.core.kyc import KycCheck, KycStatus
from aboard.store.audit import audit_step
from aboard.store.creators import creator_of
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.records import AuditEntry
from aboard.store.statements.compiler import Params, Value
from aboard.store.statements.kyc import CHECK_COLUMNS
from aboard.store.values import to_micros, to_micros_or_none, to_time, to_time_or_none


class KycQuestions(Questions):
    """The questions about the checks of creators and the provider's messages."""

    async def find_kyc(self, creator_id: str) -> KycCheck | None:
        """Return a creator's check at its newest attempt; None if none was begun."""
        row = await self._driver.read_one(self._sql.kyc.find, {"creator_id": creator_id})
        return None if row is None else _check_of(row)

    async def find_kyc_session(self, session_id: str) -> KycCheck | None:
        """Return the check whose newest attempt has this session; None for any other session."""
        row = await self._driver.read_one(self._sql.kyc.find_session, {"session_id": session_id})
        return None if row is None else _check_of(row)

    async def list_kyc(
        self, status: KycStatus, *, after: str = "", limit: int = 50
    ) -> Sequence[CreatorCheck]:
        """Return checks in this state with their creators, by creator id, from `after` on."""
        rows = await self._driver.read_all(
            self._sql.kyc.list, {"status": status.value, "after": after, "limit": limit}
        )
        width = len(CHECK_COLUMNS)
        return [CreatorCheck(_check_of(row[:width]), creator_of(row[width:])) for row in rows]

    async def write_kyc(self, seen: KycCheck | None, check: KycCheck, audit: AuditEntry) -> bool:
        """Write a check over the one that was seen, with its audit row, in one commit.

        Says False, and writes nothing, when it is not as it was seen any more.
        """
        return await self._holds(self._writing(seen, check), audit_step(self._sql, audit))

    async def take_kyc_message(
        self, message_id: str, seen: KycCheck, check: KycCheck, audit: AuditEntry, now: datetime
    ) -> bool:
        """Take a message in and write what it says over the check that was seen, in one commit.

        Says False, and writes nothing, when the message was taken in before, or the check is not
        as it was seen any more.
        """
        return await self._holds(
            self._taking(message_id, now),
            self._writing(seen, check),
            audit_step(self._sql, audit),
        )

    async def keep_kyc_message(self, message_id: str, now: datetime) -> bool:
        """Remember a message that changes nothing; False when it was taken in before."""
        return await self._holds(self._taking(message_id, now))

    def _taking(self, message_id: str, now: datetime) -> Step:
        params: Params = {"message_id": message_id, "now": to_micros(now)}
        return Step(self._sql.kyc.take_message, params, required=True)

    def _writing(self, seen: KycCheck | None, check: KycCheck) -> Step:
        params: dict[str, Value] = {
            "creator_id": check.creator_id,
            "session_id": check.session_id,
            "attempt": check.attempt,
            "status": check.status.value,
            "provider": check.provider,
            "provider_id": check.provider_id,
            "started_at": to_micros(check.started_at),
            "decided_at": to_micros_or_none(check.decided_at),
        }
        if seen is None:
            return Step(self._sql.kyc.begin, params, required=True)
        params |= {"seen_revision": seen.revision}
        return Step(self._sql.kyc.change, params, required=True)


def _check_of(row: Row) -> KycCheck:
    creator_id, session_id, attempt, status, provider, provider_id, started, decided, revision = row
    return KycCheck(
        creator_id=creator_id,
        session_id=session_id,
        attempt=attempt,
        status=KycStatus(status),
        provider=provider,
        started_at=to_time(started),
        provider_id=provider_id,
        decided_at=to_time_or_none(decided),
        revision=revision,
    )
