"""The scene of each story: a platform over a real store and a sandbox in the same process."""

from collections.abc import AsyncIterator

import pytest

from aboard.core.owner import Mode, Owner, OwnerKind
from tests.scene import Scene, open_scene


@pytest.fixture
def organization() -> Owner:
    return Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)


@pytest.fixture
async def scene(database: str) -> AsyncIterator[Scene]:
    async with open_scene(database) as built:
        yield built
