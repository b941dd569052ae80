"""Was this ticket to the owner's pages used before? The ticket itself is nowhere written down.

Source: docs/owner-pages.md, entering.
"""

from datetime import datetime

from aboard.store.driver import Step
from aboard.store.questions import Questions
from aboard.store.values import to_micros


class TicketQuestions(Questions):
    """The question about tickets."""

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
