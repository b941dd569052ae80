"""`aboard move`: copy everything from a SQLite file into the database that the settings name.

Source: docs/self-hosting.md, choosing a database.
"""

from collections.abc import Mapping

from aboard.cli.exits import Exit, Refusal
from aboard.cli.terminal import Mark, Terminal
from aboard.core.database import PostgresServer, SqliteFile, read_database
from aboard.settings import load_settings
from aboard.store import DatabaseNotMigrated
from aboard.store.migrations.reading import check_revision

_NAME_WIDTH = 22


def move_database(environ: Mapping[str, str], file: str, *, is_json: bool) -> Exit:
    """Move the rows and say how many there were of each kind.

    Raises:
        SettingsRefused: the settings make no sense, or the file's name is none.
        DatabaseNotMigrated: the server's is not migrated.
        DatabaseTooNew: one of the two is a newer Aboard's.
        DatabaseNotEmpty: there are rows already.
        StoreUnavailable: one of the two gives no answer.
        Refusal: they are not a file and a server, or the file is not there or not at the latest
            revision.
    """
    source = read_database(file)
    target = read_database(load_settings(environ).database.reveal())
    if not isinstance(source, SqliteFile) or not isinstance(target, PostgresServer):
        raise Refusal(
            "Rows move from a SQLite file into a database on a PostgreSQL server.",
            "Name the file, and let ABOARD_DATABASE be the server's address.",
            Exit.USAGE,
        )
    if not source.path.exists():
        raise Refusal(
            f"There is no file {source.shown}.",
            "Name the SQLite file that Aboard has used so far.",
            Exit.USAGE,
        )
    from aboard.store.moving import move_rows  # noqa: PLC0415 - needs an extra, which is there now

    try:
        check_revision(source)
    except DatabaseNotMigrated as error:
        raise Refusal(
            f"The file {source.shown} is not at the latest revision.",
            f"Run `aboard migrate --database {source.shown}`.",
            Exit.CHECK_FAILED,
        ) from error
    terminal = Terminal(is_json=is_json, name_width=_NAME_WIDTH)

    def tell(table: str, count: int) -> None:
        if count:
            terminal.row(Mark.GOOD, table, str(count))

    moved = move_rows(source, target, tell)
    terminal.say()
    terminal.say(f"{sum(moved.values())} rows are in {target.shown} now.", style="bold")
    terminal.document({"from": source.shown, "to": target.shown, "rows": dict(moved)})
    return Exit.OK
