"""The scene of each story: a platform over a real store and a sandbox in the same process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scene import Scene, open_scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(str(tmp_path / "aboard.sqlite3")) as built:
        yield built
