"""The scene of the API's tests: a platform over a real store and a sandbox, asked over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest

from aboard.api.application import CallLimits, build_api
from aboard.flows.platform import Platform
from aboard.web.auth import build_tokens
from tests.api.asking import ORIGIN, SECRET, Desk
from tests.scene import Scene, open_scene

OpenDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(str(tmp_path / "aboard.sqlite3")) as built:
        yield built


@pytest.fixture
async def open_desk(scene: Scene) -> AsyncIterator[OpenDesk]:
    """Open a desk over the scene's platform, or over a changed one."""
    async with AsyncExitStack() as stack:

        async def build(
            platform: Platform | None = None,
            limits: CallLimits | None = None,
            browser_origins: Collection[str] = (),
        ) -> Desk:
            tokens = build_tokens(secrets=[SECRET], clock=scene.clock)
            app = build_api(
                platform or scene.platform,
                tokens,
                limits or CallLimits(),
                browser_origins=browser_origins,
            )
            transport = httpx2.ASGITransport(app=app)  # type: ignore[arg-type] # plain ASGI
            client = httpx2.AsyncClient(transport=transport, base_url=ORIGIN)
            return Desk(scene, await stack.enter_async_context(client))

        yield build


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    return await open_desk()
