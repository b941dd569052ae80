"""How much waits, since when, and who is silent? What an operator's gauges show.

Source: ADR-0026, operations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aboard.core.announcements import AnnouncementType
from aboard.core.owner import Mode
from aboard.store.driver import Row
from aboard.store.questions import Questions
from aboard.store.records import EventStatus
from aboard.store.statements.compiler import Params, Statement
from aboard.store.values import to_micros, to_time_or_none

COUNTED_TO: Final = 10_000
"""Nothing is counted further: from here on the number says "very many" and costs no more.

On SQLite a question is answered on the event loop: so far it takes some milliseconds.
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, up to a bound, and since when the first of them does; aware UTC."""

    count: int = 0
    first_at: datetime | None = None


class GaugeQuestions(Questions):
    """The questions about queues and silence."""

    async def read_revision(self) -> str | None:
        """Return the revision that the database is at now; None for one without a revision."""
        row = await self._driver.read_one(self._sql.gauges.revision, {})
        return None if row is None else str(row[0])

    async def count_waiting_events(self, mode: Mode, status: EventStatus) -> Waiting:
        """Return how many events of an open status there are, and when the first was received."""
        row = await self._driver.read_one(
            self._sql.gauges.open_events,
            {"mode": mode.value, "status": status.value, "most": COUNTED_TO},
        )
        return Waiting() if row is None else Waiting(int(row[0]), to_time_or_none(row[1]))

    async def count_due_accounts(self, now: datetime) -> Mapping[Mode, Waiting]:
        """Return how many accounts are due and unclaimed, and since when; absent where none is."""
        return await self._by_mode(self._sql.gauges.due_accounts, {"now": to_micros(now)})

    async def count_leased_accounts(self) -> Mapping[Mode, Waiting]:
        """Return how many accounts workers hold, and when the first of their leases ends."""
        return await self._by_mode(self._sql.gauges.leased_accounts, {})

    async def count_pending_deliveries(self) -> Mapping[Mode, Waiting]:
        """Return how many deliveries wait for a worker, and when the first is or was due."""
        return await self._by_mode(self._sql.gauges.pending_deliveries, {})

    async def count_dead_deliveries(self) -> Mapping[Mode, int]:
        """Return how many deliveries were given up."""
        rows = await self._driver.read_all(self._sql.gauges.dead_deliveries, {"most": COUNTED_TO})
        return {Mode(mode): int(count) for mode, count in rows}

    async def count_disabled_subscribers(self, mode: Mode) -> int:
        """Return how many subscribers are told nothing, by hand or because they failed too long."""
        row = await self._driver.read_one(
            self._sql.gauges.disabled_subscribers, {"mode": mode.value}
        )
        return 0 if row is None else int(row[0])

    async def last_changes(self) -> Mapping[Mode, datetime]:
        """Return when an account of each mode last turned out to have changed, if lately."""
        rows = await self._driver.read_all(
            self._sql.gauges.changed_accounts,
            {
                "most": COUNTED_TO,
                "readiness": AnnouncementType.READINESS_CHANGED.value,
                "requirements": AnnouncementType.REQUIREMENTS_CHANGED.value,
            },
        )
        found = {Mode(mode): to_time_or_none(at) for mode, at in rows}
        return {mode: at for mode, at in found.items() if at is not None}

    async def _by_mode(self, statement: Statement, params: Params) -> Mapping[Mode, Waiting]:
        rows = await self._driver.read_all(statement, {**params, "most": COUNTED_TO})
        return dict(_waiting_of(row) for row in rows)


def _waiting_of(row: Row) -> tuple[Mode, Waiting]:
    return Mode(row[0]), Waiting(int(row[1]), to_time_or_none(row[2]))
