"""Is the guide true? Its smallest set of settings starts and is the smallest; its trial runs."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from aboard.core.errors import SettingsRefused
from aboard.core.owner import Mode
from aboard.settings import load_settings
from tests.house.tree import ROOT

GUIDE = (ROOT / "docs" / "self-hosting.md").read_text(encoding="utf-8")
SMALLEST = dict(re.findall(r"^(ABOARD_\w+)=(.+)$", GUIDE, re.MULTILINE))
(TRIAL,) = re.findall(r"^```bash\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_smallest_set_starts() -> None:
    settings = load_settings(SMALLEST)
    assert list(settings.stripe) == [Mode.TEST]
    assert settings.public_url == "https://aboard.platform.example"


@pytest.mark.parametrize("name", sorted(set(SMALLEST) - {"ABOARD_PUBLIC_URL"}))
def test_nothing_in_it_can_be_left_out(name: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        load_settings({key: value for key, value in SMALLEST.items() if key != name})
    assert name in str(refused.value)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.load
def test_the_trial_by_hand_runs(tmp_path: Path) -> None:
    service, sandbox = free_port(), free_port()
    (tmp_path / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    script = (
        TRIAL.replace("127.0.0.1:12111", f"127.0.0.1:{sandbox}")
        .replace("aboard sandbox", f"aboard sandbox --port {sandbox}")
        .replace("aboard serve", f"aboard serve --port {service}")
        .replace("localhost:4242", f"localhost:{service}")
    )
    result = subprocess.run(  # noqa: S603 - the guide's own words, on free ports
        ["bash", "-m", "-e", "-c", f"trap 'kill $(jobs -p) || true' EXIT\n{script}"],  # noqa: S607 - bash by its name
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert "All is well." in result.stdout
    assert '"onboardingUrl":"http://127.0.0.1:' in result.stdout
    assert '"readiness":"incomplete","whoMustAct":"owner"' in result.stdout
