"""Would systemd take the units, and do they name only what there is?"""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from aboard.cli.commands import app
from aboard.settings import NAMES, PREFIX
from tests.house.tree import ROOT, kept

UNITS = kept(ROOT / "deploy" / "systemd", "")
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
SECRETS = {PREFIX + row.name + "_FILE" for row in NAMES if row.secret}
SETTINGS = {PREFIX + row.name for row in NAMES}
COMMANDS = set(getattr(get_command(app), "commands"))  # noqa: B009 - click's groups are typed without


def lines(unit: Path, key: str) -> list[str]:
    """Return what a unit says under a key, in order."""
    text = unit.read_text(encoding="utf-8")
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}=")]


def test_systemd_takes_them(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze on this machine")
    # The units name what is installed; here that is a file that does nothing.
    stand_in = tmp_path / "aboard"
    stand_in.write_text("#!/bin/sh\n", encoding="utf-8")
    stand_in.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/aboard/bin/aboard", str(stand_in))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - found above
        [program, "verify", *(tmp_path / unit.name for unit in UNITS)],
        check=False,
        capture_output=True,
        text=True,
    )
    ours = [line for line in done.stderr.splitlines() if "aboard" in line]
    assert (ours, done.returncode) == ([], 0)


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_command_is_there(unit: Path) -> None:
    (started,) = lines(unit, "ExecStart")
    program, command, *_ = started.split()
    assert program == "/opt/aboard/bin/aboard"
    assert command in COMMANDS


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_secrets_are_credentials_and_every_setting_is_there(unit: Path) -> None:
    loaded = {told.partition(":")[0] for told in lines(unit, "LoadCredential")}
    named = dict(told.split("=", 1) for told in lines(unit, "Environment"))
    files = {name: path for name, path in named.items() if name.endswith("_FILE")}
    assert {path.removeprefix("%d/") for path in files.values()} == loaded
    assert set(files) <= SECRETS
    plain = {name for name in named if name.startswith(PREFIX)} - set(files)
    assert plain <= SETTINGS


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_they_are_hardened_alike(unit: Path) -> None:
    told = {key: lines(unit, key) for key in ("NoNewPrivileges", "ProtectSystem", "User")}
    assert told == {"NoNewPrivileges": ["yes"], "ProtectSystem": ["strict"], "User": ["aboard"]}
    assert lines(unit, "CapabilityBoundingSet") == [""]
    hardening = unit.read_text(encoding="utf-8").partition("# Nothing but")[2]
    (first, *_) = SERVICES
    expected = first.read_text(encoding="utf-8").partition("# Nothing but")[2]
    assert hardening.partition("[Install]")[0].strip() == expected.partition("[Install]")[0].strip()


def test_the_leader_lets_its_processes_go() -> None:
    (service,) = [unit for unit in SERVICES if unit.name == "aboard.service"]
    # Otherwise each process would be asked twice, and wait for nothing.
    assert lines(service, "KillMode") == ["mixed"]
    assert lines(service, "Type") == ["notify"]
    assert lines(service, "ExecReload") == ["/bin/kill -HUP $MAINPID"]
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read(ROOT / "deploy" / "systemd" / "aboard.socket", encoding="utf-8")
    assert parser["Socket"]["ListenStream"].startswith("127.0.0.1:")
