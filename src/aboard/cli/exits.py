"""How does a command end? Four numbers, and for each known failure a sentence with the next step.

Source: docs/self-hosting.md, exit codes.
"""

import sys
from collections.abc import Callable
from enum import IntEnum


class Exit(IntEnum):
    """What a command tells the shell."""

    OK = 0
    CHECK_FAILED = 1
    USAGE = 2
    UNREACHABLE = 3


EXIT_CODES = (
    "Exit codes: 0 all is well; 1 a check failed or the database does not fit; "
    "2 the command or the settings make no sense; 3 something cannot be reached or opened."
)


class Refusal(Exception):
    """A command cannot go on, for a reason the person at the keyboard can change."""

    def __init__(self, problem: str, next_step: str, code: Exit = Exit.UNREACHABLE) -> None:
        """Carry what is wrong, what to do next, and how to end."""
        super().__init__(problem)
        self.next_step = next_step
        self.code = code


def reported(run: Callable[[], Exit]) -> Exit:
    """Run a command; say known failures on standard error, without a traceback."""
    try:
        return run()
    except Refusal as refusal:
        return _told(str(refusal), refusal.next_step, refusal.code)
    except KeyboardInterrupt:
        return Exit.OK
    except Exception as error:
        told = _known(error)
        if told is None:
            raise
        return told


def _known(error: Exception) -> Exit | None:
    # Loaded when something failed: the short way to the sandbox never needs them.
    from aboard.cli.databases import next_step_for  # noqa: PLC0415 - only failures pay for it
    from aboard.core.errors import SettingsRefused  # noqa: PLC0415 - only failures pay for it
    from aboard.store import (  # noqa: PLC0415 - only failures pay for it
        DatabaseNotEmpty,
        DatabaseNotMigrated,
        DatabaseTooNew,
        StoreUnavailable,
    )

    if isinstance(error, SettingsRefused):
        lines = "".join(f"\n  - {problem}" for problem in error.problems)
        return _told(
            f"The settings make no sense yet:{lines}",
            "Set these in the environment or in the file that ABOARD_CONFIG names;"
            " docs/settings.md explains each. `aboard demo` needs none.",
            Exit.USAGE,
        )
    if isinstance(error, (DatabaseNotEmpty, DatabaseNotMigrated, DatabaseTooNew)):
        problem, _, next_step = str(error).partition(": ")
        return _told(_sentence(problem), _sentence(next_step), Exit.CHECK_FAILED)
    if isinstance(error, StoreUnavailable):
        return _told(_sentence(str(error)), next_step_for(error.cause), Exit.UNREACHABLE)
    return None


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _told(problem: str, next_step: str, code: Exit) -> Exit:
    print(problem, file=sys.stderr)  # noqa: T201 - a command line speaks by printing
    print(f"Next: {next_step}", file=sys.stderr)  # noqa: T201 - a command line speaks by printing
    return code
