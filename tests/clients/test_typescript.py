"""Does the TypeScript client fit the service, build from a fresh clone, and walk a journey?"""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.cli.commands import Running, running
from tests.journeys.test_chromium import chromium as chromium  # noqa: PLC0414 - a fixture
from tests.journeys.test_chromium import walk

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
        told = run(clone, "run", "journey", environment=addresses_of(demo))
        assert demo.stop(signal.SIGINT).code == 0
    assert " passed" in told
    assert " skipped" not in told


def addresses_of(demo: Running) -> dict[str, str]:
    """Return where the demo's parts listen, as the package's journey and example read it."""
    demo.wait_for("Now click it yourself")
    return {
        f"ABOARD_{name.upper()}": demo.wait_for(f"  {name} ").split()[1]
        for name in ("sandbox", "service", "platform")
    }


@contextmanager
def serving_the_example(clone: Path, addresses: dict[str, str]) -> Iterator[str]:
    """Serve the example's page with its own development server, and return its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    vite = clone / "node_modules" / "vite" / "bin" / "vite.js"
    process = subprocess.Popen(  # noqa: S603 - our own command
        ["node", vite, "example", "--host", "127.0.0.1", "--port", str(port), "--strictPort"],  # noqa: S607 - node by its name
        cwd=clone,
        env={**os.environ, "NO_COLOR": "1", **addresses},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert any("127.0.0.1" in line for line in process.stdout)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


@needs_node
@pytest.mark.browser
@pytest.mark.timeout(TIMEOUT_SECONDS)
def test_the_example_is_clicked_through_in_a_real_browser(
    clone: Path, tmp_path: Path, chromium: Browser
) -> None:
    run(clone, "run", "build")
    wrong: list[str] = []
    with running("demo", settings={"TMPDIR": str(tmp_path)}, cwd=tmp_path) as demo:
        addresses = addresses_of(demo)
        sandbox = addresses["ABOARD_SANDBOX"]
        with serving_the_example(clone, addresses) as example, chromium.new_context() as context:
            context.set_default_timeout(20_000)
            page = context.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.goto(example)
            page.get_by_role("button", name="Become a creator").click()
            expect(page.get_by_text("You have not set up payments yet.")).to_be_visible()
            page.get_by_role("button", name="Set up payments").dblclick()
            page.wait_for_url(f"{sandbox}/**")
            # A link that was opened twice would have led to the refresh address by now.
            assert walk(page, sandbox, "Individual") > 1
            page.goto(example)
            expect(page.get_by_text("You can be paid.")).to_be_visible()
            kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
            assert page.evaluate(kept) == '[{},{},""]'
            page.get_by_role("button", name="Open your Stripe dashboard").click()
            page.wait_for_url(f"{sandbox}/**")
    assert wrong == []
