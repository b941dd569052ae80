"""Help, exit codes and refused settings: readable, complete, without a traceback."""

import pytest
from typer.testing import CliRunner, Result

from aboard.cli.commands import app
from tests.cli.commands import COMPLETE_SETTINGS

WIDE = {"COLUMNS": "200", "TERM": "dumb"}
COMMANDS = (
    "demo",
    "serve",
    "work",
    "sandbox",
    "migrate",
    "doctor",
    "accept",
    "events",
    "export",
    "kyc",
)


def invoke(*words: str, settings: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, list(words), env={**WIDE, **(settings or {})})


def test_help_names_every_command_and_every_exit_code() -> None:
    ended = invoke("--help")
    assert ended.exit_code == 0
    for command in COMMANDS:
        assert f" {command} " in ended.stdout
    for code in ("0 all is well", "1 a check failed", "2", "3"):
        assert code in ended.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_its_exit_codes(command: str) -> None:
    ended = invoke(command, "--help")
    assert ended.exit_code == 0
    assert "Exit codes" in ended.stdout


@pytest.mark.parametrize("words", [("fly",), ("serve", "--fast"), ("doctor", "now")])
def test_an_unknown_word_is_a_usage_error(words: tuple[str, ...]) -> None:
    ended = invoke(*words)
    assert ended.exit_code == 2
    assert ended.stderr


@pytest.mark.parametrize("command", ["serve", "work", "migrate", "doctor"])
def test_refused_settings_are_a_list_with_remedies(command: str) -> None:
    settings = {
        **COMPLETE_SETTINGS,
        "ABOARD_TEST_SECRET_KEY": "sk_live_aboard_words",
        "ABOARD_PORT": "many",
        "ABOARD_NOTHING": "1",
    }
    ended = invoke(command, settings=settings)
    assert ended.exit_code == 2
    assert ended.stdout == ""
    lines = ended.stderr.splitlines()
    assert lines[0] == "The settings make no sense yet:"
    problems = [line for line in lines if line.startswith("  - ABOARD_")]
    assert {problem.split(":")[0].removeprefix("  - ") for problem in problems} == {
        "ABOARD_NOTHING",
        "ABOARD_TEST_SECRET_KEY",
        "ABOARD_PORT",
    }
    assert lines[-1].startswith("Next: ")
    assert "sk_live_aboard_words" not in ended.stderr
