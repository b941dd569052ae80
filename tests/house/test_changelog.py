"""Does the changelog tell the person who upgrades what comes next?"""

import re
from importlib.metadata import version

from tests.house.tree import ROOT

TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)


def test_it_opens_with_what_is_unreleased() -> None:
    assert SECTIONS[0] == "Unreleased"


def test_what_is_unreleased_is_told() -> None:
    unreleased = TEXT.partition("## Unreleased")[2].partition("\n## ")[0]
    assert re.search(r"^- \S+ \S+", unreleased, re.MULTILINE)


def test_releases_are_told_once_newest_first() -> None:
    released = [tuple(map(int, re.findall(r"\d+", name)[:3])) for name in SECTIONS[1:]]
    assert released == sorted(set(released), reverse=True)
    assert not released or released[0] == tuple(map(int, version("aboard").split(".")[:3]))
