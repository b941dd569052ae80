"""How is a journey told? Step by step: what happened, how long it took, or where it differs."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from aboard.cli.terminal import Mark, Terminal


class StepDiffers(Exception):
    """A step of the journey went another way than it should."""

    def __init__(self, what: str, *, expected: str, actual: str) -> None:
        """Carry what was compared; neither side may hold a link or a key."""
        super().__init__(f"{what}: expected {expected}, got {actual}")
        self.what = what
        self.expected = expected
        self.actual = actual


@dataclass(slots=True)
class Step:
    """One step: its name, what happened, and whether it went as it should."""

    chapter: str
    name: str
    told: str = ""
    milliseconds: float = 0.0
    ok: bool = False

    def tell(self, words: str) -> None:
        """Say what happened."""
        self.told = words

    def expect(self, what: str, actual: object, *expected: object) -> None:
        """Insist that a value is one of those expected.

        Raises:
            StepDiffers: it is none of them.
        """
        if actual not in expected:
            raise StepDiffers(what, expected=_either(expected), actual=repr(actual))

    def require(self, what: str, *, holds: bool) -> None:
        """Insist that something holds.

        Raises:
            StepDiffers: it does not.
        """
        if not holds:
            raise StepDiffers(what, expected="yes", actual="no")


@dataclass(slots=True)
class Story:
    """All steps so far, told as they happen."""

    terminal: Terminal
    steps: list[Step] = field(default_factory=list)
    failure: StepDiffers | None = None
    _chapter: str = ""

    def chapter(self, name: str) -> None:
        """Begin a chapter."""
        self._chapter = name
        self.terminal.heading(name)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time one step and tell it, also when it differs.

        Raises:
            StepDiffers: the step went another way; every failure in it counts as that.
        """
        step = Step(self._chapter, name)
        self.steps.append(step)
        began = time.perf_counter()
        try:
            with self.terminal.working(name):
                yield step
        except StepDiffers as differs:
            self._failed(step, differs)
            raise
        except Exception as error:
            # Whatever stops a step makes the journey differ. Only the name of the fault is
            # told: its text may quote an address, and addresses here can be bearer links.
            failed = StepDiffers(name, expected="no failure", actual=type(error).__name__)
            self._failed(step, failed)
            raise failed from error
        step.milliseconds = (time.perf_counter() - began) * 1000
        step.ok = True
        self.terminal.row(Mark.GOOD, name, step.told, step.milliseconds)

    def _failed(self, step: Step, differs: StepDiffers) -> None:
        self.failure = differs
        self.terminal.row(Mark.BAD, step.name, str(differs))

    def as_json(self) -> dict[str, Any]:
        """Return the story for the document."""
        failure = self.failure
        return {
            "ok": failure is None,
            "steps": [asdict(step) for step in self.steps],
            "failure": failure
            and {
                "step": self.steps[-1].name,
                "what": failure.what,
                "expected": failure.expected,
                "actual": failure.actual,
            },
        }


def _either(expected: Collection[object]) -> str:
    return " or ".join(map(repr, expected))
