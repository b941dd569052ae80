"""How does a command speak? In ticks and short lines; plain where nobody watches; JSON on request.

Colour and movement appear only on a terminal. With JSON, standard output holds one document and
nothing else.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text


class Mark(StrEnum):
    """How something stands, as a sign and a colour."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


_SIGNS = {Mark.GOOD: "✓", Mark.NOTE: "!", Mark.BAD: "✗"}
_PLAIN_SIGNS = {Mark.GOOD: "ok", Mark.NOTE: "!!", Mark.BAD: "XX"}
_STYLES = {Mark.GOOD: "green", Mark.NOTE: "yellow", Mark.BAD: "bold red"}


class Terminal:
    """Where a command's words go."""

    def __init__(self, *, is_json: bool = False, name_width: int = 34) -> None:
        """Speak on standard output; with JSON, save the words and print one document at the end.

        `name_width` is how many columns the names of rows take.
        """
        self.is_json = is_json
        self._name_width = name_width
        self._console = Console(quiet=is_json, highlight=False, soft_wrap=True, markup=False)
        can_sign = (self._console.encoding or "").lower().startswith("utf")
        self._signs = _SIGNS if can_sign else _PLAIN_SIGNS

    def say(self, words: str = "", *, style: str = "") -> None:
        """Say one line, or several."""
        self._console.print(Text(words, style=style))

    def heading(self, words: str) -> None:
        """Say what the next lines are about."""
        self.say()
        self.say(words, style="bold")

    def row(self, mark: Mark, name: str, told: str, milliseconds: float | None = None) -> None:
        """Say how one thing stands: its sign, its name, what was found, and how long it took."""
        line = Text("  ")
        line.append(f"{self._signs[mark]} ", style=_STYLES[mark])
        line.append(f"{name:<{self._name_width}} ")
        if milliseconds is not None:
            line.append(f"{_short(milliseconds):>8}  ", style="dim")
        line.append(told)
        self._console.print(line)

    def aside(self, words: str) -> None:
        """Say something that belongs to the row above."""
        self.say(f"      {words}", style="dim")

    @contextmanager
    def working(self, words: str) -> Iterator[None]:
        """Show that something is under way, on a terminal alone."""
        if not self._console.is_terminal or self.is_json:
            yield
            return
        with self._console.status(Text(words)):
            yield

    @contextmanager
    def counting(self, words: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Show how far long work is, on a terminal alone; give what takes each step's count.

        On standard error, so that what is written to standard output stays whole.
        """
        console = Console(stderr=True)
        if not console.is_terminal:
            yield _hear_nothing
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
            task = progress.add_task(words, total=total)

            def advance(count: int) -> None:
                progress.advance(task, count)

            yield advance

    def document(self, content: Mapping[str, Any]) -> None:
        """Print the one document of a command with JSON; say nothing otherwise."""
        if self.is_json:
            told = json.dumps(content, indent=2, default=_iso)
            print(told)  # noqa: T201 - a command line speaks by printing


def numbered(count: int, noun: str) -> str:
    """Return how many of something there are, as people say it.

    >>> numbered(1, "account"), numbered(2000, "account")
    ('1 account', '2,000 accounts')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON: {type(value).__name__}")


def _hear_nothing(_count: int) -> None:
    return


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds >= 1 else "< 1 ms"
