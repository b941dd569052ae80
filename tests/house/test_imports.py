"""Who may take what from outside, and how light is `import aboard`?

import-linter holds the order of the rooms (pyproject.toml). Here is what it cannot say: an
allow-list of libraries for each room, and that its own lists keep up with our dependencies.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import pytest

from tests.house.tree import ROOT, SOURCE, imported_modules, kept, name_of, room_of

# What each room may take from outside the standard library. A new name here is a decision:
# its reason belongs into docs/decisions/0003-stack.md in the same commit.
LIBRARIES: dict[str, set[str]] = {
    "__init__": set(),
    "core": set(),
    "settings": set(),
    "stripe_api": {"aiohttp", "msgspec", "stripe"},
    "store": {"alembic", "asyncpg", "msgspec", "sqlalchemy"},
    "flows": {"argon2", "cryptography", "limits", "opentelemetry"},
    "api": {"litestar", "msgspec"},
    "client": {"aiohttp", "msgspec", "urllib3", "yarl"},
    "web": {"aiohttp", "joserfc", "litestar", "msgspec"},
    "dashboard": {"jinja2", "litestar"},
    "gateway": {"httptools", "httpx2", "mcp", "msgspec", "uvicorn"},
    "operations": {"msgspec", "prometheus_client"},
    "webhooks": {"aiohttp", "msgspec", "standardwebhooks"},
    "sandbox": {"aiohttp", "jinja2", "msgspec", "multipart", "pytest", "uvicorn", "yarl"},
    "app": {"stripe"},
    "cli": {"aiohttp", "jinja2", "litestar", "msgspec", "rich", "typer", "uvicorn"},
}
LOADED_BY_NAME = {"uvloop"}  # uvicorn finds them; nobody imports them
HEAVY = (
    "aboard.sandbox",
    "aiohttp",
    "alembic",
    "asyncpg",
    "litestar",
    "mcp",
    "sqlalchemy",
    "stripe",
    "urllib3",
    "uvicorn",
)


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


# Where a package is imported by another name.
MODULE_OF = {
    "argon2-cffi": "argon2",
    "opentelemetry-exporter-otlp-proto-http": "opentelemetry",
    "opentelemetry-sdk": "opentelemetry",
    "prometheus-client": "prometheus_client",
}
NOT_OURS = {"bench", "dev"}  # extras for those who work on Aboard, not for those who run it


def dependencies() -> set[str]:
    return modules_of(project()["project"]["dependencies"])


def extras() -> set[str]:
    groups = project()["project"]["optional-dependencies"]
    return modules_of(line for name in groups.keys() - NOT_OURS for line in groups[name])


def modules_of(lines: Iterable[str]) -> set[str]:
    names = [re.split(r"[^\w-]", line)[0] for line in lines]
    return {MODULE_OF.get(name, name) for name in names}


def used_libraries() -> set[str]:
    return {library for path in kept(SOURCE, ".py") for library in outside(imported_modules(path))}


def outside(modules: frozenset[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules} - sys.stdlib_module_names - {"aboard"}


@pytest.mark.parametrize("room", sorted(LIBRARIES))
def test_a_room_takes_only_what_its_row_allows(room: str) -> None:
    assert not {
        name_of(path): stray
        for path in kept(SOURCE, ".py")
        if room_of(path) == room and (stray := outside(imported_modules(path)) - LIBRARIES[room])
    }


@pytest.mark.parametrize("room", sorted(LIBRARIES))
def test_no_row_allows_what_its_room_does_not_take(room: str) -> None:
    files = [path for path in kept(SOURCE, ".py") if room_of(path) == room]
    taken = {library for path in files for library in outside(imported_modules(path))}
    assert LIBRARIES[room] - taken == set()


def test_every_room_has_a_row() -> None:
    assert {room_of(path) for path in kept(SOURCE, ".py")} <= set(LIBRARIES)


def test_every_dependency_is_used_and_every_used_library_is_a_dependency() -> None:
    used = used_libraries()
    brought_along = {"yarl"}  # aiohttp's own word for an address
    there_already = {"pytest"}  # nobody but pytest loads our plugin
    assert used - brought_along - there_already <= dependencies() | extras()
    assert dependencies() - used <= LOADED_BY_NAME


def test_the_sandbox_does_not_even_name_us() -> None:
    assert not {
        name_of(path): ours
        for path in kept(SOURCE / "sandbox", ".py")
        if (
            ours := {
                name
                for name in imported_modules(path)
                if name.partition(".")[0] == "aboard" and not name.startswith("aboard.sandbox")
            }
        )
    }


def test_the_contract_for_the_core_names_every_dependency() -> None:
    contracts = {each["id"]: each for each in project()["tool"]["importlinter"]["contracts"]}
    wanted = dependencies() | (extras() & used_libraries())
    assert set(contracts["pure-core"]["forbidden_modules"]) == wanted


def test_every_face_is_in_the_contract_that_keeps_faces_apart() -> None:
    contracts = {each["id"]: each for each in project()["tool"]["importlinter"]["contracts"]}
    faces = contracts["one-way"]["layers"][3].split(" | ")
    built = {f"aboard.{face}" for face in faces if not face.startswith("(")}
    assert set(contracts["faces"]["modules"]) == built


def test_import_aboard_is_light() -> None:
    code = f"import sys, aboard; print([name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run(  # noqa: S603 - our own words, in a process that imported nothing
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert result.stdout.strip() == "[]"


def test_public_names_are_sorted_and_real() -> None:
    aboard = import_module("aboard")
    names = list(getattr(aboard, "__all__", ()))
    assert names == sorted(names)
    assert not [name for name in names if not hasattr(aboard, name)]
