"""What do we ask about received events? Is it new, what became of it, and who stays silent?

No payload is kept: an event only says that somebody should look.

Source: ADR-0006, events are doorbells.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from aboard.core.owner import Mode
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.records import (
    Endpoint,
    EventFilter,
    EventSource,
    EventStatus,
    StoredEvent,
)
from aboard.store.statements.compiler import Params
from aboard.store.values import to_micros, to_time, to_time_or_none

_ENDPOINTS: tuple[Endpoint, ...] = ("platform", "connect")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(9999, 12, 31, tzinfo=UTC)
_ANYTHING = EventFilter()


class EventQuestions(Questions):
    """The questions about received events."""

    async def accept_event(
        self,
        event_id: str,
        *,
        endpoint: Endpoint,
        mode: Mode,
        type: str,  # noqa: A002 -- Stripe's own word for it
        stripe_account_id: str | None,
        created_at: datetime,
        received_at: datetime,
        source: EventSource = "delivered",
    ) -> bool:
        """Remember an event once and make its account due, durably; say whether it is new."""
        params: Params = {
            "event_id": event_id,
            "endpoint": endpoint,
            "mode": mode.value,
            "type": type,
            "stripe_account_id": stripe_account_id,
            "created_at": to_micros(created_at),
            "received_at": to_micros(received_at),
            "source": source,
            "now": to_micros(received_at),
        }
        sql = self._sql.events
        alone = [Step(sql.accept, params, required=True)]
        if stripe_account_id is not None:
            alone.append(Step(self._sql.syncs.ring, params))
        return await self._driver.write_row(alone, sql.accept_many, params)

    async def find_event(self, event_id: str, mode: Mode) -> StoredEvent | None:
        """Return what is remembered of one event."""
        row = await self._driver.read_one(
            self._sql.events.find, {"event_id": event_id, "mode": mode.value}
        )
        return None if row is None else _event_of(row)

    async def list_events(
        self, which: EventFilter = _ANYTHING, limit: int = 100
    ) -> Sequence[StoredEvent]:
        """Return events that match, last received first."""
        rows = await self._driver.read_all(
            self._sql.events.list_recent,
            {
                "mode": which.mode,
                "endpoint": which.endpoint,
                "status": which.status,
                "stripe_account_id": which.stripe_account_id,
                "type": which.type,
                "since": to_micros(which.since or _BEGINNING),
                "before": to_micros(which.before or _END),
                "limit": limit,
            },
        )
        return tuple(_event_of(row) for row in rows)

    async def endpoint_last_seen(self, mode: Mode) -> Mapping[Endpoint, datetime]:
        """Return when each endpoint last received an event; a silent one is absent."""
        seen: dict[Endpoint, datetime] = {}
        for endpoint in _ENDPOINTS:
            row = await self._driver.read_one(
                self._sql.events.last_seen, {"mode": mode.value, "endpoint": endpoint}
            )
            if row is not None and row[0] is not None:
                seen[endpoint] = to_time(row[0])
        return seen

    async def count_open_events(self) -> Mapping[EventStatus, int]:
        """Return how many events wait, by status: pending, unmatched and dead."""
        rows = await self._driver.read_all(self._sql.events.count_open, {})
        return {EventStatus(status): int(count) for status, count in rows}

    async def count_events(self, since: datetime) -> Mapping[EventStatus, int]:
        """Return how many events were received at or after `since`, by status."""
        rows = await self._driver.read_all(
            self._sql.events.count_since, {"since": to_micros(since)}
        )
        return {EventStatus(status): int(count) for status, count in rows}


def _event_of(row: Row) -> StoredEvent:
    return StoredEvent(
        id=row[0],
        mode=Mode(row[1]),
        endpoint=row[2],
        type=row[3],
        stripe_account_id=row[4],
        created_at=to_time(row[5]),
        received_at=to_time(row[6]),
        processed_at=to_time_or_none(row[7]),
        status=EventStatus(row[8]),
        attempts=row[9],
        last_error=row[10],
    )
