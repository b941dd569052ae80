"""What is on its way to whom, and how did it end?

A delivery is written in the announcement's commit, for each subscriber that wants its type. A
claim is a lease: a worker that is killed loses it by the clock, one that comes back too late
finds that its lease no longer opens anything.

Source: ADR-0025, outgoing events.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from aboard.core.announcements import AnnouncementType
from aboard.core.deliveries import Answered
from aboard.core.subscribers import DisabledFor, Subscriber
from aboard.store.announcements import announcement_of
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions, new_id
from aboard.store.records import (
    DeliveryClaim,
    DeliveryCounts,
    DeliveryStatus,
    StoredDelivery,
)
from aboard.store.statements.compiler import Params, Statement
from aboard.store.values import to_micros, to_time, to_time_or_none

PORTION = 500
"""How many rows one commit makes due or buries."""
NEWEST = (1 << 63) - 1
"""Beyond every number of a delivery."""
_ONE_MICROSECOND = 1


class DeliveryQuestions(Questions):
    """The questions about deliveries."""

    async def claim_deliveries(
        self, subscriber_id: str, limit: int, now: datetime, *, lease_seconds: int
    ) -> Sequence[DeliveryClaim]:
        """Lease up to `limit` due deliveries of a subscriber to the caller, longest due first.

        Nobody else is given them until the lease ends, by `finish_delivery`, `postpone_delivery`,
        `give_up_delivery`, `give_back_delivery` or the clock. A lease that ran out counts as an
        attempt.
        """
        lease = new_id("lease")
        params: Params = {
            "subscriber_id": subscriber_id,
            "now": to_micros(now),
            "limit": limit,
            "lease": lease,
            "lease_until": to_micros(now + timedelta(seconds=lease_seconds)),
        }
        outcome = await self._driver.write(
            (
                Step(self._sql.deliveries.take_back, params),
                Step(self._sql.deliveries.claim, params),
                Step(self._sql.deliveries.list_claimed, params),
            )
        )
        rows = () if outcome is None else outcome[-1].rows
        return tuple(
            DeliveryClaim(row[0], lease, row[1], announcement_of(tuple(row[2:]))) for row in rows
        )

    async def finish_delivery(
        self, claim: DeliveryClaim, answered: Answered, now: datetime
    ) -> bool:
        """Write down that it was taken in; False when the lease is no longer the caller's."""
        return await self._settle(self._sql.deliveries.finish, claim, _tried(answered, now))

    async def postpone_delivery(
        self, claim: DeliveryClaim, answered: Answered, now: datetime, *, retry_at: datetime
    ) -> bool:
        """Give it back to be tried again; False when the lease is no longer the caller's."""
        params = {**_tried(answered, now), "error": answered.word, "due_at": to_micros(retry_at)}
        return await self._settle(self._sql.deliveries.postpone, claim, params)

    async def give_up_delivery(
        self, claim: DeliveryClaim, answered: Answered, now: datetime
    ) -> bool:
        """Make it a dead letter; False when the lease is no longer the caller's."""
        params = {**_tried(answered, now), "error": answered.word}
        return await self._settle(self._sql.deliveries.give_up, claim, params)

    async def give_back_delivery(self, claim: DeliveryClaim) -> bool:
        """Give it back untried; False when the lease is no longer the caller's."""
        return await self._settle(self._sql.deliveries.give_back, claim, {})

    async def bury_deliveries(self, subscriber_id: str, reason: DisabledFor) -> int:
        """Make a portion of a disabled subscriber's open deliveries dead; return how many.

        What another worker holds just now is left for the next time.
        """
        params: Params = {
            "subscriber_id": subscriber_id,
            "error": f"disabled_{reason.value}",
            "portion": PORTION,
        }
        outcome = await self._driver.write((Step(self._sql.deliveries.bury, params),))
        return 0 if outcome is None else outcome[0].count

    async def list_deliveries(
        self,
        subscriber_id: str,
        *,
        status: DeliveryStatus | None = None,
        before: int = NEWEST,
        limit: int = 100,
    ) -> Sequence[StoredDelivery]:
        """Return deliveries with a number under `before`, newest first."""
        rows = await self._driver.read_all(
            self._sql.deliveries.list_of_subscriber,
            {
                "subscriber_id": subscriber_id,
                "status": None if status is None else status.value,
                "before": before,
                "limit": limit,
            },
        )
        return tuple(map(_delivery_of, rows))

    async def count_deliveries(self, subscriber_id: str) -> DeliveryCounts:
        """Return how many deliveries of a subscriber are open, and how many are dead."""
        sql = self._sql.deliveries
        waiting, leased, dead = [
            await self._driver.read_one(statement, {"subscriber_id": subscriber_id})
            for statement in (sql.count_waiting, sql.count_leased, sql.count_dead)
        ]
        return DeliveryCounts(
            pending=sum(row[0] for row in (waiting, leased) if row is not None),
            dead=0 if dead is None else dead[0],
        )

    async def replay_announcement(
        self, subscriber_id: str, announcement_id: str, now: datetime
    ) -> int:
        """Make one announcement due for a subscriber, sent before or not; return 1 if it is.

        Nothing is due for a subscriber of another mode, of other types, or that is disabled.
        """
        params: Params = {
            "subscriber_id": subscriber_id,
            "announcement_id": announcement_id,
            "now": to_micros(now),
        }
        outcome = await self._driver.write((Step(self._sql.deliveries.replay_one, params),))
        return 0 if outcome is None else outcome[0].count

    async def replay_window(
        self, subscriber: Subscriber, since: datetime, until: datetime, now: datetime
    ) -> AsyncIterator[int]:
        """Make what a subscriber wants of a window due, sent before or not, in portions.

        `since` is included, `until` is not. Yields how many each commit made due.
        """
        begin, end = to_micros(since), to_micros(until)
        while begin < end:
            window: Params = {"mode": subscriber.mode.value, "since": begin, "until": end}
            row = await self._driver.read_one(
                self._sql.deliveries.find_portion_end, {**window, "skip": PORTION - 1}
            )
            portion_end = end if row is None else row[0] + _ONE_MICROSECOND
            params: Params = {
                **window,
                "until": portion_end,
                "subscriber_id": subscriber.id,
                "now": to_micros(now),
            }
            outcome = await self._driver.write((Step(self._sql.deliveries.replay_window, params),))
            yield 0 if outcome is None else outcome[0].count
            begin = portion_end

    async def replay_dead(self, subscriber_id: str, now: datetime) -> AsyncIterator[int]:
        """Make a subscriber's dead deliveries due, in portions; yield how many each commit did.

        What dies again meanwhile is left dead: it is behind.
        """
        after = 0
        while True:
            where: Params = {"subscriber_id": subscriber_id, "after": after}
            numbers = await self._driver.read_all(
                self._sql.deliveries.list_dead, {**where, "portion": PORTION}
            )
            if not numbers:
                return
            last = numbers[-1][0]
            params: Params = {**where, "last": last, "now": to_micros(now)}
            outcome = await self._driver.write((Step(self._sql.deliveries.revive, params),))
            yield 0 if outcome is None else outcome[0].count
            after = last

    async def _settle(self, statement: Statement, claim: DeliveryClaim, params: Params) -> bool:
        held: Params = {**params, "number": claim.number, "lease": claim.lease}
        return await self._holds(Step(statement, held, required=True))


def _tried(answered: Answered, now: datetime) -> Params:
    return {"attempted_at": to_micros(now), "answered": answered.status}


def _delivery_of(row: Row) -> StoredDelivery:
    number, announcement_id, subscriber_id, type_, occurred_at, status, due_at = row[:7]
    attempts, attempted_at, delivered_at, answered, last_error = row[7:]
    return StoredDelivery(
        number=number,
        announcement_id=announcement_id,
        subscriber_id=subscriber_id,
        type=AnnouncementType(type_),
        occurred_at=to_time(occurred_at),
        status=DeliveryStatus(status),
        due_at=to_time_or_none(due_at),
        attempts=attempts,
        attempted_at=to_time_or_none(attempted_at),
        delivered_at=to_time_or_none(delivered_at),
        answered=answered,
        last_error=last_error,
    )
