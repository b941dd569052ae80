"""Who hands over mails that nobody waits for? This, a few hundred at most, until all are gone.

An answer must not take longer because a mail is sent: it would tell whether there was one.

Source: ADR-0017, built-in sign-in.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aboard.flows.journal import Journal, LogEvent
from aboard.flows.mail import MailFailure

_MOST: Final = 200
_AT_ONCE: Final = 2
Send = Callable[[], Awaitable[MailFailure | None]]


class Outbox:
    """Mails on their way."""

    def __init__(self) -> None:
        """Start empty."""
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._on_their_way: set[asyncio.Task[None]] = set()

    @property
    def is_full(self) -> bool:
        """Say whether the mail server is so far behind that no more are taken."""
        return len(self._on_their_way) >= _MOST

    def post(self, send: Send, journal: Journal) -> None:
        """Let a mail go its way; the log tells how it fared, without the address."""
        task = asyncio.create_task(self._deliver(send, journal))
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)

    async def _deliver(self, send: Send, journal: Journal) -> None:
        async with self._places:
            failure = await send()
        if failure is None:
            journal.note(LogEvent.MAIL_SENT)
        else:
            journal.note(LogEvent.MAIL_FAILED, cause=failure.cause)

    async def empty(self) -> None:
        """Wait until every mail is handed over, or has failed."""
        while self._on_their_way:
            await asyncio.gather(*self._on_their_way, return_exceptions=True)
