"""The scene of the webhooks' tests: a platform, and someone who posts to it."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from aboard.webhooks import build_webhooks
from tests.scene import Scene, open_scene


@pytest.fixture
async def scene(database: str) -> AsyncIterator[Scene]:
    async with open_scene(database) as built:
        yield built


@pytest.fixture
async def poster(scene: Scene) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=build_webhooks(scene.platform))
    async with httpx2.AsyncClient(transport=transport, base_url="http://aboard.test") as client:
        yield client
