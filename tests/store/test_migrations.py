"""The migrations make what the schema says, whole or not at all, and leave newer ones alone."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import aboard.store.migrations
from aboard.store import (
    LATEST_REVISION,
    DatabaseNotMigrated,
    DatabaseTooNew,
    StoreUnavailable,
    current_revision,
    migrate,
    open_store,
)
from aboard.store.migrations.revisions import REVISIONS
from aboard.store.schema import metadata
from tests.store.rows import run_together

MIGRATE = """
import sys
from aboard.store import migrate
print(migrate(sys.argv[1]))
"""
FOLDER = Path(aboard.store.migrations.__file__).parent


def shape_of(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        ).fetchall()
    ours = (row for row in rows if row[0] != "alembic_version")
    return {name: " ".join(sql.split()) for name, sql in ours}


def set_revision(path: Path, revision: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
        connection.commit()


@pytest.fixture
def from_schema(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "schema.db"
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    yield path
    engine.dispose()


def test_migrations_and_schema_agree_word_by_word(sqlite_file: Path, from_schema: Path) -> None:
    assert shape_of(sqlite_file) == shape_of(from_schema)


def test_alembic_finds_nothing_left_to_write(sqlite_file: Path) -> None:
    engine = create_engine(f"sqlite:///{sqlite_file}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_every_migration_file_is_known_in_its_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    in_order = [revision.revision for revision in script.walk_revisions()][::-1]
    assert tuple(in_order) == REVISIONS


def test_an_empty_place_is_migrated_once(tmp_path: Path) -> None:
    path = str(tmp_path / "new.db")
    assert current_revision(path) is None
    assert not Path(path).exists()
    assert migrate(path)
    assert current_revision(f"sqlite:///{path}") == LATEST_REVISION
    assert not migrate(path)


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "%(here)s.db", "ä?x=1#y.db"])
def test_any_file_name_is_fine(tmp_path: Path, name: str) -> None:
    migrate(str(tmp_path / name))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_processes_that_migrate_at_once_do_it_once(tmp_path: Path, from_schema: Path) -> None:
    path = tmp_path / "new.db"
    answers = run_together(MIGRATE, [path], [path], [path])
    assert sorted(answer.strip() for answer in answers) == ["False", "False", "True"]
    assert shape_of(path) == shape_of(from_schema)


def test_a_database_that_was_not_migrated_is_not_opened(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    empty = tmp_path / "empty.db"
    empty.touch()
    for path in (missing, empty):
        with pytest.raises(DatabaseNotMigrated, match="aboard migrate"):
            open_store(str(path))
    assert not missing.exists()


def test_a_newer_database_is_refused_and_left_alone(sqlite_file: Path) -> None:
    set_revision(sqlite_file, "9999")
    before = sqlite_file.read_bytes()
    for attempt in (open_store, migrate):
        with pytest.raises(DatabaseTooNew, match="9999"):
            attempt(str(sqlite_file))
    assert current_revision(str(sqlite_file)) == "9999"
    assert sqlite_file.read_bytes() == before


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "taken.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE creators (somebody TEXT)")
        connection.commit()
    before = shape_of(path)
    with pytest.raises(StoreUnavailable):
        migrate(str(path))
    assert shape_of(path) == before
    assert current_revision(str(path)) is None


def test_a_folder_that_is_not_there_is_a_clear_fact(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot_open"):
        migrate(str(tmp_path / "nowhere" / "a.db"))
