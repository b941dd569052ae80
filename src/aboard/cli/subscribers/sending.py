"""How is a subscriber tried, what was sent to it, and what is sent again?

Source: docs/webhooks.md, telling again.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

from aboard.cli.asking import OPERATOR
from aboard.cli.exits import Exit, Refusal
from aboard.cli.subscribers.asking import Asking
from aboard.cli.terminal import Mark
from aboard.core.clock import utc_now
from aboard.core.deliveries import PING
from aboard.core.subscribers import Subscriber
from aboard.flows.platform import Platform
from aboard.flows.redeliver import (
    list_deliveries,
    replay_announcement,
    replay_dead,
    replay_window,
)
from aboard.flows.subscribers import get_subscriber, try_subscriber
from aboard.store import DeliveryStatus, StoredDelivery

_MARKS = {DeliveryStatus.DELIVERED: Mark.GOOD, DeliveryStatus.DEAD: Mark.BAD}


class Sending(Asking):
    """The acts that send, or have something sent."""

    def test(self, subscriber_id: str) -> Exit:
        """Send a ping now, and end with 1 unless it was taken in."""
        with self._terminal.working("Waiting for the answer"):
            answered = self._ask(lambda one: try_subscriber(one, OPERATOR, subscriber_id))
        mark = Mark.GOOD if answered.is_success else Mark.BAD
        told = f"answered {answered.status}" if answered.status else f"{answered.word}"
        self._terminal.row(mark, subscriber_id, told, answered.seconds * 1000)
        self._terminal.document(
            {
                "id": subscriber_id,
                "type": PING,
                "status": answered.status,
                "error": answered.word,
                "milliseconds": round(answered.seconds * 1000),
            }
        )
        return Exit.OK if answered.is_success else Exit.CHECK_FAILED

    def deliveries(self, subscriber_id: str, status: str | None, *, limit: int) -> Exit:
        """List what was sent, the newest first."""
        if status is not None and status not in list(DeliveryStatus):
            known = ", ".join(DeliveryStatus)
            raise Refusal(f"There is no status {status!r}.", f"Give one of {known}.", Exit.USAGE)
        wanted = None if status is None else DeliveryStatus(status)
        found = self._ask(
            lambda one: list_deliveries(one, subscriber_id, status=wanted, limit=limit)
        )
        for each in found:
            mark = _MARKS.get(each.status, Mark.NOTE)
            self._terminal.row(mark, each.announcement_id, _words(each))
        if not found:
            self._terminal.say("Nothing was sent.")
        self._terminal.document({"id": subscriber_id, "deliveries": [_shown(row) for row in found]})
        return Exit.OK

    def replay_announcement(self, announcement_id: str, subscriber_id: str | None) -> Exit:
        """Have one announcement sent again, to one or to all who want it."""
        count = self._ask(
            lambda one: replay_announcement(one, OPERATOR, announcement_id, subscriber_id)
        )
        return self._tell(announcement_id, count)

    def replay_dead(self, subscriber_id: str) -> Exit:
        """Have all that is dead sent again."""
        return self._replay(
            subscriber_id, lambda one, subscriber: replay_dead(one, OPERATOR, subscriber)
        )

    def replay_window(self, subscriber_id: str, since: str, until: str | None) -> Exit:
        """Have a window sent again, with what was never sent."""
        begin = _time(since, "--since")
        end = utc_now() if until is None else _time(until, "--until")
        if end <= begin:
            raise Refusal("The window is empty.", "Let --until be after --since.", Exit.USAGE)
        return self._replay(
            subscriber_id,
            lambda one, subscriber: replay_window(one, OPERATOR, subscriber, begin, end),
        )

    def _replay(
        self,
        subscriber_id: str,
        portions: Callable[[Platform, Subscriber], AsyncIterator[int]],
    ) -> Exit:
        async def replay(platform: Platform) -> int:
            subscriber = await get_subscriber(platform, subscriber_id)
            if subscriber.disabled_at is not None:
                raise Refusal(
                    "This subscriber is disabled: it is told nothing.",
                    f"`aboard subscribers enable {subscriber_id}` first.",
                    Exit.CHECK_FAILED,
                )
            return sum([count async for count in portions(platform, subscriber)])

        with self._terminal.working("Making what is to be told due"):
            count = self._ask(replay)
        return self._tell(subscriber_id, count)

    def _tell(self, name: str, count: int) -> Exit:
        told = f"{count} due now; the worker sends them" if count else "nothing to tell"
        self._terminal.row(Mark.GOOD if count else Mark.NOTE, name, told)
        self._terminal.document({"id": name, "due": count})
        return Exit.OK


def _time(text: str, option: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Refusal(
            f"{option} is no point in time with its zone.",
            "Write it as 2026-11-21T09:00:00Z.",
            Exit.USAGE,
        )
    return at


def _words(delivery: StoredDelivery) -> str:
    words = [f"{delivery.type}, {delivery.status}"]
    if delivery.attempts:
        words.append(f"attempt {delivery.attempts}")
    if delivery.last_error is not None:
        words.append(delivery.last_error)
    if delivery.due_at is not None:
        words.append(f"due {delivery.due_at:%Y-%m-%d %H:%M:%S} UTC")
    return ", ".join(words)


def _shown(delivery: StoredDelivery) -> dict[str, Any]:
    times = {
        "occurredAt": delivery.occurred_at,
        "dueAt": delivery.due_at,
        "attemptedAt": delivery.attempted_at,
        "deliveredAt": delivery.delivered_at,
    }
    return {
        "announcement": delivery.announcement_id,
        "type": delivery.type.value,
        "status": delivery.status.value,
        "attempts": delivery.attempts,
        "answered": delivery.answered,
        "error": delivery.last_error,
        **{name: at.isoformat() if at else None for name, at in times.items()},
    }
