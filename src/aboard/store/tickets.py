"""Was this ticket to the owner's pages used before, or this page session signed out?

Neither of them is written down: only the nonce of what is over.

Source: docs/owner-pages.md, entering.
"""

from datetime import datetime

from aboard.store.driver import Step
from aboard.store.questions import Questions
from aboard.store.values import to_micros


class TicketQuestions(Questions):
    """The questions about tickets and page sessions."""

    async def spend_ticket(self, nonce: str, expires_at: datetime, now: datetime) -> bool:
        """Use up a ticket; only one caller ever is told True.

        It stays used up beyond `expires_at`, until `forget_expired` comes by.
        """
        return await self._holds(
            Step(
                self._sql.tickets.spend,
                {
                    "nonce": nonce,
                    "now": to_micros(now),
                    "expires_at": to_micros(expires_at),
                },
                required=True,
            )
        )

    async def is_ticket_spent(self, nonce: str) -> bool:
        """Say whether a ticket was used or a session signed out, in one indexed read."""
        row = await self._driver.read_one(self._sql.tickets.find_spent, {"nonce": nonce})
        return row is not None
