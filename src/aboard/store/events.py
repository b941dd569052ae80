"""What do we ask about received events? Is it new, what became of it, and who stays silent?

No payload is kept: an event only says that somebody should look.

Source: ADR-0006, events are doorbells.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from aboard.core.owner import Mode
from aboard.store.driver import Done, Row, Step
from aboard.store.questions import Questions
from aboard.store.records import (
    Endpoint,
    EventFilter,
    EventKey,
    EventSource,
    EventStatus,
    Replayed,
    StoredEvent,
    WalkedEvent,
)
from aboard.store.statements.compiler import Params, Statement
from aboard.store.statements.event_windows import EventWindowStatements
from aboard.store.values import to_micros, to_time, to_time_or_none

_ENDPOINTS: tuple[Endpoint, ...] = ("platform", "connect")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(9999, 12, 31, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST_MODE, _LAST_MODE = min(Mode), max(Mode)
_ANYTHING = EventFilter()
_LAST = EventKey(_END, _LAST_MODE, "")


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
        self,
        which: EventFilter = _ANYTHING,
        limit: int = 100,
        *,
        before: EventKey | None = None,
    ) -> Sequence[StoredEvent]:
        """Return events that match, last received first, those before a place alone."""
        params = {**_filter_params(which), **_key_params("key", before or _LAST), "limit": limit}
        if before is not None:
            params["before"] = _end_of(which, before)
        rows = await self._driver.read_all(self._windows(which).list_recent, params)
        return tuple(_event_of(row) for row in rows)

    async def walk_events(
        self, which: EventFilter, *, after: EventKey | None, limit: int
    ) -> Sequence[WalkedEvent]:
        """Return the next events that match, first received first, behind a place."""
        rows = await self._driver.read_all(
            self._windows(which).walk,
            {**_walk_params(which, after), "limit": limit},
        )
        return tuple(WalkedEvent(_event_of(row), bool(row[-1])) for row in rows)

    async def replay_events(
        self, which: EventFilter, *, after: EventKey | None, upto: EventKey, now: datetime
    ) -> Replayed:
        """Make the events that match in one stretch pending again, and their accounts due.

        The stretch begins behind `after` and ends with `upto`. Events of no connected account of
        ours are left alone. All of it is one commit.
        """
        windows = self._windows(which)
        params = {
            **_walk_params(which, after),
            **_key_params("last", upto),
            "before": _end_of(which, upto),
            "now": to_micros(now),
        }
        return await self._replay((windows.ring, params), (windows.reopen, params))

    async def replay_event(self, event_id: str, mode: Mode, now: datetime) -> Replayed:
        """Make one event pending again, and its account due, if it is a connected one of ours."""
        params: Params = {"event_id": event_id, "mode": mode.value, "now": to_micros(now)}
        again = self._sql.events_again
        return await self._replay((again.ring, params), (again.reopen, params))

    async def _replay(
        self, ring: tuple[Statement, Params], reopen: tuple[Statement, Params]
    ) -> Replayed:
        outcome = await self._driver.write((Step(*ring), Step(*reopen)))
        rung, reopened = outcome or (Done(0), Done(0))
        return Replayed(events=reopened.count, accounts=rung.count)

    def _windows(self, which: EventFilter) -> EventWindowStatements:
        if which.status is EventStatus.DEAD:
            return self._sql.dead_letters
        return self._sql.event_windows

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


def _filter_params(which: EventFilter) -> Params:
    return {
        "mode": which.mode,
        "endpoint": which.endpoint,
        "status": which.status,
        "stripe_account_id": which.stripe_account_id,
        "type": which.type,
        "since": to_micros(which.since or _BEGINNING),
        "before": to_micros(which.before or _END),
    }


def _walk_params(which: EventFilter, after: EventKey | None) -> Params:
    since = which.since or _BEGINNING
    if after is None:
        after = EventKey(since, _FIRST_MODE, "")
    return {
        **_filter_params(which),
        **_key_params("key", after),
        "since": to_micros(max(since, after.received_at)),
    }


def _end_of(which: EventFilter, key: EventKey) -> int:
    # The index holds the time alone: said again, so that a stretch is read from end to end only.
    return to_micros(min(which.before or _END, key.received_at + _MICROSECOND))


def _key_params(name: str, key: EventKey) -> Params:
    return {
        f"{name}_at": to_micros(key.received_at),
        f"{name}_mode": key.mode.value,
        f"{name}_id": key.id,
    }


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
        source=row[11],
    )
