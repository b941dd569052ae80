"""How often may somebody guess? Few times from one place, more often from everywhere together.

Five failures of one e-mail from one address lock for 30 seconds, each one after that twice as long,
up to 15 minutes. Fifty from anywhere lock the same way. Whether the e-mail has a user plays no
part, and a lock holds for the right password too. Attempts are counted before anything is checked.

Source: ADR-0017, built-in sign-in.
"""

import math
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from aboard.core.errors_identity import LoginLocked
from aboard.core.identity import Visitor
from aboard.flows.platform import Platform
from aboard.store import AttemptKey

FROM_ONE_PLACE: Final = 5
FROM_ANYWHERE: Final = 50


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at an e-mail, counted."""

    narrow: AttemptKey
    wide: AttemptKey

    async def take_back(self, platform: Platform) -> None:
        """Say that it was right: it counts no more, nor what went wrong before from this place."""
        await platform.store.take_back_attempt(self.narrow, self.wide, was_right=True)

    async def release(self, platform: Platform) -> None:
        """Say that nobody looked at it: it counts no more, and what went wrong before still does.

        Else a crowd could lock somebody out who only came at the wrong moment.
        """
        await platform.store.take_back_attempt(self.narrow, self.wide, was_right=False)


async def count_attempt(platform: Platform, what: str, email: str, visitor: Visitor) -> Attempt:
    """Count one attempt at an e-mail; `what` says at which door.

    Raises:
        LoginLocked: too many went wrong; nothing was counted.
    """
    attempt = Attempt(
        AttemptKey(digest_of(what, email, visitor.address), FROM_ONE_PLACE),
        AttemptKey(digest_of(what, email), FROM_ANYWHERE),
    )
    now = platform.clock()
    locked_until = await platform.store.count_attempt(attempt.narrow, attempt.wide, now)
    if locked_until is not None:
        raise LoginLocked(max(1, math.ceil((locked_until - now).total_seconds())))
    return attempt


def digest_of(*parts: str) -> str:
    """Return what stands for an e-mail, or for a place, where neither shall be written down."""
    return sha256("\n".join(parts).encode()).hexdigest()
