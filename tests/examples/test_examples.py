"""Do the examples hold what their pages say, run as their readers would run them?"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TIMEOUT_SECONDS = 240
COMMAND = Path(sys.executable).with_name("aboard")

needs_node = pytest.mark.skipif(
    shutil.which("npm") is None, reason="Node and npm are not on this machine"
)


def run(command: list[str], folder: Path) -> str:
    """Run a command as a reader would, and return what it printed."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "ABOARD": str(COMMAND),
    }
    done = subprocess.run(  # noqa: S603 - our own commands
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.load
@pytest.mark.timeout(TIMEOUT_SECONDS)
def test_a_platform_in_python(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "python", tmp_path / "python")
    told = run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], folder)
    assert " passed" in told
    assert "skipped" not in told


@needs_node
@pytest.mark.load
@pytest.mark.timeout(TIMEOUT_SECONDS)
def test_a_platform_in_node(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("node_modules")
    folder = shutil.copytree(EXAMPLES / "node", tmp_path / "node", ignore=ignored)
    run(["npm", "ci", "--no-audit", "--no-fund"], folder)
    told = run(["npm", "test"], folder)
    assert "# fail 0" in told or "fail 0" in told
    assert "# skipped 0" in told or "skipped 0" in told
