"""`aboard users`: adding, listing and changing people, as a shell sees it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from aboard.cli.commands import app
from tests.cli.commands import COMPLETE_SETTINGS, Ended, run
from tests.leaks import SecretsInPlay

ANA = "ana@shop.example"
WORDS = "four quiet words here"


@pytest.fixture
def settings(database: str, secrets_in_play: SecretsInPlay) -> dict[str, str]:
    secrets_in_play.add(WORDS)
    return {**COMPLETE_SETTINGS, "ABOARD_DATABASE": database, "ABOARD_REGISTRATION": "closed"}


def users(*arguments: str, settings: dict[str, str], typed: str | bytes = "") -> Ended:
    """Run a command in this process, which is many times as fast as in one of its own."""
    ended = CliRunner().invoke(app, ["users", *arguments], input=typed, env=settings)
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return Ended(ended.exit_code, ended.stdout, ended.stderr)


@pytest.mark.both
def test_a_users_life(settings: dict[str, str]) -> None:
    def ask(*arguments: str, typed: str = "") -> Any:  # noqa: ANN401 - JSON
        ended = users(*arguments, "--json", settings=settings, typed=typed)
        assert ended.code == 0, ended
        assert WORDS not in ended.out + ended.err
        return json.loads(ended.out)

    assert ask("list") == {"users": []}
    made = ask("add", "Ana@Shop.example", "--password-stdin", typed=f"{WORDS}\n")
    assert made.keys() == {"id", "email", "operator", "createdAt", "disabledAt"}
    assert (made["email"], made["operator"], made["disabledAt"]) == (ANA, False, None)
    assert ask("list") == {"users": [made]}
    assert ask("operator", ANA)["operator"] is True
    assert ask("operator", ANA, "--off")["operator"] is False
    assert ask("disable", ANA)["disabledAt"]
    assert ask("enable", ANA)["disabledAt"] is None
    assert ask("password", ANA, "--password-stdin", typed="another four words")["id"] == made["id"]
    assert ask("sessions", ANA) == {"email": ANA, "sessions": []}
    assert ask("sessions", ANA, "--end") == {"email": ANA, "ended": 0}


def test_in_words(settings: dict[str, str]) -> None:
    nobody = users("list", settings=settings)
    assert "Nobody signs in here yet." in nobody.out
    added = users("add", ANA, "--operator", "--password-stdin", settings=settings, typed=WORDS)
    assert (added.code, ANA in added.out) == (0, True)
    listed = users("list", settings=settings)
    assert "operator" in listed.out


@pytest.mark.parametrize(
    ("arguments", "typed", "code", "says"),
    [
        (("add", "words", "--password-stdin"), WORDS, 2, "not one plain e-mail"),
        (("add", ANA, "--password-stdin"), "short", 2, "must have 8 to 128 characters"),
        (("add", ANA, "--password-stdin"), b"\xff\xfe words and words", 2, "not UTF-8"),
        (("add", ANA), WORDS, 2, "--password-stdin"),
        (("operator", ANA), "", 1, "no user with this e-mail"),
        (("password", ANA, "--password-stdin"), WORDS, 1, "no user with this e-mail"),
        (("disable", ANA), "", 1, "no user with this e-mail"),
        (("sessions", ANA), "", 1, "no user with this e-mail"),
        (("unheard-of",), "", 2, "No such command"),
    ],
)
def test_what_is_refused(
    settings: dict[str, str],
    arguments: tuple[str, ...],
    typed: str | bytes,
    code: int,
    says: str,
) -> None:
    ended = users(*arguments, settings=settings, typed=typed)
    assert (ended.code, ended.out) == (code, "")
    assert says in ended.err


def test_an_e_mail_has_one_user(settings: dict[str, str]) -> None:
    first = users("add", ANA, "--password-stdin", settings=settings, typed=WORDS)
    again = users("add", ANA, "--password-stdin", settings=settings, typed=WORDS)
    assert (first.code, again.code) == (0, 1)
    assert "a user with this e-mail already" in again.err


def test_in_a_process_of_its_own(settings: dict[str, str], tmp_path: Path) -> None:
    ended = run("users", "list", "--json", settings=settings, cwd=tmp_path)
    assert (ended.code, json.loads(ended.out)) == (0, {"users": []})
    ended = run("users", "add", ANA, settings=settings, cwd=tmp_path)
    assert (ended.code, "--password-stdin" in ended.err) == (2, True)
