"""What does the doctor say of one thing? How it stands, what was found, and what to do next."""

from dataclasses import asdict, dataclass
from typing import Any

from aboard.cli.terminal import Mark, Terminal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Anything but good says what to do next."""

    mark: Mark
    name: str
    found: str
    next_step: str | None = None

    def show(self, terminal: Terminal) -> None:
        """Say it in a line, and the next step below."""
        terminal.row(self.mark, self.name, self.found)
        if self.next_step:
            terminal.aside(f"Next: {self.next_step}")

    def as_json(self) -> dict[str, Any]:
        """Return it for the document."""
        return asdict(self)


def good(name: str, found: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(Mark.GOOD, name, found)


def note(name: str, found: str, next_step: str | None = None) -> Finding:
    """Say something worth knowing that stops nothing."""
    return Finding(Mark.NOTE, name, found, next_step)


def bad(name: str, found: str, next_step: str) -> Finding:
    """Say that something is broken, and what repairs it."""
    return Finding(Mark.BAD, name, found, next_step)
