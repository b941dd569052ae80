"""With a database on a server: the commands work, and nobody is shown more than where it is."""

import json
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aboard.cli.commands import app
from tests.cli.commands import COMPLETE_SETTINGS, running
from tests.databases import Desk
from tests.leaks import SecretsInPlay

PASSWORD = "tide-words-tide-words"


@pytest.fixture
def settings(
    postgres: Desk, tmp_path: Path, sandbox: str, secrets_in_play: SecretsInPlay
) -> dict[str, str]:
    secrets_in_play.add(PASSWORD)
    file = tmp_path / "database.secret"
    file.touch(mode=0o600)
    file.write_text(postgres.address.replace("postgres@", f"postgres:{PASSWORD}@") + "\n")
    return {
        **COMPLETE_SETTINGS,
        "ABOARD_DATABASE_FILE": str(file),
        "ABOARD_TEST_API_BASE": sandbox,
        "ABOARD_PORT": "0",
    }


def test_doctor_shows_where_it_is_and_nothing_else(
    settings: dict[str, str], postgres: Desk
) -> None:
    ended = CliRunner().invoke(app, ["doctor", "--json"], env=settings)
    found = {each["name"]: each for each in json.loads(ended.stdout)["findings"]}
    assert found["database"]["found"].startswith(postgres.address.partition("@")[2])
    assert "revision" in found["database"]["found"]
    assert PASSWORD not in ended.output


def test_doctor_says_what_to_look_at_when_the_server_is_away(settings: dict[str, str]) -> None:
    away = {
        **settings,
        "ABOARD_DATABASE": f"postgresql://me:{PASSWORD}@127.0.0.1:1/aboard",
    }
    del away["ABOARD_DATABASE_FILE"]
    ended = CliRunner().invoke(app, ["doctor"], env=away)
    assert ended.exit_code == 1
    assert "127.0.0.1:1/aboard" in ended.output
    assert "Does the server run" in ended.output
    assert PASSWORD not in ended.output + ended.stderr


@pytest.mark.parametrize(
    ("address", "cause", "next_step"),
    [
        ("postgresql://me@127.0.0.1:1/aboard", "unreachable", "Does the server run"),
        ("{server}/nowhere", "no_such_database", "createdb"),
        ("{server}/postgres?sslmode=verify-full&sslrootcert=/nowhere", "no_certificate", "read"),
    ],
)
def test_each_cause_has_a_next_step(
    settings: dict[str, str], postgres: Desk, address: str, cause: str, next_step: str
) -> None:
    there = {
        **settings,
        "ABOARD_DATABASE": address.format(server=postgres.address.rpartition("/")[0]),
    }
    del there["ABOARD_DATABASE_FILE"]
    for command, code in (("migrate", 3), ("doctor", 1)):
        ended = CliRunner().invoke(app, [command], env=there)
        assert ended.exit_code == code
        assert cause in ended.output + ended.stderr
        assert next_step in ended.output + ended.stderr


def test_an_address_without_encryption_is_told_before_anything_starts(
    settings: dict[str, str],
) -> None:
    open_road = {**settings, "ABOARD_DATABASE": f"postgresql://me:{PASSWORD}@db.example/aboard"}
    del open_road["ABOARD_DATABASE_FILE"]
    ended = CliRunner().invoke(app, ["serve"], env=open_road)
    assert ended.exit_code == 2
    assert "ABOARD_DATABASE: the database must be encrypted outside loopback" in ended.stderr
    assert PASSWORD not in ended.output + ended.stderr


def test_the_logs_of_service_and_worker_do_not_show_it(
    settings: dict[str, str], tmp_path: Path
) -> None:
    with (
        running("serve", settings=settings, cwd=tmp_path) as service,
        running("work", settings=settings, cwd=tmp_path) as worker,
    ):
        with urllib.request.urlopen(f"{service.address()}/v1/health", timeout=10) as answer:  # noqa: S310 - ours
            assert json.loads(answer.read())["ok"] is True
        worker.wait_for("Working.")
        ends = (service.stop(), worker.stop())
    for ended in ends:
        assert ended.code == 0
        assert PASSWORD not in ended.out + ended.err
        assert "Traceback" not in ended.err
