"""`aboard events replay`: say how much it is, then look at it again, with progress.

Whoever may open the database and the settings is an operator here; the audit says `command line`.

Source: docs/webhooks.md, when something was missed.
"""

from collections.abc import Mapping, Sequence

from aboard.app import open_platform
from aboard.cli.events.listing import no_such_event
from aboard.cli.events.wishes import Selection, mode_of
from aboard.cli.exits import Exit, Refusal
from aboard.cli.servers import run
from aboard.cli.terminal import Mark, Terminal
from aboard.core.caller import Caller
from aboard.flows.platform import Platform
from aboard.flows.replay import (
    Extent,
    find_events,
    measure_events,
    measure_replay,
    replay_these,
    replay_window,
)
from aboard.settings import load_settings

OPERATOR = Caller("command line", is_operator=True)


def replay_events(
    environ: Mapping[str, str],
    ids: Sequence[str],
    which: Selection,
    *,
    is_dry: bool,
    is_json: bool,
) -> Exit:
    """Replay exactly these events, or all that match; or only say how many they are.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened, or went away; what was replayed stays so.
        Refusal: nothing says which events, or one of the ids is unknown: nothing was done.
    """
    if not ids and which.is_empty:
        raise Refusal(
            "Which events?",
            "Name their ids, or say --status, --since, --until, --account or --type."
            " `--status dead` means all dead letters.",
            Exit.USAGE,
        )
    if ids and not (which.is_empty and which.endpoint is None):
        raise Refusal(
            "Ids and options that choose exclude each other.",
            "Name ids, or choose by options. --mode may stand beside ids.",
            Exit.USAGE,
        )
    settings = load_settings(environ)
    terminal = Terminal(is_json=is_json)

    async def replay() -> tuple[Extent, int]:
        async with open_platform(settings) as platform:
            if ids:
                return await _by_id(platform, ids, which, is_dry=is_dry)
            return await _by_window(platform, which, terminal, is_dry=is_dry)

    extent, replayed = run(replay())
    _tell(terminal, extent, replayed, is_dry=is_dry)
    return Exit.OK


async def _by_id(
    platform: Platform, ids: Sequence[str], which: Selection, *, is_dry: bool
) -> tuple[Extent, int]:
    found, unknown = await find_events(platform, ids, mode_of(which.mode))
    if unknown:
        raise no_such_event(list(unknown))
    extent = await measure_events(platform, found)
    if is_dry:
        return extent, 0
    return extent, (await replay_these(platform, OPERATOR, found)).events


async def _by_window(
    platform: Platform, which: Selection, terminal: Terminal, *, is_dry: bool
) -> tuple[Extent, int]:
    meant = which.read(platform.clock())
    with terminal.counting("Counting") as tell:
        extent = await measure_replay(platform, meant, tell=tell)
    if is_dry or not extent.events:
        return extent, 0
    total = extent.events + extent.left_alone
    with terminal.counting("Replaying", total) as tell:
        done = await replay_window(platform, OPERATOR, meant, extent, tell=tell)
    return extent, done.events


def _tell(terminal: Terminal, extent: Extent, replayed: int, *, is_dry: bool) -> None:
    if is_dry:
        told = f"{extent.events} of {extent.accounts} accounts would be; nothing was changed"
        terminal.row(Mark.NOTE, "events to replay", told)
    elif not extent.events:
        terminal.row(Mark.NOTE, "events to replay", "none is like that")
    else:
        told = f"{replayed} of {extent.accounts} accounts; the worker reads the accounts now"
        terminal.row(Mark.GOOD, "events replayed", told)
    if extent.left_alone:
        terminal.aside(f"{extent.left_alone} more are of no connected account of ours: left alone.")
    terminal.document(
        {
            "events": extent.events,
            "accounts": extent.accounts,
            "leftAlone": extent.left_alone,
            "replayed": replayed,
            "dryRun": is_dry,
        }
    )
