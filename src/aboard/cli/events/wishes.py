"""What was wished for, in the words of the command line? And which events does it mean?

Source: docs/webhooks.md, when something was missed.
"""

from dataclasses import dataclass
from datetime import datetime

from aboard.cli.times import read_time_or_none
from aboard.core.owner import Mode
from aboard.store.records import Endpoint, EventFilter, EventStatus


@dataclass(frozen=True, slots=True)
class Selection:
    """Which received events are meant."""

    mode: str | None
    endpoint: Endpoint | None
    status: str | None
    account: str | None
    type: str | None
    since: str | None
    until: str | None

    @property
    def is_empty(self) -> bool:
        """Say whether nothing narrows it, so that everything would be meant."""
        return not (self.status or self.account or self.type or self.since or self.until)

    def read(self, now: datetime) -> EventFilter:
        """Return it as the store is asked.

        Raises:
            Refusal: one of the times is none.
        """
        return EventFilter(
            mode=mode_of(self.mode),
            endpoint=self.endpoint,
            status=None if self.status is None else EventStatus(self.status),
            stripe_account_id=self.account,
            type=self.type,
            since=read_time_or_none(self.since, "--since", now),
            before=read_time_or_none(self.until, "--until", now),
        )


@dataclass(frozen=True, slots=True)
class Missed:
    """What Stripe is to be asked for."""

    mode: str | None
    since: str | None
    until: str | None
    account: str | None
    types: tuple[str, ...]
    has_all_types: bool
    event: str | None
    is_accounts_only: bool
    per_second: int | None
    after: str | None


def mode_of(word: str | None) -> Mode | None:
    """Return the mode that was named, if one was."""
    return None if word is None else Mode(word)
