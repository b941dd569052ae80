"""Is the image what it says: small, without root and secrets, and made of what is locked?

No container engine runs here. What builds the image are plain commands, so a test runs them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from aboard.cli.commands import app
from aboard.settings import NAMES, PREFIX
from aboard.store import migrate
from tests.cli.commands import COMPLETE_SETTINGS, clean_environment, running
from tests.deploy.image import environment_of, is_sent, read_stages
from tests.flows.redis_server import free_port
from tests.house.tree import ROOT, kept_files, name_of

BUILD, IMAGE = read_stages()
COMMANDS = set(getattr(get_command(app), "commands"))  # noqa: B009 - click's groups are typed without
SETTINGS = {PREFIX + row.name for row in NAMES}


def test_both_stages_stand_on_the_official_slim_python() -> None:
    assert {BUILD.base, IMAGE.base} == {"python:3.11-slim"}


def test_it_runs_without_root_and_by_number() -> None:
    assert IMAGE.last("USER").told == "10001:10001"
    words = [each.word for each in IMAGE.instructions]
    # Nothing is done after it as somebody else.
    assert "RUN" not in words[words.index("USER") :]


def test_every_package_comes_with_its_hash_or_from_the_build() -> None:
    installs = [each.told for each in BUILD.all_of("RUN") if "pip install" in each.told]
    assert installs
    for told in installs:
        assert "--require-hashes" in told or "--no-index" in told
    assert not [each for each in IMAGE.all_of("RUN") if "pip" in each.told]


def test_no_secret_is_baked_in() -> None:
    assert not BUILD.all_of("ARG")
    assert not IMAGE.all_of("ARG")
    secret = {PREFIX + row.name for row in NAMES if row.secret}
    assert not secret & set(environment_of(IMAGE))


def test_every_setting_in_it_is_there() -> None:
    named = {name for name in environment_of(IMAGE) if name.startswith(PREFIX)}
    assert named
    assert named <= SETTINGS


def test_what_it_starts_is_there() -> None:
    assert IMAGE.last("ENTRYPOINT").as_list == ["aboard"]
    assert IMAGE.last("CMD").as_list[0] in COMMANDS
    assert IMAGE.last("STOPSIGNAL").told == "SIGTERM"


def test_what_is_copied_is_there_and_let_in() -> None:
    for each in BUILD.all_of("COPY"):
        for source in each.told.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert is_sent(f"{source}/x" if (ROOT / source).is_dir() else source), source


def test_nothing_else_is_let_in() -> None:
    sent = {name_of(path) for path in kept_files() if is_sent(name_of(path))}
    files = {"LICENSE", "README.md", "pyproject.toml"}
    files |= {"requirements/build.txt", "requirements/deploy.txt"}
    assert {name for name in sent if not name.startswith("src/")} == files
    for name in (
        ".git/config",
        "deploy/secrets/state_keys",
        "deploy/aboard.env",
        ".venv/bin/python",
    ):
        assert not is_sent(name)
    assert not is_sent("src/aboard/__pycache__/app.pyc")


@pytest.mark.load
@pytest.mark.timeout(1800)
def test_its_commands_build_what_serves(tmp_path: Path) -> None:
    """Run the build's commands in folders of our own, then ask as its health check asks."""
    environ = {name: value for name, value in os.environ.items() if name != "PIP_NO_INDEX"}
    build, opt = tmp_path / "build", tmp_path / "opt"
    build.mkdir()
    for each in BUILD.instructions:
        if each.word == "COPY":
            *sources, target = each.told.split()
            for source in sources:
                put(ROOT / source, build / target, is_folder=target.endswith("/"))
        elif each.word == "RUN":
            told = each.told.replace("/opt/aboard", str(opt / "aboard"))
            told = told.replace("/build/", f"{build}/").replace("python -m", f"{sys.executable} -m")
            done = subprocess.run(  # noqa: S603 - the build's own words
                ["/bin/sh", "-e", "-c", told],
                cwd=build,
                env=environ,
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"{told}: {done.stderr[-2000:]}"
    aboard = opt / "aboard" / "bin" / "aboard"
    database = str(tmp_path / "aboard.sqlite3")
    migrate(database)
    port = str(free_port())
    settings = {
        **COMPLETE_SETTINGS,
        **{name: told for name, told in environment_of(IMAGE).items() if name.startswith(PREFIX)},
        "ABOARD_DATABASE": database,
        "ABOARD_DRAIN_SECONDS": "0",
        "ABOARD_HOST": "127.0.0.1",
        "ABOARD_PORT": port,
    }
    command, *arguments = IMAGE.last("CMD").as_list
    with running(command, *arguments, settings=settings, cwd=tmp_path, program=aboard) as service:
        service.address()
        assert is_well(opt, port)
    assert not is_well(opt, port)


def put(source: Path, target: Path, *, is_folder: bool) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        return
    to = target / source.name if is_folder or target.is_dir() else target
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, to)


def is_well(opt: Path, port: str) -> bool:
    python, *arguments = IMAGE.last("HEALTHCHECK").as_list
    assert python == "python"
    done = subprocess.run(  # noqa: S603 - the image's own words
        [opt / "aboard" / "bin" / "python", *arguments],
        env=clean_environment({"ABOARD_PORT": port}),
        check=False,
        capture_output=True,
        timeout=30,
    )
    return done.returncode == 0
