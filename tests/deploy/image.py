"""deploy/Containerfile, read as its builders read it: stages of instructions."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch

from tests.house.tree import ROOT

CONTAINERFILE = ROOT / "deploy" / "Containerfile"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its word, its flags, and what it is told."""

    word: str
    flags: dict[str, str]
    told: str

    @property
    def as_list(self) -> list[str]:
        """Return what is told as the list of words that it is written as."""
        words: list[str] = json.loads(self.told)
        return words


@dataclass(slots=True)
class Stage:
    """One stage of the build."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def all_of(self, word: str) -> list[Instruction]:
        """Return every instruction of this word, in order."""
        return [each for each in self.instructions if each.word == word]

    def last(self, word: str) -> Instruction:
        """Return the last instruction of this word, which is the one that counts."""
        return self.all_of(word)[-1]


def read_stages() -> list[Stage]:
    """Return the stages in order; the last one is the image."""
    stages: list[Stage] = []
    for instruction in _instructions():
        if instruction.word == "FROM":
            base, _, name = instruction.told.partition(" AS ")
            stages.append(Stage(base, name))
        else:
            stages[-1].instructions.append(instruction)
    return stages


def environment_of(stage: Stage) -> dict[str, str]:
    """Return the variables that a stage sets."""
    return {
        name: value
        for each in stage.all_of("ENV")
        for name, value in re.findall(r"(\w+)=(\S+)", each.told)
    }


def is_sent(path: str) -> bool:
    """Say whether .dockerignore lets this path of the repository into the build."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    sent = True
    for rule in rules:
        pattern = rule.removeprefix("!").removeprefix("**/")
        parts = path.split("/")
        if rule.removeprefix("!").startswith("**/"):
            is_hit = any(fnmatch(part, pattern) for part in parts)
        else:
            is_hit = pattern in {"*", path} or path.startswith(f"{pattern}/")
        if is_hit:
            sent = rule.startswith("!")
    return sent


def _instructions() -> Iterator[Instruction]:
    text = CONTAINERFILE.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        flags = (
            dict(re.findall(r"--([\w-]+)=(\S+)", rest)) if word in {"COPY", "HEALTHCHECK"} else {}
        )
        told = re.sub(r"--[\w-]+=\S+", "", rest).strip() if flags else rest
        yield Instruction(word, flags, told.removeprefix("CMD ") if word == "HEALTHCHECK" else told)
