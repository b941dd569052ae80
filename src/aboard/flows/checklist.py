"""What does Stripe still want of an owner, said so that a seller understands it?

Words that we lack are counted (`wording.missing`): the seller reads a readable form of them, and
the platform learns which ones to add.

Source: ADR-0015, wording is data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aboard.core.owner import Owner
from aboard.core.requirement_keys import plain_path
from aboard.core.requirements import Group, word_items
from aboard.flows.journal import LogEvent
from aboard.flows.platform import Platform
from aboard.flows.sync import Reading, read_account

_UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Checklist:
    """What we know of an owner's account, and what Stripe wants of it, most urgent first."""

    reading: Reading
    groups: tuple[Group, ...]


async def read_checklist(
    platform: Platform, owner: Owner, *, fresh: bool, language: str
) -> Checklist:
    """Return what Stripe wants of the owner, in one of our languages; `fresh` asks Stripe first.

    Never fails for Stripe's sake, as `read_account`. An account that is no longer ours has an
    empty checklist: nobody can give anything to it through us.

    Raises:
        StoreUnavailable: the database gives no answer.
    """
    reading = await read_account(platform, owner, fresh=fresh)
    return word_reading(platform, reading, language)


def word_reading(platform: Platform, reading: Reading, language: str) -> Checklist:
    """Return the checklist of what was read already; counts the words that we lack."""
    account = reading.account
    if account is None or account.is_disconnected:
        return Checklist(reading, ())
    groups = word_items(account.snapshot, language)
    for name, word in dict.fromkeys(_missing(groups)):
        platform.journal.note(LogEvent.WORDING_MISSING, owner=account.owner, **{name: word})
    return Checklist(reading, groups)


def _missing(groups: Sequence[Group]) -> Iterator[tuple[str, str]]:
    """Yield each word that we lack with the journal's field for it; free of ids and free text."""
    for group in groups:
        for item in group.items:
            if not item.is_known:
                yield "requirement", plain_path(item.key) or _UNREADABLE
            for error in item.errors:
                if not error.is_known:
                    yield "error_code", plain_path(error.code) or _UNREADABLE
