"""Do the official SDKs, unmodified, drive every operation that the sandbox has?

What was driven is read from the sandbox's own log of requests; an operation that nobody drove, or
that was never answered well, is named.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from aboard.sandbox.routes import find
from aboard.sandbox.testing import StripeSandbox
from tests.sandbox.operations.drive import Drive

NODE = Path(__file__).parent / "node"
TIMEOUT_SECONDS = 240
# Older names of operations that have newer ones: no SDK has a method for them.
LEGACY = ("/people", "/bank_accounts", "/balance/history", "/refund", "/express/oauth")


def undriven(sandbox: StripeSandbox) -> set[str]:
    """Name the operations that were never answered well in this sandbox."""
    driven = set()
    for row in sandbox.get("/_sandbox/requests", {"limit": 1000})["data"]:
        route, _ = find(row["method"], row["path"])
        if route is not None and row["status"] == 200:
            driven.add(f"{route.method} {route.template}")
    coverage = sandbox.get("/_sandbox/coverage")["operations"]
    there = {f"{each['method']} {each['path']}" for each in coverage}
    return {name for name in there - driven if not any(old in name for old in LEGACY)}


def test_the_python_sdk(stripe_sandbox: StripeSandbox) -> None:
    Drive(stripe_sandbox).everything()
    assert undriven(stripe_sandbox) == set()


@pytest.mark.load
@pytest.mark.timeout(TIMEOUT_SECONDS)
@pytest.mark.skipif(shutil.which("npm") is None, reason="Node and npm are not on this machine")
def test_the_node_sdk(stripe_sandbox: StripeSandbox, tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("node_modules")
    folder = shutil.copytree(NODE, tmp_path / "node", ignore=ignored)
    drive = Drive(stripe_sandbox)
    code, client_id = drive.permission()
    arguments = [stripe_sandbox.url, stripe_sandbox.key, code, client_id]
    for command in (["npm", "ci", "--no-audit", "--no-fund"], ["node", "drive.mjs", *arguments]):
        done = subprocess.run(  # noqa: S603 - our own commands
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert undriven(stripe_sandbox) == set()


def test_what_nobody_drives_is_named(stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.post("/v1/accounts", {"type": "express"})
    missing = undriven(stripe_sandbox)
    assert "POST /v1/accounts" not in missing
    assert "POST /v1/account_links" in missing
