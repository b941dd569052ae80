"""How much may all workers of all processes ask of Stripe together? Places in time, by the batch.

Whoever takes places asks Stripe once in each, so that no two requests of any process are closer
than the budget's spacing, but for a small burst after a rest.

Source: ADR-0023, the worker.
"""

from datetime import datetime, timedelta

from aboard.store.driver import Step
from aboard.store.questions import Questions
from aboard.store.statements.compiler import Params
from aboard.store.values import to_micros, to_time, to_time_or_none

_MICROSECOND = timedelta(microseconds=1)


class BudgetQuestions(Questions):
    """The questions about budgets of requests."""

    async def take_places(
        self,
        budget: str,
        places: int,
        now: datetime,
        *,
        spacing: timedelta,
        burst: timedelta,
        patience: timedelta,
    ) -> datetime | None:
        """Take so many places and return the time of the first; the others follow by `spacing`.

        The first lies at most `burst` in the past, and `patience` in the future: None where it
        would lie further, and nothing is taken.
        """
        length = places * (spacing // _MICROSECOND)
        params: Params = {
            "name": budget,
            "earliest": to_micros(now - burst),
            "latest": to_micros(now + patience),
            "length": length,
        }
        outcome = await self._driver.write(
            (
                Step(self._sql.budgets.open, params),
                Step(self._sql.budgets.take, params, required=True),
                Step(self._sql.budgets.find, params),
            )
        )
        return None if outcome is None else to_time(outcome[-1].rows[0][0] - length)

    async def budget_free_at(self, budget: str) -> datetime | None:
        """Return when the next place of a budget is; None where none was ever taken."""
        row = await self._driver.read_one(self._sql.budgets.find, {"name": budget})
        return None if row is None else to_time_or_none(row[0])
