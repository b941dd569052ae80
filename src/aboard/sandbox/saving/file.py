"""How does a sandbox survive its process? A file (SQLite) that follows what happens.

What was answered is in the file `DELAY_SECONDS` later at the latest, and everything is when the
sandbox is closed. A killed process loses no more than that; the file always holds the state
between two requests, never half of one. A machine without power may lose a little more: the
file's writes wait for no disk.

Starting reads the worlds' outlines alone; accounts, events and the rest are read when they are
first asked for. One process at a time: the file is locked. It holds no key that opens a
world, but the secrets that a world gave out, and is readable by its owner alone.

Source: SQLite's documentation, "Write-Ahead Logging" and "PRAGMA locking_mode".
"""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from aboard.sandbox.ledger import Ledger
from aboard.sandbox.saving.kinds import Unreadable, codec, kind_of, name_of
from aboard.sandbox.saving.lines import (
    OF_THE_PROCESS,
    ClockState,
    WorldState,
    decode_policy,
    encode_policy,
    restore,
    state_of,
)
from aboard.sandbox.world import Policy
from aboard.sandbox.worlds import Worlds

DELAY_SECONDS = 0.1
VERSION = 1
_APPLICATION = 0x41424F44
_SCHEMA = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE world (number INTEGER PRIMARY KEY, state BLOB NOT NULL);
CREATE TABLE shelf (
    number INTEGER PRIMARY KEY, world INTEGER NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL,
    UNIQUE (world, kind, owner)
);
CREATE TABLE thing (
    shelf INTEGER NOT NULL, place INTEGER NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL,
    UNIQUE (shelf, place, key)
);
"""
_PUT = (
    "INSERT INTO thing (shelf, place, key, body) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (shelf, place, key) DO UPDATE SET body = excluded.body "
    "WHERE body <> excluded.body"
)
_log = logging.getLogger("aboard.sandbox")


class WorldKeeper:
    """Keeps the things of one world: `ledger.Keeper`."""

    def __init__(self, file: "SaveFile", number: int) -> None:
        """Keep them under a number of the file's."""
        self.file = file
        self.number = number
        self.marks: dict[tuple[Ledger[Any], int], str] = {}
        self.written_count: int | None = None

    def shelves(self) -> list[tuple[type, str | None]]:
        """Return the kind and owner of every ledger that is kept."""
        rows = self.file.read("SELECT kind, owner FROM shelf WHERE world = ?", self.number)
        return [(kind_of(name), owner or None) for name, owner in rows]

    def names(self, ledger: Ledger[Any]) -> list[tuple[int, str]]:
        """Return the place and key of everything kept for a ledger, in order."""
        shelf = self.file.find_shelf(self.number, ledger)
        if shelf is None:
            return []
        rows = self.file.read("SELECT place, key FROM thing WHERE shelf = ? ORDER BY place", shelf)
        return rows.fetchall()

    def fetch(self, ledger: Ledger[Any], place: int) -> object:
        """Return what is kept at a place.

        Raises:
            Unreadable: the file was damaged or changed by somebody else.
        """
        shelf = self.file.find_shelf(self.number, ledger)
        row = self.file.read(
            "SELECT body FROM thing WHERE shelf = ? AND place = ?", shelf, place
        ).fetchone()
        if row is None:
            raise Unreadable("the file has lost a thing")
        return codec(ledger.kind).decode(row[0])

    def mark(self, ledger: Ledger[Any], place: int, key: str) -> None:
        """Take note that the thing at a place may change, or is gone."""
        self.marks[ledger, place] = key
        self.file.note()


