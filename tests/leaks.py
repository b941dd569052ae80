"""Does anything that must stay shut appear in a log, an exception, output or a stored row?

A plugin of the suite: it watches every test and fails the one in which a bearer URL, a key, a
client secret, a signing secret or a caller's token shows up. Log records are taken where they
are made, so no level, handler or `propagate` of ours can hide one; exceptions are those that a
log record carries or `pytest.raises` caught; rows are those of every SQLite file below the
test's `tmp_path`, and those of the test's database on a server. Spans are handed over by the tests
that trace: tests/operations/test_traces.py.
"""

import logging
import re
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

# What must stay shut, by its look. Masked values (`sk_test_***`) have no such look.
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "a hosted link": re.compile(r"/(?:setup/\w+|express)/acct_\w+/[\w~-]{6,}"),
    "a link of Stripe": re.compile(r"connect\.stripe\.com/(?:setup|express)/[\w~/-]{6,}"),
    "a key": re.compile(r"\b[sr]k_(?:test|live)_\w{3,}"),
    "a signing secret": re.compile(r"\bwhsec_[\w+/=-]{3,}"),
    "a client secret": re.compile(r"\b(?:accs|acct|cs|ek|pi|seti)_(?:\w+_)?secret_\w{6,}"),
    "a refresh token": re.compile(r"\br1\.[\w-]{1,32}\.eyJ[\w-]{8,}\.[\w-]{20,}"),
    "a token of the gateway": re.compile(r"\baboard_(?:test|live)_[\w-]{43}"),
    "a caller's token": re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\."),
}
_SQLITE_MAGIC = b"SQLite format 3\0"
_PLAIN_RECORD = frozenset(vars(logging.makeLogRecord({})))
_BATCH = 2000

# Tools of the tests. The seller's browser and the caller's client log what they visit.
_TEST_TOOLS = ("asyncio", "faker", "httpcore", "httpcore2", "httpx", "httpx2")


class SecretsInPlay:
    """The values one test minted that have no telling look, and what was found of any kind."""

    def __init__(self) -> None:
        """Start with nothing registered and nothing seen."""
        self._registered: set[str] = set()
        self._records: list[logging.LogRecord] = []
        self.found: list[str] = []

    def add(self, value: str) -> None:
        """Watch for this exact value until the test ends."""
        self._registered.add(value)

    def look(self, text: str, *, where: str) -> None:
        """Remember what of `text` should have stayed shut; quotes no more than its beginning."""
        self.found += [
            f"{kind} in {where}: {match.group()[:12]}..."
            for kind, pattern in PATTERNS.items()
            if (match := pattern.search(text))
        ]
        self.found += [
            f"a registered secret in {where}: {value[:4]}..."
            for value in self._registered
            if value in text
        ]

    def keep(self, record: logging.LogRecord) -> None:
        """Take a record at its birth; it is read later, when its extra fields are there."""
        self._records.append(record)
        if len(self._records) > _BATCH:
            self.read_records(but_last=1)

    def read_records(self, *, but_last: int = 0) -> None:
        """Look into the records kept so far and let them go."""
        size = len(self._records) - but_last
        batch, self._records = self._records[:size], self._records[size:]
        for record in batch:
            self.look("\n".join(_words_of_record(record)), where=f"log {record.name}")
            if record.exc_info and record.exc_info[1]:
                self.look_at_exception(record.exc_info[1], where=f"log {record.name}")

    def look_at_exception(self, exception: BaseException, *, where: str) -> None:
        """Look into an exception and everything it was raised from."""
        for each in _chain(exception):
            parts = [_shown(each), *getattr(each, "__notes__", ())]
            if type(each).__module__.startswith("aboard."):
                parts += [_shown(value) for value in vars(each).values()]
            self.look("\n".join(parts), where=f"{where}, {type(each).__name__}")

    def look_at_rows(self, folder: Path) -> None:
        """Look into every SQLite file below `folder`: its rows, and what its pages still hold."""
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or not _is_sqlite(path):
                continue
            for file in (path, path.with_name(f"{path.name}-wal")):
                if file.exists():
                    self.look(file.read_bytes().decode("latin-1"), where=f"stored in {file.name}")
            for table, row in _rows(path):
                self.look(row, where=f"row of {table} in {path.name}")

    def settle(self) -> list[str]:
        """Return what was found since the last time, without repeats, and start anew."""
        self.read_records()
        found, self.found = list(dict.fromkeys(self.found)), []
        return found

    def forget(self) -> None:
        """Forget the registered values: the next test mints its own."""
        self._registered.clear()


