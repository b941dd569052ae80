"""Would `make check` notice? Faults are planted in a copy of the tree, one at a time.

Each runs the part of `make check` that must notice it; the copy without a fault passes them all.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import ROOT, kept_files

pytestmark = [pytest.mark.load, pytest.mark.timeout(300)]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that must not pass, and the verb that notices.

    The text goes to the end of the file, or before the first line that equals `before`.
    """

    name: str
    verb: str
    file: str
    text: str
    tells: str
    before: str | None = None
    arguments: str = ""

    def planted(self, source: str) -> str:
        """Return the source with the fault in it."""
        if self.before is None:
            return f"{source}\n{self.text}\n"
        head, line, tail = source.partition(self.before)
        assert line, "the place to plant in is still there"
        return f"{head}{self.text}{line}{tail}"


FAULTS = [
    Fault(
        "an upward import",
        "imports",
        "src/aboard/core/owner.py",
        "from aboard.flows import start",
        "aboard.core is not allowed to import aboard.flows",
    ),
    Fault(
        "a sandbox that imports the core",
        "imports",
        "src/aboard/sandbox/ids.py",
        "from aboard.core import owner",
        "The sandbox is an island BROKEN",
    ),
    Fault(
        "a dependency in the core",
        "imports",
        "src/aboard/core/owner.py",
        "import msgspec",
        "The core takes nothing from outside the standard library BROKEN",
    ),
    Fault(
        "any other library in the core",
        "house",
        "src/aboard/core/owner.py",
        "import packaging",
        "packaging",
        arguments="tests/house/test_imports.py",
    ),
    Fault(
        "a file without a place",
        "imports",
        "src/aboard/extras.py",
        '"""What is this?"""',
        "aboard.extras",
    ),
    Fault(
        "a mock in a test",
        "house",
        "tests/core/test_planted.py",
        "from unittest.mock import MagicMock",
        "MagicMock",
        arguments="tests/house/test_habits.py",
    ),
    Fault(
        "a face that reads the store",
        "imports",
        "src/aboard/webhooks/__init__.py",
        "from aboard.store import schema",
        "Only flows, app and cli speak to store and stripe_api BROKEN",
    ),
    Fault(
        "a bearer URL in a log line",
        "test",
        "src/aboard/flows/links.py",
        "    address = link.url.reveal()\n"
        '    __import__("logging").getLogger("aboard").info("link.issued %s", address)\n',
        "a hosted link in log aboard",
        before="    return link\n",
        arguments="-x tests/flows/test_start.py",
    ),
    Fault(
        "a bearer URL opened inside a log call",
        "house",
        "src/aboard/flows/resume.py",
        "def tell(log, url):\n    log.info('link.issued', extra={'url': url.reveal()})\n",
        "flows/resume.py",
        arguments="tests/house/test_habits.py",
    ),
]


def copy_tree(to: Path) -> Path:
    """Copy what git keeps; an empty repository there lets the same question be asked again."""
    for path in kept_files():
        target = to / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    subprocess.run(["git", "init", "--quiet"], cwd=to, check=True)  # noqa: S607 - git by its name
    return to


def make(copy: Path, *verbs: str) -> subprocess.CompletedProcess[str]:
    """Run verbs of the copy's own Makefile, with this environment's tools on the copy's source."""
    venv = Path(sys.prefix)
    environment = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    return subprocess.run(  # noqa: S603 - the copy's own Makefile
        ["make", f"VENV={venv}", f"--assume-old={venv}/.ready", *verbs],  # noqa: S607 - make by name
        cwd=copy,
        check=False,
        capture_output=True,
        text=True,
        env=environment
        | {"PYTHONPATH": f"{copy}/src", "PYTHONPYCACHEPREFIX": f"{copy.parent}/compiled"},
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_tree(tmp_path_factory.mktemp("copy"))


def test_without_a_fault_everything_passes(copy: Path) -> None:
    for verb, arguments in (("imports", ""), ("house", ""), ("test", "tests/flows/test_start.py")):
        result = make(copy, verb, f"ARGS={arguments}")
        assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_planted_fault_is_noticed(copy: Path, fault: Fault) -> None:
    path = copy / fault.file
    source = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(fault.planted(source or ""), encoding="utf-8")
    try:
        result = make(copy, fault.verb, f"ARGS={fault.arguments}")
    finally:
        if source is None:
            path.unlink()
        else:
            path.write_text(source, encoding="utf-8")
    assert result.returncode != 0
    assert fault.tells in result.stdout
