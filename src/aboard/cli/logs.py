"""How is a log line written, for a person or for a machine, and what may stand in it?

Lines of our own carry the journal's closed fields. Lines of libraries are told by what their author
wrote, without what was filled in, because that may be an address; exceptions by type and place.

Source: ADR-0026, operations; docs/operations.md, logs; RFC 3339.
"""

import logging
import re
from contextlib import suppress
from datetime import UTC, datetime
from traceback import extract_tb
from types import TracebackType
from typing import Final

import msgspec

from aboard.flows.correlation import REQUEST_ID, TRACE_ID
from aboard.settings import LogFormat, Watching

_OURS: Final = "aboard"
_LONGEST: Final = 300
_MARK: Final = "***"
_ADDRESS: Final = re.compile(
    r"\w+://\S+"  # an address with a scheme
    r"|(?<![\w.])/[^\s:,;]*"  # a path
    r"|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b"  # a host, perhaps with a port
    r"|\b[\w.+-]+@[\w-]+\.[\w.]+\b"  # an e-mail
)
_PLACES: Final = 5
_encode: Final = msgspec.json.Encoder(enc_hook=str).encode


def write_log(watching: Watching) -> None:
    """Send log lines to standard error from now on, ours from the chosen level on.

    Of libraries nothing below INFO is written: there some tell whole bodies.
    """
    # Nobody reads threads, processes or source lines in these lines, and each costs on every call.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    level = logging.getLevelNamesMapping()[watching.log_level.upper()]
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if watching.log_format is LogFormat.JSON else PlainLines())
    logging.basicConfig(level=max(level, logging.INFO), handlers=[handler])
    logging.getLogger(_OURS).setLevel(level)
    # It tells of each of its own parts as it is loaded, which nobody at a start can use.
    logging.getLogger("alembic").setLevel(logging.WARNING)


class PlainLines(logging.Formatter):
    """One line for a person: the time, the level, who says it, and what."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; control characters are escaped, so that nobody forges a second one."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = said_by(record)
        if not said.isprintable():
            said = said.encode("unicode_escape").decode()
        trace_id = TRACE_ID.get()
        behind = f" trace_id={trace_id}" if trace_id else ""
        error = _error_of(record)
        told = f" error={error[0]} at={error[1]}" if error else ""
        return f"{at} {record.levelname} {record.name} {said}{told}{behind}"


class JsonLines(logging.Formatter):
    """One JSON object a line: `time`, `level`, `logger`, `event` or `message`, and the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        event = getattr(record, "event", None)
        if _is_ours(record) and event is not None:
            line["event"] = event
            line |= {name: _worth(value) for name, value in vars(record)["fields"].items()}
        else:
            line["message"] = said_by(record)
        error = _error_of(record)
        if error:
            line["error"], line["at"] = error
        for name, word in (("request_id", REQUEST_ID.get()), ("trace_id", TRACE_ID.get())):
            if word:
                line.setdefault(name, word)
        return _encode(line).decode()


def said_by(record: logging.LogRecord) -> str:
    """Return what a record says, as far as it may be told."""
    if _is_ours(record):
        return record.getMessage()
    first = str(record.msg).partition("\n")[0] if isinstance(record.msg, str) else _MARK
    if isinstance(record.args, tuple) and record.args:
        shown = tuple(each if isinstance(each, int | float) else _MARK for each in record.args)
        with suppress(TypeError, ValueError):  # where a place wants another kind: as it is
            first %= shown
    return _ADDRESS.sub(_MARK, first)[:_LONGEST]


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == _OURS


def _error_of(record: logging.LogRecord) -> tuple[str, str] | None:
    """Return the type of the exception that hangs on a record, and its place; never its text."""
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    return None if error is None else (type(error).__name__, _places(error.__traceback__))


def _places(traceback: TracebackType | None) -> str:
    frames = extract_tb(traceback)
    return "<".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-_PLACES:]))


def _worth(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float) else str(value)
