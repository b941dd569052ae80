"""`aboard migrate`: bring the database up to date, and say where it was and where it is.

Source: docs/self-hosting.md; ADR-0008, SQLite first; ADR-0022, PostgreSQL.
"""

import time
from collections.abc import Mapping

from aboard.cli.exits import Exit, Refusal
from aboard.cli.terminal import Mark, Terminal
from aboard.core.database import SqliteFile, read_database
from aboard.settings import load_settings
from aboard.store import LATEST_REVISION, current_revision, migrate


def migrate_database(
    environ: Mapping[str, str], *, database: str | None = None, is_json: bool = False
) -> Exit:
    """Migrate the given database, or the one that the settings name.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: it cannot be opened.
        Refusal: its folder cannot be made.
    """
    terminal = Terminal(is_json=is_json, name_width=0)
    database = database or load_settings(environ).database.reveal()
    shown = read_database(database).shown
    make_room(database)
    before = current_revision(database)
    began = time.perf_counter()
    with terminal.working(f"Migrating {shown} to revision {LATEST_REVISION}"):
        has_changed = migrate(database)
    milliseconds = (time.perf_counter() - began) * 1000
    after = current_revision(database)
    if has_changed:
        told = f"from {before or 'nothing'} to revision {after} in {milliseconds:.0f} ms"
        terminal.row(Mark.GOOD, shown, told)
    else:
        terminal.row(Mark.GOOD, shown, f"is at revision {after} already; nothing to do")
    terminal.document({"database": shown, "before": before, "after": after, "changed": has_changed})
    return Exit.OK


def make_room(database: str) -> None:
    """Make the folder that a SQLite file will lie in; its parents too.

    Raises:
        SettingsRefused: it names no database that we can use.
        Refusal: the folder cannot be made.
    """
    address = read_database(database)
    if not isinstance(address, SqliteFile):
        return
    folder = address.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"The folder {folder} cannot be made ({error.strerror}).",
            "Make it, owned by the user who runs Aboard, or choose another ABOARD_DATABASE.",
        ) from error
