"""Does the compose file fit its specification, and does it name only what there is?"""

from typing import Any

import compose_spec
import pytest
import yaml
from typer.main import get_command

from aboard.cli.commands import app
from aboard.settings import NAMES, PREFIX
from tests.house.tree import ROOT

FOLDER = ROOT / "deploy"
TEXT = (FOLDER / "compose.yaml").read_text(encoding="utf-8")
FILE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OURS = {name: told for name, told in SERVICES.items() if told["image"] == "aboard"}
SETTINGS = {PREFIX + row.name for row in NAMES}
SECRETS = {PREFIX + row.name + "_FILE": row.name for row in NAMES if row.secret}
COMMANDS = set(getattr(get_command(app), "commands"))  # noqa: B009 - click's groups are typed without


def test_it_fits_the_specification() -> None:
    read = compose_spec.PyOptions(apply_merge=True).from_yaml(TEXT)
    read.validate()
    assert set(read.service_names()) == set(SERVICES)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nothing_runs_with_more_than_it_needs(name: str) -> None:
    told = SERVICES[name]
    # PostgreSQL's image begins as root, to take its folder, and steps down by itself.
    if name != "database":
        assert told["read_only"] is True
        assert told["cap_drop"] == ["ALL"]
        assert told["security_opt"] == ["no-new-privileges:true"]
    assert not told.get("privileged")
    assert "/var/run/docker.sock" not in str(told.get("volumes"))


def test_only_this_machine_reaches_the_ports() -> None:
    published = [port for told in SERVICES.values() for port in told.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_command_and_setting_is_there(name: str) -> None:
    told = OURS[name]
    if name != "pod":
        assert told["command"][0] in COMMANDS
    named = {key for key in told.get("environment", {}) if key.startswith(PREFIX)}
    assert named <= SETTINGS | set(SECRETS)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_secret_comes_from_a_file(name: str) -> None:
    told = SERVICES[name]
    environment = told.get("environment", {})
    plain = {PREFIX + row.name for row in NAMES if row.secret} | {"POSTGRES_PASSWORD"}
    assert not plain & set(environment)
    for key, value in environment.items():
        if key.endswith("_FILE"):
            secret = value.removeprefix("/run/secrets/")
            assert secret in told["secrets"], key
            assert FILE["secrets"][secret]["file"] == f"./secrets/{secret}"


def test_the_example_of_plain_settings_names_no_secret() -> None:
    lines = (FOLDER / "aboard.env.example").read_text(encoding="utf-8").splitlines()
    rows = [line.lstrip("#").partition("=") for line in lines if "=" in line]
    assert {name for name, _, _ in rows} <= SETTINGS - {PREFIX + name for name in SECRETS.values()}


def test_nobody_starts_before_the_database_is_migrated() -> None:
    for name in ("service-1", "service-2", "worker", "gateway"):
        waits = SERVICES[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert waits["database"]["condition"] == "service_healthy"
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"


def test_all_share_one_network_and_the_pod_has_it() -> None:
    modes = {name: told.get("network_mode") for name, told in SERVICES.items()}
    assert modes.pop("pod") is None
    assert set(modes.values()) == {"service:pod"}


def test_sandbox_and_gateway_are_there_only_where_they_are_wanted() -> None:
    wanted = {name: told["profiles"] for name, told in SERVICES.items() if "profiles" in told}
    assert wanted == {"sandbox": ["sandbox"], "gateway": ["gateway"]}


def test_the_balancer_knows_every_service() -> None:
    conf = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    for name, told in SERVICES.items():
        if name.startswith("service-"):
            assert f"server 127.0.0.1:{told['environment']['ABOARD_PORT']} " in conf
            assert int(told["environment"]["ABOARD_DRAIN_SECONDS"]) > 0
            assert int(told["stop_grace_period"].removesuffix("s")) >= 30
    (port, *_) = SERVICES["pod"]["ports"]
    assert f"listen {port.rpartition(':')[2]};" in conf
