"""What does every group of questions stand on? A driver, and the SQL in its dialect.

Source: ADR-0008, SQLite first.
"""

from secrets import token_urlsafe

from aboard.store.driver import Driver, Step
from aboard.store.statements import Statements

_ID_BYTES = 15


class Questions:
    """The ground on which the questions of each noun are asked."""

    def __init__(self, driver: Driver, statements: Statements) -> None:
        """Ask this driver, in its dialect."""
        self._driver = driver
        self._sql = statements

    async def _holds(self, *steps: Step) -> bool:
        """Write all steps or none; say whether every required one found its row."""
        return await self._driver.write(steps) is not None


def new_id(prefix: str) -> str:
    """Return a random row id that cannot be guessed."""
    return f"{prefix}_{token_urlsafe(_ID_BYTES)}"