class SaveFile:
    """The file that one sandbox lives in."""

    def __init__(self, path: Path, worlds: Worlds) -> None:
        """Open or make the file, and be as it says.

        Raises:
            Unreadable: it is in use, cannot be opened, or is something else.
        """
        self._worlds = worlds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_noted = False
        self._facts: dict[str, bytes] = {}
        self._numbers: set[int] = set()
        self._last = 0
        self._connection = _open(path)
        try:
            self._take_up()
        except BaseException:
            # Whatever it was: a file that was not taken up must be free for another.
            self._connection.close()
            raise
        worlds.keep(self._new_keeper)
        worlds.clock.when_moved(self.note)

    def _take_up(self) -> None:
        self._facts = dict(self.read("SELECT name, value FROM fact").fetchall())
        if "policy" in self._facts:
            _fill_in(self._worlds.policy, decode_policy(self._facts["policy"]))
        if self._facts.get("seed") is not None and self._worlds.seed is None:
            self._worlds.seed = int(self._facts["seed"])
        if "clock" in self._facts:
            clock = _read(self._facts["clock"], ClockState)
            self._worlds.clock.restore(clock.offset_seconds, clock.frozen_at)
        for number, body in self.read("SELECT number, state FROM world ORDER BY number").fetchall():
            state = _read(body, WorldState)
            keeper = WorldKeeper(self, number)
            world = self._worlds.make(state.seal, keeper=keeper)
            restore(world, state)
            keeper.written_count = state.count
            self._numbers.add(number)
            self._worlds.adopt(world)

    def _new_keeper(self) -> WorldKeeper:
        self._last = max(self._last, *self._numbers, 0) + 1
        return WorldKeeper(self, self._last)

    def read(self, question: str, *values: object) -> sqlite3.Cursor:
        """Ask the file."""
        return self._connection.execute(question, values)

    def find_shelf(self, world: int, ledger: Ledger[Any]) -> int | None:
        """Return the number of a shelf, if the file has it."""
        row = self.read(
            "SELECT number FROM shelf WHERE world = ? AND kind = ? AND owner = ?",
            world,
            name_of(ledger.kind),
            ledger.owner or "",
        ).fetchone()
        return None if row is None else int(row[0])

    def _make_shelf(self, world: int, ledger: Ledger[Any]) -> int:
        found = self.find_shelf(world, ledger)
        if found is not None:
            return found
        made = self.read(
            "INSERT INTO shelf (world, kind, owner) VALUES (?, ?, ?)",
            world,
            name_of(ledger.kind),
            ledger.owner or "",
        )
        return int(made.lastrowid or 0)

    # --- following ----------------------------------------------------------------------------

    def start(self) -> None:
        """Write in the background of the running loop from now on."""
        self._loop = asyncio.get_running_loop()
        self._is_noted = False
        self.note()

    def note(self) -> None:
        """Take note that something may have changed; may be called from any thread."""
        if not self._is_noted and self._loop is not None and not self._loop.is_closed():
            self._is_noted = True
            self._loop.call_soon_threadsafe(self._write_soon, self._loop)

    def _write_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.call_later(DELAY_SECONDS, self._write_now)

    def _write_now(self) -> None:
        self._is_noted = False
        try:
            self.flush()
        except sqlite3.Error as problem:
            _log.error("sandbox.save_failed error=%s", type(problem).__name__)

    def flush(self) -> None:
        """Write everything that has changed, in one go.

        Raises:
            sqlite3.Error: the file cannot be written; what had changed is tried again next time.
        """
        written: list[tuple[WorldKeeper, dict[tuple[Ledger[Any], int], str], int]] = []
        self.read("BEGIN IMMEDIATE")
        try:
            live = self._write_worlds(written)
            self._forget(self._numbers - live)
            facts = self._write_facts()
            self.read("COMMIT")
        except BaseException:
            # Also an interruption: half a step must neither stay in the file nor be forgotten.
            self._connection.rollback()
            for keeper, marks, _ in written:
                keeper.marks = marks | keeper.marks
            raise
        self._numbers = live
        self._facts = facts
        for keeper, _, count in written:
            keeper.written_count = count

    def _write_worlds(
        self, written: list[tuple[WorldKeeper, dict[tuple[Ledger[Any], int], str], int]]
    ) -> set[int]:
        live: set[int] = set()
        for world in self._worlds:
            keeper = world.keeper
            if not isinstance(keeper, WorldKeeper):
                continue
            live.add(keeper.number)
            if not keeper.marks and keeper.written_count == world.ids.count:
                continue
            marks, keeper.marks = keeper.marks, {}
            written.append((keeper, marks, world.ids.count))
            self._write_things(keeper, marks)
            self.read(
                "INSERT INTO world (number, state) VALUES (?, ?) "
                "ON CONFLICT (number) DO UPDATE SET state = excluded.state",
                keeper.number,
                msgspec.json.encode(state_of(world)),
            )
        return live

    def _write_things(self, keeper: WorldKeeper, marks: dict[tuple[Ledger[Any], int], str]) -> None:
        shelves: dict[Ledger[Any], int] = {}
        kept: list[tuple[int, int, str, bytes]] = []
        gone: list[tuple[int, int]] = []
        for (ledger, place), key in marks.items():
            shelf = shelves.get(ledger)
            if shelf is None:
                shelf = shelves[ledger] = self._make_shelf(keeper.number, ledger)
            thing = ledger.placed(place)
            if thing is None:
                gone.append((shelf, place))
            else:
                kept.append((shelf, place, key, codec(ledger.kind).encode(thing)))
        self._connection.executemany("DELETE FROM thing WHERE shelf = ? AND place = ?", gone)
        self._connection.executemany(_PUT, kept)

    def _forget(self, numbers: set[int]) -> None:
        for number in numbers:
            self.read(
                "DELETE FROM thing WHERE shelf IN (SELECT number FROM shelf WHERE world = ?)",
                number,
            )
            self.read("DELETE FROM shelf WHERE world = ?", number)
            self.read("DELETE FROM world WHERE number = ?", number)

    def _write_facts(self) -> dict[str, bytes]:
        worlds = self._worlds
        facts = {
            "clock": msgspec.json.encode(ClockState(*worlds.clock.state)),
            "policy": encode_policy(worlds.policy),
        }
        if worlds.seed is not None:
            facts["seed"] = b"%d" % worlds.seed
        if facts != self._facts:
            self.read("DELETE FROM fact")
            self._connection.executemany("INSERT INTO fact VALUES (?, ?)", facts.items())
        return facts

    def close(self) -> None:
        """Write what is left and let go of the file."""
        self._loop = None
        try:
            self.flush()
        finally:
            self._connection.close()


