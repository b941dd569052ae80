"""What do we ask about the platform's own account at Stripe? Which one each mode belongs to.

Source: docs/self-hosting.md, keys of another platform.
"""

from datetime import datetime

from aboard.core.owner import Mode
from aboard.store.driver import Step
from aboard.store.questions import Questions
from aboard.store.statements.compiler import Params
from aboard.store.values import to_micros


class PlatformAccountQuestions(Questions):
    """The questions about the platform's own account."""

    async def find_platform_account(self, mode: Mode) -> str | None:
        """Return the Stripe id of the platform's own account, once it is known."""
        row = await self._driver.read_one(self._sql.platform_accounts.find, {"mode": mode.value})
        return None if row is None else str(row[0])

    async def learn_platform_account(
        self, mode: Mode, stripe_account_id: str, now: datetime
    ) -> str:
        """Remember the platform's own account unless one is known; return the one that is."""
        params = _params(mode, stripe_account_id, now)
        find = Step(self._sql.platform_accounts.find, {"mode": mode.value}, required=True)
        outcome = await self._driver.write((Step(self._sql.platform_accounts.learn, params), find))
        if outcome is None:
            raise LookupError("a platform account that was just learned is not there")
        return str(outcome[-1].rows[0][0])

    async def replace_platform_account(
        self, mode: Mode, stripe_account_id: str, now: datetime
    ) -> None:
        """Let this mode belong to this account from now on, whatever was known."""
        params = _params(mode, stripe_account_id, now)
        await self._driver.write((Step(self._sql.platform_accounts.replace, params),))


def _params(mode: Mode, stripe_account_id: str, now: datetime) -> Params:
    return {
        "mode": mode.value,
        "stripe_account_id": stripe_account_id,
        "learned_at": to_micros(now),
    }
