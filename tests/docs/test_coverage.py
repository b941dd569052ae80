"""Is everything that a reader may meet written down? Errors, settings, log words, verbs."""

import re
from importlib import import_module

import pytest

from aboard.cli.commands import app
from aboard.core import errors, errors_identity, errors_kyc
from aboard.core.readiness import Actor, Readiness, creator_status
from aboard.flows.journal import LogEvent
from aboard.settings import NAMES, PREFIX
from tests.house.tree import ROOT, kept

# The tree of facts, and the branches that have files of their own.
TREE = (errors, errors_identity, errors_kyc)


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def facts() -> list[type[errors.AboardError]]:
    found = [errors.AboardError]
    for fact in found:
        found += fact.__subclasses__()
    return [fact for fact in found[1:] if fact.__module__ in {part.__name__ for part in TREE}]


@pytest.mark.parametrize("fact", facts(), ids=lambda fact: fact.__name__)
def test_every_error_is_documented(fact: type[errors.AboardError]) -> None:
    assert f"| `{fact.code}` | `{fact.__name__}` |" in page("errors.md")


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [fact.code for fact in facts()]
    assert sorted(codes) == sorted(set(codes))
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", code) for code in codes)


def test_the_tree_in_the_source_names_every_error() -> None:
    for part in TREE:
        named = {fact.__name__ for fact in facts()}
        own = {fact.__name__ for fact in facts() if fact.__module__ == part.__name__}
        tree = (part.__doc__ or "").splitlines()
        drawn = [line.replace("│", " ").split()[1] for line in tree if re.search("[├└]─", line)]
        assert len(drawn) == len(set(drawn))
        assert own <= set(drawn) <= named


@pytest.mark.parametrize("name", [row.name for row in NAMES])
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{PREFIX}{name}` |" in page("settings.md")


def test_no_page_names_a_setting_that_is_not_there() -> None:
    known = {PREFIX + row.name for row in NAMES} | {PREFIX + row.name + "_FILE" for row in NAMES}
    for path in (*ROOT.glob("*.md"), *kept(ROOT / "docs", ".md")):
        named = set(re.findall(r"\bABOARD_[A-Z_]+\b", path.read_text(encoding="utf-8")))
        assert named - known - {"ABOARD_"} == set(), path


@pytest.mark.parametrize("event", list(LogEvent))
def test_every_word_in_the_log_is_documented(event: LogEvent) -> None:
    assert f"| `{event.value}` |" in page("vocabulary.md")


@pytest.mark.parametrize("readiness", list(Readiness))
def test_every_readiness_has_its_row(readiness: Readiness) -> None:
    row = re.search(rf"^\| `{readiness.value}` \|.*$", page("vocabulary.md"), re.MULTILINE)
    assert row is not None
    assert f"| `{creator_status(readiness).value}` |" in row.group()
    assert any(f"| {actor.value}" in row.group() for actor in Actor)


def test_every_verb_of_make_that_a_page_names_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for path in (*ROOT.glob("*.md"), *kept(ROOT / "docs", ".md")):
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE))
        assert named <= verbs, path


def test_every_command_that_a_page_names_is_there_and_every_command_is_named() -> None:
    commands = {each.callback.__name__ for each in app.registered_commands if each.callback}
    groups = [each.typer_instance for each in app.registered_groups if each.typer_instance]
    commands |= {str(group.info.name) for group in groups}
    named: set[str] = set()
    for path in (*ROOT.glob("*.md"), *kept(ROOT / "docs", ".md")):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"(?:`|^|bin/)aboard ([a-z]+)", text, re.MULTILINE))
    assert named == commands


@pytest.mark.parametrize("module", ["envelope", "organizations"])
def test_every_error_has_a_row_in_each_dialect(module: str) -> None:
    table = import_module(f"aboard.api.{module}.errors").TABLE
    assert set(table) == set(facts())
