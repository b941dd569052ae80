"""What lies in this repository? The files that the house's tests walk over, as git sees them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "aboard"


@cache
def kept_files() -> tuple[Path, ...]:
    """Return every file that git keeps or would keep, as absolute paths."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - git by its name, wherever it lives
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in found if path.is_file())


def kept(folder: Path, ending: str) -> tuple[Path, ...]:
    """Return the kept files below `folder` whose name ends so."""
    return tuple(
        path for path in kept_files() if path.is_relative_to(folder) and path.name.endswith(ending)
    )


def name_of(path: Path) -> str:
    """Return a path as a reader of the repository would write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name_of(path))


def room_of(path: Path) -> str:
    """Return the room of a source file: its first name below `aboard`."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_modules(path: Path) -> frozenset[str]:
    """Return the absolute names of the modules that a source file imports, anywhere in it."""
    package = ["aboard", *path.relative_to(SOURCE).parts[:-1]]
    names: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            names.add(".".join([*above, node.module or ""]).rstrip("."))
    return frozenset(names)
