"""What is in a whole table, portion by portion? For exports, and for a look at every account.

A walk holds no transaction and no more than a portion: rows that come meanwhile may or may not be
in it, rows that were there before it began are in it once.

Source: ADR-0024, what was missed is asked for, and what is old is forgotten.
"""

from collections.abc import Sequence
from datetime import datetime

from aboard.core.account import ConnectedAccount
from aboard.core.owner import Mode
from aboard.store.accounts import account_of
from aboard.store.announcements import announcement_of
from aboard.store.audit import entry_of
from aboard.store.driver import Row, Step
from aboard.store.questions import Questions
from aboard.store.records import (
    AuditEntry,
    LinkedAccount,
    Place,
    StoredAnnouncement,
    Walked,
    Window,
)
from aboard.store.statements.compiler import Params, Statement
from aboard.store.values import to_micros


class WalkQuestions(Questions):
    """The questions that read whole tables."""

    async def walk_announcements(
        self, window: Window, *, after: Place | None, limit: int
    ) -> Sequence[Walked[StoredAnnouncement]]:
        """Return the next announcements of a window, in the order of their time."""
        rows = await self._walk(self._sql.walks.announcements, window, after, limit)
        found = ((announcement_of(row[:-1]), row[-1]) for row in rows)
        return tuple(Walked(told, Place(told.occurred_at, number)) for told, number in found)

    async def walk_audit(
        self, window: Window, *, after: Place | None, limit: int
    ) -> Sequence[Walked[AuditEntry]]:
        """Return the next audit rows of a window, in the order of their time."""
        rows = await self._walk(self._sql.walks.audit, window, after, limit)
        found = ((entry_of(row[:-1]), row[-1]) for row in rows)
        return tuple(Walked(entry, Place(entry.at, number)) for entry, number in found)

    async def walk_accounts(
        self, window: Window, *, after: str, limit: int
    ) -> Sequence[ConnectedAccount]:
        """Return the next accounts that were reserved in a window, in the order of our own ids."""
        rows = await self._driver.read_all(
            self._sql.walks.accounts,
            {**_window_params(window), "after": after, "limit": limit},
        )
        return tuple(account_of(row) for row in rows)

    async def walk_linked_accounts(
        self, mode: Mode, *, after: str, limit: int
    ) -> Sequence[LinkedAccount]:
        """Return the next accounts of ours at Stripe, in the order of Stripe's ids."""
        rows = await self._driver.read_all(
            self._sql.walks.linked, {"mode": mode.value, "after": after, "limit": limit}
        )
        return tuple(LinkedAccount(*row) for row in rows)

    async def schedule_accounts(
        self, mode: Mode, *, after: str, upto: str, due_at: datetime
    ) -> int:
        """Make a stretch of accounts of ours at Stripe due then at the latest; say how many.

        The stretch begins behind `after` and ends with `upto`, in the order of Stripe's ids.
        """
        params: Params = {
            "mode": mode.value,
            "after": after,
            "last": upto,
            "due_at": to_micros(due_at),
        }
        outcome = await self._driver.write((Step(self._sql.walks.schedule, params),))
        return outcome[0].count if outcome else 0

    async def _walk(
        self, statement: Statement, window: Window, after: Place | None, limit: int
    ) -> Sequence[Row]:
        params = _window_params(window)
        since = window.since if after is None else max(window.since, after.at)
        key = Place(since, -1) if after is None else after
        return await self._driver.read_all(
            statement,
            {
                **params,
                "since": to_micros(since),
                "key_at": to_micros(key.at),
                "key_number": key.number,
                "limit": limit,
            },
        )


def _window_params(window: Window) -> Params:
    return {
        "since": to_micros(window.since),
        "before": to_micros(window.before),
        "mode": window.mode,
    }
