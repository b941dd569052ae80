"""`aboard migrate` from outside: it makes, updates, repeats and refuses."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from typer.testing import CliRunner, Result

from aboard.cli.commands import app
from aboard.store import LATEST_REVISION, current_revision
from tests.cli.commands import COMPLETE_SETTINGS, run
from tests.databases import drop_database, free_name, make_database


def test_it_makes_the_database_and_its_folder_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "rows" / "of" / "aboard.sqlite3"
    settings = {**COMPLETE_SETTINGS, "ABOARD_DATABASE": str(file)}
    first = run("migrate", settings=settings, cwd=tmp_path)
    assert first.code == 0
    assert f"from nothing to revision {LATEST_REVISION}" in first.out
    assert current_revision(str(file)) == LATEST_REVISION
    second = run("migrate", settings=settings, cwd=tmp_path)
    assert second.code == 0
    assert "nothing to do" in second.out


def migrate(file: object, *words: str) -> Result:
    return CliRunner().invoke(app, ["migrate", "--database", str(file), *words])


def test_it_needs_no_settings_for_a_named_file(tmp_path: Path) -> None:
    file = str(tmp_path / "aboard.sqlite3")
    answers = [json.loads(migrate(file, "--json").stdout) for _ in range(2)]
    before = {"database": file, "before": None, "after": LATEST_REVISION, "changed": True}
    assert answers == [before, {**before, "before": LATEST_REVISION, "changed": False}]


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "aboard.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
        database.commit()
    ended = migrate(file)
    assert ended.exit_code == 1
    assert "9999" in ended.stderr
    assert "Next: Start a newer Aboard" in ended.stderr


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "aboard.sqlite3"
    file.write_text("these are words, and many of them, not rows" * 20)
    ended = migrate(file)
    assert ended.exit_code == 3
    assert "Next: " in ended.stderr


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = migrate(tmp_path / "file" / "db.sqlite3")
    assert ended.exit_code == 3
    assert "cannot be made" in ended.stderr


def test_another_kind_of_database_is_a_settings_problem() -> None:
    ended = migrate("mysql://localhost/aboard")
    assert ended.exit_code == 2
    assert "must be a path" in ended.stderr


def test_a_server_is_told_without_its_password(tmp_path: Path) -> None:
    name = free_name("cli_")
    address = make_database(name).replace("postgres@", "postgres:tide-words-tide@")
    try:
        settings = {**COMPLETE_SETTINGS, "ABOARD_DATABASE": address}
        first = run("migrate", settings=settings, cwd=tmp_path)
        assert first.code == 0, first.err
        assert f"/{name}" in first.out
        assert f"from nothing to revision {LATEST_REVISION}" in first.out
        again = run("migrate", "--json", settings=settings, cwd=tmp_path)
        assert json.loads(again.out)["changed"] is False
        assert "tide-words" not in first.out + first.err + again.out + again.err
        assert list(tmp_path.iterdir()) == []
    finally:
        drop_database(name)


def test_a_server_that_is_away_is_told_without_its_password() -> None:
    ended = migrate("postgresql://me:tide-words-tide@127.0.0.1:1/aboard")
    assert ended.exit_code == 3
    assert "unreachable" in ended.stderr
    assert "tide-words" not in ended.output + ended.stderr


def test_a_terminal_without_signs_gets_letters(tmp_path: Path) -> None:
    file = str(tmp_path / "aboard.sqlite3")
    ended = run("migrate", "--database", file, settings={"PYTHONIOENCODING": "ascii"}, cwd=tmp_path)
    assert ended.code == 0
    assert ended.out.startswith("  ok ")
