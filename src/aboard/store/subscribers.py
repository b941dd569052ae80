"""Who is told announcements? Addresses of the platform's own, and how it stands with them.

What a person does to one is written with its audit row, in one commit.

Source: ADR-0025, outgoing events.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from aboard.core.announcements import AnnouncementType
from aboard.core.owner import Mode
from aboard.core.subscribers import MOST_SUBSCRIBERS, DisabledFor, Generation, Subscriber
from aboard.store.audit import audit_step
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.records import AuditEntry
from aboard.store.statements.compiler import Params
from aboard.store.values import to_micros, to_time, to_time_or_none

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(tuple[str, ...])


class SubscriberQuestions(Questions):
    """The questions about subscribers. Those that were removed are not found by any."""

    async def add_subscriber(self, subscriber: Subscriber, audit: AuditEntry) -> bool:
        """Write a new subscriber with its first secret; False if the mode has its fill."""
        params: Params = {
            "id": subscriber.id,
            "mode": subscriber.mode.value,
            "now": to_micros(subscriber.created_at),
            "created_by": subscriber.created_by,
            "key_id": subscriber.secret.key_id,
            "most": MOST_SUBSCRIBERS,
            **_changeable(subscriber),
        }
        return await self._write(Step(self._sql.subscribers.add, params, required=True), audit)

    async def find_subscriber(self, subscriber_id: str) -> Subscriber | None:
        """Return a subscriber; None if there is none, or none any more."""
        row = await self._driver.read_one(self._sql.subscribers.find, {"id": subscriber_id})
        return None if row is None else _subscriber_of(row)

    async def list_subscribers(self, mode: Mode) -> Sequence[Subscriber]:
        """Return the subscribers of a mode, the oldest first."""
        rows = await self._driver.read_all(self._sql.subscribers.list_of_mode, {"mode": mode.value})
        return tuple(map(_subscriber_of, rows))

    async def list_waiting_subscribers(self, mode: Mode, now: datetime) -> Sequence[Subscriber]:
        """Return whom something is due for, or whose open deliveries are to be buried."""
        rows = await self._driver.read_all(
            self._sql.subscribers.list_waiting, {"mode": mode.value, "now": to_micros(now)}
        )
        return tuple(map(_subscriber_of, rows))

    async def change_subscriber(self, subscriber: Subscriber, audit: AuditEntry) -> bool:
        """Write its address, description and types; False if it was removed meanwhile."""
        params: Params = {"id": subscriber.id, **_changeable(subscriber)}
        return await self._write(Step(self._sql.subscribers.change, params, required=True), audit)

    async def rotate_secret(
        self, seen: Subscriber, key_id: str, audit: AuditEntry, *, previous_until: datetime
    ) -> bool:
        """Begin the next generation, made by this key; the one before signs too until then.

        Says False, and changes nothing, when somebody else rotated it since it was seen.
        """
        params: Params = {
            "id": seen.id,
            "seen_generation": seen.secret.number,
            "key_id": key_id,
            "previous_until": to_micros(previous_until),
        }
        return await self._write(Step(self._sql.subscribers.rotate, params, required=True), audit)

    async def disable_subscriber(
        self, subscriber_id: str, reason: DisabledFor, now: datetime, audit: AuditEntry
    ) -> bool:
        """Tell it nothing any more; False if that is so already.

        What is open is buried by `bury_deliveries`.
        """
        params: Params = {"id": subscriber_id, "reason": reason.value, "now": to_micros(now)}
        return await self._write(Step(self._sql.subscribers.disable, params, required=True), audit)

    async def enable_subscriber(self, subscriber_id: str, audit: AuditEntry) -> bool:
        """Tell it again what is announced from now on; False if that is so already."""
        step = Step(self._sql.subscribers.enable, {"id": subscriber_id}, required=True)
        return await self._write(step, audit)

    async def remove_subscriber(self, subscriber_id: str, now: datetime, audit: AuditEntry) -> bool:
        """Forget its address for good; False if there is none."""
        params: Params = {"id": subscriber_id, "now": to_micros(now)}
        return await self._write(Step(self._sql.subscribers.remove, params, required=True), audit)

    async def praise_subscriber(self, subscriber_id: str) -> None:
        """Write down that a row of failures ended."""
        await self._driver.write((Step(self._sql.subscribers.praise, {"id": subscriber_id}),))

    async def blame_subscriber(
        self, subscriber_id: str, now: datetime, *, forgotten_before: datetime
    ) -> None:
        """Write down a failure: one more of a row, or the first after `forgotten_before`."""
        params: Params = {
            "id": subscriber_id,
            "now": to_micros(now),
            "forgotten_before": to_micros(forgotten_before),
        }
        await self._driver.write((Step(self._sql.subscribers.blame, params),))

    async def _write(self, step: Step, audit: AuditEntry) -> bool:
        return await self._holds(step, audit_step(self._sql, audit))


def _changeable(subscriber: Subscriber) -> Params:
    types = [each.value for each in subscriber.types]
    return {
        "url": subscriber.url,
        "description": subscriber.description,
        "types": _encoder.encode(types).decode() if types else None,
    }


def _subscriber_of(row: Row) -> Subscriber:
    subscriber_id, mode, url, description, types, created_at, created_by = row[:7]
    key_id, generation, previous_key_id, previous_generation, previous_until = row[7:12]
    disabled_at, disabled_reason, failing_since = row[12:]
    previous = None if previous_key_id is None else Generation(previous_key_id, previous_generation)
    return Subscriber(
        id=subscriber_id,
        mode=Mode(mode),
        url=url,
        description=description,
        types=() if types is None else tuple(map(AnnouncementType, _decoder.decode(types))),
        created_at=to_time(created_at),
        created_by=created_by,
        secret=Generation(key_id, generation),
        previous=previous,
        previous_until=to_time_or_none(previous_until),
        disabled_at=to_time_or_none(disabled_at),
        disabled_for=None if disabled_reason is None else DisabledFor(disabled_reason),
        failing_since=to_time_or_none(failing_since),
    )
