"""Can a reader trust the pages? Links lead somewhere, nothing is orphaned, nothing is stale."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, kept, name_of

DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *kept(DOCS, ".md"), *kept(ROOT / "examples", ".md")]
LINK = re.compile(r"\]\(([^)\s]+)\)|<(?:img|source)[^>]+src(?:set)?=\"([^\"]+)\"")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def targets(page: Path) -> list[str]:
    found = ("".join(groups) for groups in LINK.findall(prose(page)))
    return [target for target in found if not target.startswith(("https://", "mailto:"))]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the usual renderers make them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        for heading in headings
    }


@pytest.mark.parametrize("page", PAGES, ids=[name_of(page) for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in targets(page):
        file, _, anchor = target.partition("#")
        to = (page.parent / file).resolve() if file else page
        assert to.exists(), target
        assert not anchor or anchor in anchors(to), target


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        waiting += [(page.parent / target.partition("#")[0]).resolve() for target in targets(page)]
    assert [name_of(page) for page in PAGES if page not in seen] == []


def test_the_generated_parts_are_fresh() -> None:
    result = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, ROOT / "scripts" / "write_docs.py", "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.parametrize("page", PAGES, ids=[name_of(page) for page in PAGES])
def test_no_line_of_prose_is_endless(page: Path) -> None:
    long = [line for line in prose(page).splitlines() if len(line) > 140 and line[0] not in "|!<"]
    assert long == []
