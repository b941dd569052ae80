"""Does `make check` really run every check, and the machine that runs it, all of them?"""

import subprocess
import tomllib

import pytest

from tests.house.tree import ROOT


def recipe(verb: str) -> str:
    """Return what make would run, without running it."""
    return subprocess.run(  # noqa: S603 - our own Makefile
        ["make", "--dry-run", "--always-make", verb],  # noqa: S607 - make by its name
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.mark.parametrize(
    "step",
    [
        '-m "not browser and not load"',
        "ruff format --check .",
        "ruff check .",
        "mypy",
        "lint-imports",
    ],
)
def test_check_runs_every_check(step: str) -> None:
    assert step in recipe("check")


def test_the_default_tests_are_all_tests_of_house_docs_and_changelog_too() -> None:
    [line] = [line for line in recipe("test").splitlines() if "/pytest" in line]
    assert line.split('load"')[1].strip() == ""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["pytest"]["ini_options"]["testpaths"] == ["tests"]


@pytest.mark.parametrize("verb", ["demo", "test", "check", "fix", "bench", "docs", "lock", "prove"])
def test_every_verb_does_its_own_set_up(verb: str) -> None:
    assert recipe(verb).lstrip().startswith("scripts/set-up")


def test_the_machine_runs_the_readmes_test_command_then_the_rest() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    steps = [line for line in script.splitlines() if line.startswith(("make ", "scripts/"))]
    assert steps == ["make test", "make rest", "scripts/install-chromium", "make slow"]
    assert "\nmake test\n" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "set -euo pipefail" in script


def test_check_is_test_and_the_rest() -> None:
    whole = recipe("check").splitlines()
    for part in ("test", "rest"):
        assert [line for line in recipe(part).splitlines() if line not in whole] == []
