"""A platform whose operators look at it, and a client that speaks to its bare applications."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from aboard.operations.health import AsgiApp
from tests.scene import Scene, open_scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(str(tmp_path / "aboard.sqlite3")) as opened:
        yield opened


async def fetch(app: AsgiApp, path: str, method: str = "GET") -> httpx2.Response:
    """Ask an application for one path."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://aboard") as client:
        return await client.request(method, path)
