"""Is the page true about what Aboard tells? Its receivers believe us, and its commands run."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aboard.cli.commands import app
from aboard.core.announcements import AnnouncementType
from aboard.store import migrate
from tests.cli.commands import COMPLETE_SETTINGS, PATIENCE_SECONDS, clean_environment
from tests.house.tree import ROOT
from tests.leaks import SecretsInPlay

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
TOLD = PAGE[PAGE.index("## What Aboard tells you") :]
COMMANDS = [
    line
    for block in re.findall(r"^```bash\n(.*?)^```", TOLD, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
(RECEIVER,) = re.findall(r"^```python\n(.*?)^```", TOLD, re.MULTILINE | re.DOTALL)
Aboard = Callable[[str], Result]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture
def aboard(tmp_path: Path, port: int) -> Aboard:
    database = str(tmp_path / "aboard.sqlite3")
    migrate(database)
    settings = {
        **COMPLETE_SETTINGS,
        "ABOARD_DATABASE": database,
        "ABOARD_OUTGOING_KEYS": "k1:outgoing-words-outgoing-words-words",
    }

    def run(line: str) -> Result:
        words = line.replace(":4290", f":{port}").split()
        assert words[0] == "aboard"
        return CliRunner().invoke(app, words[1:], env=settings)

    return run


@contextmanager
def listening(script: str, secret: str, port: int, log: Path) -> Iterator[None]:
    with log.open("w") as out:
        process = subprocess.Popen(  # noqa: S603 - the page's own words, on a free port
            [sys.executable, "-W", "error", "-c", script.replace("4290", str(port))],
            env={**clean_environment(), "SIGNING_SECRET": secret},
            stdout=out,
            stderr=subprocess.DEVNULL,
        )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        yield
    finally:
        process.kill()
        process.wait()


def id_and_secret(added: Result, secrets_in_play: SecretsInPlay) -> tuple[str, str]:
    assert added.exit_code == 0, added.output
    (name,) = re.findall(r"sub_\w+", added.stdout)
    (secret,) = re.findall(r"^whsec_\S+$", added.stdout, re.MULTILINE)
    secrets_in_play.add(secret)
    return name, secret


def test_the_receiver_believes_what_is_signed_and_nothing_else(
    aboard: Aboard, port: int, tmp_path: Path, secrets_in_play: SecretsInPlay
) -> None:
    adding, testing = COMMANDS[:2]
    name, secret = id_and_secret(aboard(adding), secrets_in_play)
    log = tmp_path / "receiver.log"
    with listening(RECEIVER, secret, port, log):
        for line in (testing, testing):
            ended = aboard(line.replace("SUBSCRIBER", name))
            assert ended.exit_code == 0, ended.output
            assert "answered 204" in ended.stdout
        other, _ = id_and_secret(aboard(adding), secrets_in_play)
        ended = aboard(testing.replace("SUBSCRIBER", other))
        assert (ended.exit_code, "answered 400" in ended.stdout) == (1, True)
    said = log.read_text().splitlines()
    assert said == [f'connect.test.ping None {{"subscriber_id": "{name}"}}'] * 2


def test_every_command_of_the_page_runs(aboard: Aboard, secrets_in_play: SecretsInPlay) -> None:
    adding, testing, *others = COMMANDS
    name, _ = id_and_secret(aboard(adding), secrets_in_play)
    assert aboard(testing.replace("SUBSCRIBER", name)).exit_code == 1  # nobody listens
    assert len(others) >= 7
    for line in others:
        ready = line.replace("SUBSCRIBER", name).replace("2026-11-21", "2020-01-01")
        ended = aboard(ready.replace("ANNOUNCEMENT", "ann_1"))
        is_known = "ANNOUNCEMENT" not in line
        assert ended.exit_code == (0 if is_known else 1), (line, ended.output)


@pytest.mark.parametrize("type_", list(AnnouncementType))
def test_every_type_has_its_rows(type_: AnnouncementType) -> None:
    assert TOLD.count(f"| `{type_.value}` |") == 2
