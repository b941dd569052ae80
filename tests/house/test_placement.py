"""Does every file have a place, a size and a name that fit this house?"""

import ast
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SOURCE, kept, kept_files, name_of, parsed

LONGEST_FILE_LINES = 400
PLACES = {
    ".ci",
    "benchmarks",
    "clients",
    "deploy",
    "docs",
    "examples",
    "requirements",
    "scripts",
    "src",
    "tests",
    ".dockerignore",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "pyproject.toml",
}
ROOMS = {
    "__init__",
    "api",
    "app",
    "cli",
    "client",
    "core",
    "dashboard",
    "flows",
    "gateway",
    "operations",
    "py.typed",
    "sandbox",
    "settings",
    "store",
    "stripe_api",
    "web",
    "webhooks",
}
TEST_ROOMS = {
    "__init__",
    "api",
    "app",
    "benchmarks",
    "certificates",
    "cli",
    "client",
    "clients",
    "closed_network",
    "databases",
    "conftest",
    "core",
    "dashboard",
    "deploy",
    "docs",
    "examples",
    "flows",
    "gateway",
    "house",
    "issuer",
    "journeys",
    "leaks",
    "operations",
    "sandbox",
    "scene",
    "settings",
    "store",
    "stripe_api",
    "web",
    "webhooks",
}
NOT_A_ROOM = {
    "base",
    "common",
    "helper",
    "helpers",
    "lib",
    "misc",
    "shared",
    "tools",
    "util",
    "utils",
}
NOT_A_CLASS = ("Helper", "Manager", "Service", "Util", "Utils")


def strays(folder: Path, places: set[str]) -> set[str]:
    names = {path.relative_to(folder).parts[0].removesuffix(".py") for path in kept(folder, "")}
    return names - places


@pytest.mark.parametrize(
    ("folder", "places"),
    [(ROOT, PLACES), (SOURCE, ROOMS), (ROOT / "tests", TEST_ROOMS)],
    ids=["repository", "source", "tests"],
)
def test_everything_has_a_place(folder: Path, places: set[str]) -> None:
    assert not strays(folder, places)


def test_no_source_file_outgrows_the_house() -> None:
    too_long = {
        name_of(path): lines
        for path in kept_files()
        if path.suffix in {".py", ".html", ".css", ".js"}
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE_LINES
    }
    assert not too_long


def test_no_file_is_named_after_nothing() -> None:
    assert not [
        name_of(path)
        for path in kept(ROOT, ".py")
        if NOT_A_ROOM & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    ]


def test_classes_are_nouns_of_the_product() -> None:
    assert not [
        f"{name_of(path)}: {node.name}"
        for path in kept(ROOT, ".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(NOT_A_CLASS)
    ]


def test_every_module_opens_with_its_question() -> None:
    assert not [
        name_of(path)
        for path in kept(SOURCE, ".py")
        if path.stat().st_size and not ast.get_docstring(parsed(path))
    ]
