"""What is old enough to be forgotten? Deleted a portion at a time, so that nobody waits for it.

Source: ADR-0024, what was missed is asked for, and what is old is forgotten.
"""

from datetime import datetime

from aboard.core.owner import Mode
from aboard.store.driver import Step
from aboard.store.questions import Questions
from aboard.store.statements.compiler import Params, Value
from aboard.store.statements.pruning import ENDPOINTS, last_word_of
from aboard.store.values import to_micros


class PruningQuestions(Questions):
    """The questions that delete what is old. Each returns how many rows went, up to `limit`."""

    async def prune_events(self, before: datetime, *, limit: int) -> int:
        """Delete events received before a time, oldest first.

        Kept are those that are pending, and the last that each endpoint was delivered.
        """
        params: dict[str, Value] = {**_params(before, limit)}
        for mode in Mode:
            for endpoint in ENDPOINTS:
                row = await self._driver.read_one(
                    self._sql.events.last_seen, {"mode": mode.value, "endpoint": endpoint}
                )
                params[last_word_of(mode, endpoint)] = None if row is None else row[0]
        return await self._prune(Step(self._sql.pruning.events, params))

    async def prune_announcements(self, before: datetime, *, limit: int) -> int:
        """Delete announcements of before a time with their deliveries, oldest first.

        Kept are those that somebody is still to be told.
        """
        params = _params(before, limit)
        return await self._prune(
            Step(self._sql.pruning.deliveries, params),
            Step(self._sql.pruning.announcements, params),
        )

    async def prune_audit(self, before: datetime, *, limit: int) -> int:
        """Delete audit rows of before a time, oldest first."""
        return await self._prune(Step(self._sql.pruning.audit, _params(before, limit)))

    async def _prune(self, *steps: Step) -> int:
        outcome = await self._driver.write(steps)
        return outcome[-1].count if outcome else 0


def _params(before: datetime, limit: int) -> Params:
    return {"before": to_micros(before), "limit": limit}
