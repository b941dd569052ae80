"""Does what the page lets a reader paste really run, on two of everything?"""

import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from tests.flows.redis_server import free_port
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
(TRIAL,) = re.findall(r"^```bash\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
POSTGRES = os.environ.get("ABOARD_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
PORTS = ("4240", "4242", "4243", "6380", "12111")


def trial(name: str) -> str:
    """Return the page's words, with ports and a database of our own."""
    server = POSTGRES.rpartition("/")[0]
    script: str = TRIAL.replace(
        "POSTGRES=postgresql://postgres@127.0.0.1:5432", f"POSTGRES={server}"
    )
    assert server in script
    for port in PORTS:
        assert port in script
        script = re.sub(rf"\b{port}\b", str(free_port()), script)
    return script.replace("aboard_trial", name)


@pytest.mark.load
@pytest.mark.timeout(600)
def test_two_machines_worth_of_processes_by_copy_and_paste(tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    (tmp_path / "deploy").symlink_to(ROOT / "deploy", target_is_directory=True)
    name = f"aboard_trial_{uuid4().hex[:12]}"
    process = subprocess.Popen(  # noqa: S603 - the page's own words, on ports of our own
        ["bash", "-m", "-e", "-c", f"trap 'kill $(jobs -p) || true' EXIT\n{trial(name)}"],  # noqa: S607 - bash by its name
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        out, told = process.communicate(timeout=540)
    except subprocess.TimeoutExpired:
        # Asked to end, it ends what it started too.
        process.terminate()
        out, told = process.communicate(timeout=30)
        raise AssertionError(told[-3000:]) from None
    assert process.returncode == 0, told[-3000:]
    for seller in ("org_1", "org_2", "org_3"):
        assert f"{seller} is enabled" in out
    # After both of the first services are gone, what they took in is still known.
    assert '"readiness":"enabled"' in out
    assert "Traceback" not in told
