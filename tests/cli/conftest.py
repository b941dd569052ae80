"""A sandbox in a process of its own, and a fresh database, for commands that look at both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aboard.store import migrate
from tests.cli.commands import running


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running("sandbox", "--port", "0", cwd=tmp_path_factory.mktemp("sandbox")) as process:
        yield process.address()


@pytest.fixture
def database(tmp_path: Path) -> str:
    file = str(tmp_path / "aboard.sqlite3")
    migrate(file)
    return file
