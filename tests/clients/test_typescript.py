"""Does the TypeScript client fit the service, build from a fresh clone, and walk a journey?"""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import running

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "clients" / "typescript"
TIMEOUT_SECONDS = 300
DIGEST = re.compile(r"^// SHA-256 of the description: (\w{64})$", re.MULTILINE)

needs_node = pytest.mark.skipif(
    shutil.which("npm") is None, reason="Node and npm are not on this machine"
)


@pytest.fixture(scope="module")
def description() -> str:
    """Return the description as the script prints it, without a server."""
    return subprocess.run(  # noqa: S603 - our own script
        [sys.executable, ROOT / "scripts" / "describe.py"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def run(
    folder: Path, *command: str, given: str = "", environment: dict[str, str] | None = None
) -> str:
    """Run one of npm's commands in the package, and return what it printed."""
    done = subprocess.run(  # noqa: S603 - our own commands
        ["npm", *command],  # noqa: S607 - npm by its name, wherever it lives
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if name != "NODE_ENV"},
            "npm_config_cache": str(ROOT / ".cache" / "npm"),
            "NO_COLOR": "1",
            **(environment or {}),
        },
        input=given,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"npm {' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package in a fresh place, installed from its lock, with the docs beside it."""
    root = tmp_path_factory.mktemp("clone")
    left = shutil.ignore_patterns("node_modules", "dist", ".cache", "build")
    shutil.copytree(PACKAGE, root / "clients" / "typescript", ignore=left)
    shutil.copytree(ROOT / "docs" / "api", root / "docs" / "api")
    folder = root / "clients" / "typescript"
    run(folder, "ci")
    return folder


@pytest.mark.parametrize("name", ["schema.ts", "operations.ts"])
def test_the_generated_code_is_of_this_description(name: str, description: str) -> None:
    text = (PACKAGE / "src" / "generated" / name).read_text(encoding="utf-8")
    found = DIGEST.search(text)
    assert found
    wanted = hashlib.sha256(description.encode()).hexdigest()
    assert found[1] == wanted, "run make client-typescript"


def test_the_lock_names_no_host() -> None:
    text = (PACKAGE / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert '"resolved"' not in text
    assert [name for name, one in packages.items() if name and "integrity" not in one] == []


def test_the_package_needs_nothing_at_run_time() -> None:
    package = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    assert "dependencies" not in package
    assert set(package["peerDependencies"]) == {"@tanstack/react-query", "react"}


@needs_node
@pytest.mark.load
@pytest.mark.timeout(TIMEOUT_SECONDS)
def test_generating_it_again_changes_nothing(clone: Path, description: str) -> None:
    run(clone, "run", "generate", "--", "--check", given=description)


@needs_node
@pytest.mark.load
@pytest.mark.timeout(TIMEOUT_SECONDS)
def test_it_checks_and_builds_from_a_fresh_clone(clone: Path) -> None:
    told = run(clone, "run", "check")
    assert " passed" in told
    assert " skipped" not in told
    packed = json.loads(run(clone, "pack", "--dry-run", "--json"))
    files = {each["path"] for each in packed[0]["files"]}
    assert {"dist/index.js", "dist/index.d.ts", "dist/react/index.js", "README.md"} <= files
    assert not [name for name in files if not name.startswith(("dist/", "README", "package.json"))]


@needs_node
@pytest.mark.load
@pytest.mark.timeout(TIMEOUT_SECONDS)
def test_the_hooks_walk_a_whole_journey_against_the_demo(clone: Path, tmp_path: Path) -> None:
    run(clone, "run", "build")
    with running("demo", settings={"TMPDIR": str(tmp_path)}, cwd=tmp_path) as demo:
        demo.wait_for("Now click it yourself")
        addresses = {
            f"ABOARD_{name.upper()}": demo.wait_for(f"  {name} ").split()[1]
            for name in ("sandbox", "service", "platform")
        }
        told = run(clone, "run", "journey", environment=addresses)
        assert demo.stop(signal.SIGINT).code == 0
    assert " passed" in told
    assert " skipped" not in told
