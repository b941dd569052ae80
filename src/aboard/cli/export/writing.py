"""Write rows where they are wanted, a portion at a time: to standard output, or whole into a file.

A file appears when it is complete, readable by its owner alone; until then its name has `.part`
behind it.

Source: docs/exports.md.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from aboard.app import open_platform
from aboard.cli.exits import Exit, Refusal
from aboard.cli.servers import run
from aboard.cli.terminal import Mark, Terminal
from aboard.cli.times import read_time_or_none
from aboard.core.clock import utc_now
from aboard.core.lending.calls import CallFilter
from aboard.core.owner import Mode
from aboard.flows.export import COLUMNS, Kind, export_rows
from aboard.flows.lending.callers import caller_id_of
from aboard.settings import Settings, load_settings
from aboard.store.records import Window
from aboard.web.rows import Csv, Form, JsonLines

_OWN_FILE = 0o600
_Write = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is exported, how, and where to, in the words of the command line."""

    kind: str
    since: str | None
    until: str | None
    mode: str | None
    format: str
    output: str | None
    has_raw: bool = False
    caller: str | None = None
    outcome: str | None = None
    account: str | None = None


def write_rows(environ: Mapping[str, str], wish: Wish, *, is_json: bool) -> Exit:
    """Write all rows of a kind; a reader that goes away early ends it without a word.

    Raises:
        SettingsRefused: the settings make no sense.
        DatabaseNotMigrated: `migrate` has not been run.
        DatabaseTooNew: a newer Aboard has migrated it.
        StoreUnavailable: the database cannot be opened, or went away.
        Refusal: the options make no sense, or the file cannot be written.
    """
    _check(wish, is_json=is_json)
    window = _window(wish)
    settings = load_settings(environ)
    if wish.output is None:
        try:
            _export(settings, wish, window, sys.stdout.buffer.write)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # Python flushes once more at its end: into nothing, so that nobody is told again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    with _whole_file(wish.output) as write:
        count = _export(settings, wish, window, write)
    terminal = Terminal(is_json=is_json, name_width=0)
    terminal.row(Mark.GOOD, wish.output, f"has {count} rows of {wish.kind}")
    terminal.document({"kind": wish.kind, "file": wish.output, "rows": count})
    return Exit.OK


def _check(wish: Wish, *, is_json: bool) -> None:
    if is_json and wish.output is None:
        raise Refusal(
            "--json speaks of a file, and there is none.",
            "Name one with --output; standard output holds the rows, one JSON object a line.",
            Exit.USAGE,
        )
    if wish.has_raw and wish.kind != Kind.ACCOUNTS:
        raise Refusal(
            f"There is nothing raw about {wish.kind}.", "--raw goes with accounts.", Exit.USAGE
        )


def _window(wish: Wish) -> Window:
    now = utc_now()
    everything = Window()
    return Window(
        since=read_time_or_none(wish.since, "--since", now) or everything.since,
        before=read_time_or_none(wish.until, "--until", now) or everything.before,
        mode=None if wish.mode is None else Mode(wish.mode),
    )


def _export(settings: Settings, wish: Wish, window: Window, write: _Write) -> int:
    kind = Kind(wish.kind)
    form = _form(wish, kind)

    async def go() -> int:
        count = 0
        with Terminal().counting(f"Exporting {kind}") as advance:
            async with open_platform(settings) as platform:
                write(form.head())
                which = CallFilter(
                    caller_id=await caller_id_of(platform, wish.caller),
                    outcome=wish.outcome,
                    account=wish.account,
                )
                async for rows in export_rows(
                    platform, kind, window, with_raw=wish.has_raw, calls=which
                ):
                    write(form.rows(rows))
                    count += len(rows)
                    advance(len(rows))
        return count

    return run(go())


def _form(wish: Wish, kind: Kind) -> Form:
    if wish.format == "jsonl":
        return JsonLines()
    return Csv((*COLUMNS[kind], *(("raw",) if wish.has_raw else ())))


@contextmanager
def _whole_file(path: str) -> Iterator[_Write]:
    part = f"{path}.part"
    try:
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWN_FILE)
        with os.fdopen(number, "wb") as file:
            yield file.write
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)  # noqa: PTH105 - beside os.open, which pathlib has not
    except OSError as error:
        raise Refusal(
            f"{path} cannot be written ({error.strerror}).",
            "Choose another --output, or make room.",
        ) from error
