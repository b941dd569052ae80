"""On a server the same migrations make the same tables, whole or not at all, once."""

from collections.abc import Iterator, Mapping

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from aboard.store import (
    LATEST_REVISION,
    DatabaseNotMigrated,
    DatabaseTooNew,
    StoreUnavailable,
    current_revision,
    migrate,
    open_store,
)
from aboard.store.schema import metadata
from tests.databases import Desk, drop_database, free_name, make_database
from tests.store.rows import run_together

MIGRATE = """
import sys
from aboard.store import migrate
print(migrate(sys.argv[1]))
"""
NAMES = """
SELECT conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT tablename || '.' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT table_name || '.' || column_name,
  concat_ws(' ', data_type, is_nullable, column_default, is_identity)
FROM information_schema.columns WHERE table_schema = 'public'
"""


@pytest.fixture
def empty() -> Iterator[str]:
    name = free_name("empty_")
    yield make_database(name)
    drop_database(name)


def shape_of(address: str) -> Mapping[str, str]:
    desk = Desk(address)
    try:
        rows = desk.run(NAMES)
    finally:
        desk.close()
    return {name: text for name, text in rows if not name.startswith("alembic_version")}


async def in_alchemy(address: str, difference: list[object]) -> None:
    engine = create_async_engine(address.replace("postgresql://", "postgresql+asyncpg://"))

    def compare(connection: Connection) -> None:
        context = MigrationContext.configure(connection)
        difference.extend(compare_metadata(context, metadata))

    async with engine.connect() as connection:
        await connection.run_sync(compare)
    await engine.dispose()


async def test_alembic_finds_nothing_left_to_write(postgres: Desk) -> None:
    difference: list[object] = []
    await in_alchemy(postgres.address, difference)
    assert difference == []


async def test_migrations_and_schema_agree_word_by_word(postgres: Desk, empty: str) -> None:
    engine = create_async_engine(empty.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    assert shape_of(postgres.address) == shape_of(empty)


def test_an_empty_place_is_migrated_once(empty: str) -> None:
    assert current_revision(empty) is None
    with pytest.raises(DatabaseNotMigrated, match="aboard migrate"):
        open_store(empty)
    assert migrate(empty)
    assert current_revision(empty) == LATEST_REVISION
    assert not migrate(empty)


async def test_it_may_be_asked_for_where_a_loop_runs(empty: str) -> None:
    assert migrate(empty)


def test_processes_that_migrate_at_once_do_it_once(empty: str, postgres: Desk) -> None:
    answers = run_together(MIGRATE, [empty], [empty], [empty])
    assert sorted(answer.strip() for answer in answers) == ["False", "False", "True"]
    assert shape_of(empty) == shape_of(postgres.address)


def test_a_newer_database_is_refused_and_left_alone(postgres: Desk) -> None:
    postgres.script("UPDATE alembic_version SET version_num = '9999'")
    try:
        for attempt in (open_store, migrate):
            with pytest.raises(DatabaseTooNew, match="9999"):
                attempt(postgres.address)
        assert current_revision(postgres.address) == "9999"
    finally:
        postgres.run("UPDATE alembic_version SET version_num = $1", LATEST_REVISION)


def test_a_migration_that_fails_leaves_nothing_behind(empty: str) -> None:
    desk = Desk(empty)
    desk.script("CREATE TABLE creators (somebody TEXT)")
    desk.close()
    before = shape_of(empty)
    with pytest.raises(StoreUnavailable):
        migrate(empty)
    assert shape_of(empty) == before
    assert current_revision(empty) is None


def test_a_database_that_is_not_there_is_a_clear_fact(postgres: Desk) -> None:
    absent = postgres.address.rpartition("/")[0] + "/aboard_test_absent"
    with pytest.raises(StoreUnavailable, match="no_such_database"):
        migrate(absent)