def _shown(value: object) -> str:
    return f"{value}\n{value!r}"


def _words_of_record(record: logging.LogRecord) -> Iterator[str]:
    arguments = record.args if isinstance(record.args, tuple) else (record.args,)
    extra = [value for name, value in vars(record).items() if name not in _PLAIN_RECORD]
    yield record.getMessage()
    yield from (_shown(value) for value in (record.msg, *arguments, *extra, record.stack_info))


def _chain(exception: BaseException) -> Iterator[BaseException]:
    waiting: list[BaseException | None] = [exception]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - own schema
                yield (
                    table,
                    "\n".join(
                        each.decode("latin-1") if isinstance(each, bytes) else str(each)
                        for each in row
                    ),
                )


_IN_PLAY = pytest.StashKey[SecretsInPlay]()
ROWS = pytest.StashKey[list[tuple[str, str]]]()
"""What a test wrote elsewhere than in a SQLite file: a table's name and a row's text each."""


def pytest_configure(config: pytest.Config) -> None:
    """Watch records where they are made, and exceptions where `pytest.raises` takes them."""
    in_play = SecretsInPlay()
    config.stash[_IN_PLAY] = in_play
    make_record = logging.getLogRecordFactory()

    def keep_record(*args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401 - as logging's
        record = make_record(*args, **kwargs)
        in_play.keep(record)
        return record

    logging.setLogRecordFactory(keep_record)
    config.add_cleanup(lambda: logging.setLogRecordFactory(make_record))
    logging.getLogger().setLevel(logging.DEBUG)  # what is only said at DEBUG counts as said
    for name in _TEST_TOOLS:
        logging.getLogger(name).setLevel(logging.WARNING)
    # As the sandbox's judge the official SDK logs every body at DEBUG. That our own client never
    # goes through those lines, at any level, is tests/stripe_api/test_silence.py's to prove.
    logging.getLogger("stripe").setLevel(logging.INFO)

    leave = pytest.RaisesExc.__exit__

    def look_and_leave(
        self: pytest.RaisesExc[BaseException],
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> bool:
        if exc_val is not None:
            in_play.look_at_exception(exc_val, where="exception")
        return leave(self, exc_type, exc_val, exc_tb)

    pytest.RaisesExc.__exit__ = look_and_leave  # type: ignore[method-assign]  # no hook for it
    config.add_cleanup(lambda: setattr(pytest.RaisesExc, "__exit__", leave))


@pytest.fixture
def secrets_in_play(request: pytest.FixtureRequest) -> SecretsInPlay:
    """Offer the register: `secrets_in_play.add(value)` for a secret this test minted."""
    return request.config.stash[_IN_PLAY]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a phase in which something leaked into a failed one."""
    report = yield
    in_play = item.config.stash[_IN_PLAY]
    if call.when == "teardown":
        folder = getattr(item, "funcargs", {}).get("tmp_path")
        if isinstance(folder, Path) and folder.is_dir():
            in_play.look_at_rows(folder)
        for table, row in item.stash.get(ROWS, []):
            in_play.look(row, where=f"row of {table} on the server")
    for name, text in report.sections:
        if name in {f"Captured stdout {call.when}", f"Captured stderr {call.when}"}:
            in_play.look(text, where=name.lower())
    found = in_play.settle()
    if call.when == "teardown":
        in_play.forget()
    if found:
        before = f"{report.longreprtext}\n\n" if report.failed else ""
        report.outcome = "failed"
        report.longrepr = before + "\n".join(["LEAK: this must stay shut.", *found])
    return report
