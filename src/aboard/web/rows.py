"""How is a row written? As a JSON object on a line, or as a line of CSV that no sheet executes.

Source: docs/exports.md; RFC 4180; OWASP, "CSV Injection".
"""

import csv
import io
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from aboard.flows.export import Row

# What makes a spreadsheet take a cell for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Form(Protocol):
    """A way to write rows as bytes."""

    def head(self) -> bytes:
        """Return what stands before the first row."""
        ...

    def rows(self, rows: Sequence[Row]) -> bytes:
        """Return some rows."""
        ...


class JsonLines:
    """Each row as a JSON object on a line of its own, points in time as RFC 3339 in UTC."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._encoder = msgspec.json.Encoder()

    def head(self) -> bytes:
        """Return nothing: the names stand in each row."""
        return b""

    def rows(self, rows: Sequence[Row]) -> bytes:
        """Return some rows."""
        return self._encoder.encode_lines(
            [{name: _nested(value) for name, value in row.items()} for row in rows]
        )


class Csv:
    """A line of names, then each row as a line; what has parts is JSON within its cell.

    A cell that a spreadsheet would take for a formula begins with an apostrophe instead.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        """Take the names of the columns, in their order."""
        self._columns = columns

    def head(self) -> bytes:
        """Return the names."""
        return _lines([list(self._columns)])

    def rows(self, rows: Sequence[Row]) -> bytes:
        """Return some rows."""
        return _lines([[_cell(row[name]) for name in self._columns] for row in rows])


def _nested(value: object) -> object:
    return msgspec.Raw(value) if isinstance(value, bytes) else value


def _lines(cells: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(cells)
    return text.getvalue().encode()


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return ""
    if isinstance(value, str):
        text = str(value)
    elif isinstance(value, bytes):
        text = value.decode()
    else:
        text = msgspec.json.encode(value).decode().strip('"')
    return f"'{text}" if text.startswith(_FORMULA) else text
