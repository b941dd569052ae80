"""What does signing in here need besides a store? Hashes, mails on their way, and who may come.

Source: ADR-0017, built-in sign-in.
"""

from dataclasses import dataclass, field

from aboard.core.identity import Registration
from aboard.flows.outbox import Outbox
from aboard.flows.passwords import Passwords


@dataclass(frozen=True, slots=True)
class Identity:
    """The collaborators of signing in."""

    registration: Registration = Registration.OFF
    passwords: Passwords = field(default_factory=Passwords)
    outbox: Outbox = field(default_factory=Outbox)

    async def close(self) -> None:
        """Let mails on their way arrive, and threads end."""
        await self.outbox.empty()
        self.passwords.close()
