"""The scene of each story: a platform over a real store and a sandbox in the same process."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.flows.platform import Platform
from aboard.webhooks.courier import Courier
from tests.flows.subscribing import KEYS
from tests.leaks import SecretsInPlay
from tests.scene import Scene, open_scene
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def organization() -> Owner:
    return Owner(OwnerKind.ORGANIZATION, "org_1", Mode.TEST)


@pytest.fixture
async def scene(database: str) -> AsyncIterator[Scene]:
    async with open_scene(database) as built:
        yield built


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def telling(scene: Scene, secrets_in_play: SecretsInPlay) -> AsyncIterator[Platform]:
    for key in KEYS.keys.values():
        secrets_in_play.add(key.reveal())
    courier = Courier()
    yield scene.with_changes(outgoing_keys=KEYS, post=courier.send)
    await courier.close()


@pytest.fixture
async def hasty(telling: Platform) -> AsyncIterator[Platform]:
    """Tell as `telling` does, with little patience for who does not answer."""
    courier = Courier(timeout_seconds=1.0)
    yield replace(telling, post=courier.send)
    await courier.close()
