"""Do the examples in the pages run? Those in the rules do in tests/core."""

import doctest
from pathlib import Path

import pytest

from tests.house.tree import ROOT, kept, name_of

PAGES = [
    page
    for page in (ROOT / "README.md", *kept(ROOT / "docs", ".md"))
    if ">>> " in page.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("page", PAGES, ids=[name_of(page) for page in PAGES])
def test_a_pages_examples_run(page: Path) -> None:
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert result.attempted
    assert not result.failed
