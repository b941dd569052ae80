"""A real SQLite file for each test, migrated once and copied."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aboard.store import Store, migrate, open_store


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "migrated.db"
    migrate(str(path))
    return path


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated_file, tmp_path / "aboard.db"))


@pytest.fixture
async def store(database: Path) -> AsyncIterator[Store]:
    store = open_store(str(database))
    yield store
    await store.close()
