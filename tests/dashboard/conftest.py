"""The scene of each story: a platform over a real store and a sandbox in the same process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dashboard.shop import Shop
from tests.journeys.town import open_town
from tests.scene import Scene, open_scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(str(tmp_path / "aboard.sqlite3")) as built:
        yield built


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_town(
        tmp_path,
        ABOARD_BRAND_NAME="Harbour Market",
        ABOARD_SIGN_IN_URL="https://harbour.example/sign-in",
        ABOARD_SUPPORT_URL="https://harbour.example/help",
        ABOARD_ORGANIZATION_COUNTRY="US",
        ABOARD_CREATOR_COUNTRY="US",
    ) as town:
        yield Shop(town)
