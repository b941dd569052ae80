"""Are the decisions numbered, short, whole, and the ones that the code names?"""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, kept, name_of

FOLDER = ROOT / "docs" / "decisions"
DECISIONS = [path for path in kept(FOLDER, ".md") if path.name[0].isdigit()]
LONGEST_LINES = 60
SOURCE_LINE = re.compile(r"\bADR-(\d{4})|(?<![\w/])(docs/[\w./-]+\.md)")


def test_they_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=[path.stem for path in DECISIONS])
def test_a_decision_is_short_and_whole(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_LINES
    assert re.match(rf"# {path.name[:4]}\. \S", text)
    assert re.search(r"^Status: (?:proposed|accepted|replaced by \d{4})\.$", text, re.MULTILINE)
    parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert parts == ["Context", "Decision", "Consequences", "Alternatives"]


def test_the_list_names_each_with_its_title() -> None:
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in DECISIONS:
        title = path.read_text(encoding="utf-8").partition("\n")[0].partition(". ")[2]
        assert f"| [{path.name[:4]}]({path.name}) | {title} |" in listed


def test_every_source_that_the_code_names_can_be_opened() -> None:
    numbers = {path.name[:4] for path in DECISIONS}
    missing = [
        f"{name_of(file)}: {found.group()}"
        for folder in ("src", "tests", "benchmarks")
        for file in kept(ROOT / folder, ".py")
        for found in SOURCE_LINE.finditer(file.read_text(encoding="utf-8"))
        if (found[1] and found[1] not in numbers) or (found[2] and not (ROOT / found[2]).exists())
    ]
    assert missing == []