def _open(path: Path) -> sqlite3.Connection:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            path, isolation_level=None, timeout=0.2, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as problem:
        raise Unreadable(f"{path} cannot be opened for writing") from problem
    try:
        _prepare(connection, path)
    except sqlite3.OperationalError as problem:
        connection.close()
        raise Unreadable(f"{path} is in use: another sandbox saves to it") from problem
    except sqlite3.DatabaseError as problem:
        connection.close()
        raise Unreadable(f"{path} is not the saved state of a sandbox") from problem
    except BaseException:
        # Whatever it was: nobody else holds this connection.
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN IMMEDIATE")
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if (application, version, tables) == (0, 0, 0):
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    elif application != _APPLICATION:
        raise Unreadable(f"{path} is not the saved state of a sandbox")
    elif version != VERSION:
        raise Unreadable(
            f"{path} has format version {version}, and this Aboard reads version {VERSION}"
        )
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _read(body: bytes, kind: Callable[..., Any]) -> Any:  # noqa: ANN401 - what kind says
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as problem:
        raise Unreadable("the saved state is damaged") from problem


def _fill_in(policy: Policy, saved: Policy) -> None:
    """Take what was saved wherever nobody said otherwise at the start."""
    usual = Policy()
    for name in policy.__struct_fields__:
        if name not in OF_THE_PROCESS and getattr(policy, name) == getattr(usual, name):
            setattr(policy, name, getattr(saved, name))
