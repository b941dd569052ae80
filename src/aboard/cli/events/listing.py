"""`aboard events list` and `show`: what came from Stripe, and what became of it.

Source: docs/webhooks.md, when something was missed.
"""

from collections.abc import Mapping
from datetime import datetime

from aboard.app import open_platform
from aboard.cli.events.wishes import Selection, mode_of
from aboard.cli.exits import Exit, Refusal
from aboard.cli.servers import run
from aboard.cli.terminal import Mark, Terminal
from aboard.core.owner import Mode
from aboard.flows.platform import Platform
from aboard.flows.replay import find_events
from aboard.settings import Settings, load_settings
from aboard.store.records import EventKey, EventStatus, StoredEvent

_MARKS = {EventStatus.PROCESSED: Mark.GOOD, EventStatus.DEAD: Mark.BAD}
_ID_WIDTH = 32


def list_received(
    environ: Mapping[str, str],
    which: Selection,
    *,
    limit: int,
    after: str | None,
    is_json: bool,
) -> Exit:
    """List received events that match, last received first.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened.
        Refusal: a time is none, or there is no event to go on behind.
    """
    found = run(_list(load_settings(environ), which, limit, after))
    terminal = Terminal(is_json=is_json, name_width=_ID_WIDTH)
    for event in found:
        terminal.row(_MARKS.get(event.status, Mark.NOTE), event.id, told_of(event))
    if not found:
        terminal.say("No event is like that.")
    elif len(found) == limit:
        terminal.aside(f"Perhaps there are more: --after {found[-1].id}")
    terminal.document({"events": [document_of(event) for event in found]})
    return Exit.OK


def show_event(
    environ: Mapping[str, str], event_id: str, mode: str | None, *, is_json: bool
) -> Exit:
    """Show what is remembered of one event; of each, where both modes have one of this id.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened.
        Refusal: there is no such event.
    """
    found = run(_find(load_settings(environ), event_id, mode_of(mode)))
    terminal = Terminal(is_json=is_json, name_width=_ID_WIDTH)
    for event in found:
        terminal.row(_MARKS.get(event.status, Mark.NOTE), event.id, told_of(event))
        terminal.aside(f"created {_shown(event.created_at)}, {event.source}")
        if event.processed_at is not None:
            terminal.aside(f"processed {_shown(event.processed_at)}")
        if event.attempts or event.last_error:
            terminal.aside(f"failed attempts: {event.attempts}, {event.last_error or 'no error'}")
    terminal.document({"events": [document_of(event) for event in found]})
    return Exit.OK


async def _list(
    settings: Settings, which: Selection, limit: int, after: str | None
) -> list[StoredEvent]:
    async with open_platform(settings) as platform:
        meant = which.read(platform.clock())
        place = None if after is None else await _place_of(platform, after, meant.mode)
        return list(await platform.store.list_events(meant, limit, before=place))


async def _place_of(platform: Platform, event_id: str, mode: Mode | None) -> EventKey:
    found, _ = await find_events(platform, [event_id], mode)
    if not found:
        raise no_such_event([event_id])
    return EventKey(found[0].received_at, found[0].mode, found[0].id)


async def _find(settings: Settings, event_id: str, mode: Mode | None) -> list[StoredEvent]:
    async with open_platform(settings) as platform:
        found, _ = await find_events(platform, [event_id], mode)
    if not found:
        raise no_such_event([event_id])
    return list(found)


def no_such_event(ids: list[str]) -> Refusal:
    """Return the refusal of events that are not here, with where they may be."""
    return Refusal(
        f"There is no event {', '.join(ids)} here.",
        "`aboard events list` says which there are; `aboard events catch-up --event EVENT"
        " --account ACCT` asks Stripe for one that never came.",
        Exit.CHECK_FAILED,
    )


def told_of(event: StoredEvent) -> str:
    """Return what stands behind an event's id in a list."""
    whose = event.stripe_account_id or "the platform's own"
    why = f" ({event.last_error})" if event.last_error else ""
    return (
        f"{_shown(event.received_at)}  {event.type}, {whose},"
        f" {event.mode.value}: {event.status.value}{why}"
    )


def document_of(event: StoredEvent) -> dict[str, object]:
    """Return an event as JSON tells it."""
    processed_at = event.processed_at
    return {
        "id": event.id,
        "mode": event.mode.value,
        "endpoint": event.endpoint,
        "type": event.type,
        "stripeAccountId": event.stripe_account_id,
        "createdAt": event.created_at.isoformat(),
        "receivedAt": event.received_at.isoformat(),
        "processedAt": processed_at.isoformat() if processed_at else None,
        "status": event.status.value,
        "attempts": event.attempts,
        "lastError": event.last_error,
        "source": event.source,
    }


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
